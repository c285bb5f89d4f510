"""How much may be asked: Hum's rate limit shared by all workers, and our own limits of lookups a minute and a day."""
