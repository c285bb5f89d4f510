"""Traces: each lookup, without its address, as a session of HoneyHive. Sent by the worker, never by a request."""
