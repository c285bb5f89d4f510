"""`python -m webapp.simulator.honeyhive --port 8901`: the simulator over HTTP, on this machine only unless `--host`
names another address.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.serving import make_server

from webapp.simulator.honeyhive.app import create_app
from webapp.simulator.honeyhive.faults import FAULTS
from webapp.simulator.serving import SimulatorRequests


def main() -> None:
    """Serve until interrupted; what was stored is then forgotten."""
    parser = argparse.ArgumentParser(
        prog="python -m webapp.simulator.honeyhive", description="Serve a simulated HoneyHive API over HTTP."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8901, help="port to listen on (default: %(default)s)")
    parser.add_argument("--api-key", default=None, help="accept only this key (default: any but wrong-key)")
    parser.add_argument("--fault", choices=tuple(FAULTS), default=None, help="what goes wrong with every call")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        app = create_app(Path(folder) / "honeyhive.sqlite3", api_key=options.api_key, fault=options.fault)
        server = make_server(options.host, options.port, app, threaded=True, request_handler=SimulatorRequests)
        print(
            f"HoneyHive simulator: http://{options.host}:{server.server_port} (description at /openapi.json)",
            flush=True,
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()


if __name__ == "__main__":
    main()
