"""How much may be asked: Hum's rate limit shared by all workers, and our own limit of lookups a minute."""
