"""Static files under one address that holds the hash of them all: cached forever, renewed by every release.

One hash for the folder instead of one per file keeps file names readable and lets any file name any other.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from urllib.parse import quote

from flask import Flask, redirect
from whitenoise import WhiteNoise
from whitenoise.responders import Headers

from webapp.web.context import site_root
from webapp.web.security import file_headers

YEAR = 31_536_000


def register(app: Flask, root: Path, *, https: bool, for_frames: bool = False) -> None:
    """Serves `root` in front of the app and gives templates `static_url(name)` and `integrity(name)`. With `for_frames`
    pages without an origin of their own, as in sandboxed frames, may load them, too.
    """
    files = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}
    if "vendor/htmx.min.js" not in files:
        raise RuntimeError(
            "static/vendor is missing: run `make assets` (or `python -m tools.assets`) once in this checkout"
        )
    digest = hashlib.sha256(b"".join(name.encode() + path.read_bytes() for name, path in files.items())).hexdigest()[
        :12
    ]
    prefix = f"/static/{digest}/"
    fixed = file_headers(https=https)
    if for_frames:
        fixed["Cross-Origin-Resource-Policy"] = "cross-origin"

    def static_url(name: str) -> str:
        return f"{site_root()}{prefix}{name}"

    def add_headers(response_headers: Headers, path: str, url: str) -> None:
        for name, value in fixed.items():
            response_headers[name] = value

    whitenoise = WhiteNoise(
        app.wsgi_app,
        max_age=YEAR,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=for_frames,
        add_headers_function=add_headers,
    )
    whitenoise.add_files(str(root), prefix=prefix)
    app.extensions["embed_script"] = files["embed.js"].read_bytes()
    # Browsers ask for this name where an answer names no icon, such as a text export.
    app.add_url_rule("/favicon.ico", "favicon", lambda: redirect(static_url("favicon.svg")))
    app.wsgi_app = whitenoise  # type: ignore[method-assign]
    integrities = {name: _integrity(path) for name, path in files.items() if path.suffix in {".js", ".css"}}
    # A page's icon is smaller than the headers that a file of its own would come with.
    icon = "data:image/svg+xml," + quote(files["favicon.svg"].read_text().strip(), safe=" :/='()<>")
    app.jinja_env.globals.update(icon=icon, static_url=static_url, integrity=integrities.__getitem__)


def _integrity(path: Path) -> str:
    """The browser's own check that a file is what this page was made for (subresource integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
