"""How Hum does, for the person who runs this installation: a ping at most once a minute, and what failed last."""
