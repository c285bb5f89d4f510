"""The Hum API: one client, its answers as facts, its failures by meaning. Knows nothing of lookups or pages."""
