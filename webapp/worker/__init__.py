"""The program beside the web server, for what must outlive a browser's tab: `python -m webapp.worker`."""
