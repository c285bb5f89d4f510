"""Figures for Prometheus: what each process counts, added up over all of them, and what the database knows."""
