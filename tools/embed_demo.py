"""`make embed-demo`: the demo, and beside it a page of another site that holds it: http://localhost and http://127.0.0.1
are two sites to a browser.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Intranet of Northfield Offices</title>
<style>
  body {{ font: 1rem/1.5 Georgia, serif; max-width: 68rem; margin: 0 auto; padding: 1rem; }}
  :root {{ background: #fdfcf7; color: #222; overflow-wrap: anywhere; }}
  .columns {{ display: grid; gap: 1.5rem; grid-template-columns: 2fr 1fr; }}
  @media (max-width: 50rem) {{ .columns {{ grid-template-columns: 1fr; }} }}
  pre {{ background: #f0ede2; padding: .75rem; max-height: 24rem; overflow: auto; }}
  pre {{ white-space: pre-wrap; font-size: .8rem; }}
  button {{ font: inherit; padding: .25rem .75rem; }}
</style></head><body>
<h1>Intranet of Northfield Offices</h1>
<p>This page is on <code>{here}</code>. The form comes from <code>{site}</code>, in a frame, by one line:
<code>&lt;script src="{site}/embed.js" data-accent="#8a1c4a"&gt;&lt;/script&gt;</code></p>
<p><button id="fill">Fill in Detroit City Hall</button>
<button id="go">... and look it up</button> <button id="reset">Reset</button></p>
<div class="columns">
  <div><script src="{site}/embed.js" data-accent="#8a1c4a" data-campaign-id="intranet"></script></div>
  <div><h2>What this page is told</h2><pre id="told" aria-live="polite"></pre></div>
</div>
<h2>A second one, dark</h2>
<script src="{site}/embed.js" data-theme="dark" data-street1="1001 Woodward Ave" data-zip="48226"></script>
<script src="page.js"></script>
</body></html>"""

SCRIPT = """
const frame = document.querySelector("iframe");
const told = document.getElementById("told");
for (const type of ["hum:ready", "hum:submitted", "hum:result", "hum:error"])
  document.addEventListener(type, (event) => told.textContent += JSON.stringify(event.detail, null, 1) + "\\n");
const cityHall = { street1: "2 Woodward Ave", city: "Detroit", state: "MI", zip: "48226" };
const ask = (type, detail) => frame.dispatchEvent(new CustomEvent(type, { detail }));
document.getElementById("fill").onclick = () => ask("hum:prefill", cityHall);
document.getElementById("go").onclick = () => ask("hum:prefill", { ...cityHall, autostart: true });
document.getElementById("reset").onclick = () => ask("hum:reset");
"""


class Handler(BaseHTTPRequestHandler):
    """The page and its script."""

    page = ""

    def do_GET(self) -> None:
        """Every address but the script's is the page."""
        kind, body = "text/html", self.page
        if self.path == "/page.js":
            kind, body = "text/javascript", SCRIPT
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


@contextmanager
def other_site(port: int, site: str) -> Iterator[str]:
    """The page, served while the block runs; its origin."""
    here = f"http://localhost:{port}"
    handler = type("Page", (Handler,), {"page": PAGE.format(here=here, site=site)})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Both, until Ctrl-C."""
    port = int(os.environ.get("PORT", "8000"))
    site = f"http://127.0.0.1:{port}"
    with other_site(port + 1, site) as origin:
        print(f"A page of another site: {origin}", flush=True)
        environment = os.environ | {"EMBED_ORIGINS": origin}
        both = [sys.executable, "-m", "tools.together"]
        try:
            raise SystemExit(subprocess.run(both, env=environment, check=False).returncode)
        except KeyboardInterrupt:
            raise SystemExit(130) from None


if __name__ == "__main__":
    main()
