"""`python -m webapp.agent_simulator --port 8920`: the simulator over HTTP, on this machine only."""

from __future__ import annotations

import argparse
import contextlib

from werkzeug.serving import WSGIRequestHandler, make_server

from webapp.agent_simulator.app import create_app


class Quiet(WSGIRequestHandler):
    """Serves without a log line a request: paths hold the ids of sessions."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m webapp.agent_simulator", description="Serve simulated web agents.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8920, help="port to listen on (default: %(default)s)")
    parser.add_argument("--api-key", default=None, help="accept only this key (default: any but wrong-key)")
    options = parser.parse_args()
    app = create_app(api_key=options.api_key)
    server = make_server(options.host, options.port, app, threaded=True, request_handler=Quiet)
    print(f"Agent simulator: http://{options.host}:{server.server_port} (description at /openapi.json)", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
