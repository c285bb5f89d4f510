"""A WSGI app that speaks the part of the HoneyHive API which traces need, without a key: the demo's upstream and the
tests' double.
"""

from webapp.simulator.honeyhive.app import create_app

__all__ = ["create_app"]
