"""Whether Hum and the database work, for the person who runs this installation."""
