"""What the server's master needs, as JSON: see `webapp.gunicorn_conf`, which imports nothing of ours."""

from __future__ import annotations

import json
import sys

from webapp.settings import SettingsError, load

NEEDED = ("host", "port", "web_concurrency", "hum_connections", "proxy_hops", "demo", "environment")

if __name__ == "__main__":
    try:
        settings = load()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    sys.stdout.write(json.dumps({name: getattr(settings, name) for name in NEEDED}))
