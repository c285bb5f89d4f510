"""The typed address against the one Hum matched, word by word."""
