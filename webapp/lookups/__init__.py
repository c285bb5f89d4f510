"""Lookups: our durable record of one address asked of Hum, from the click to the stored answer."""
