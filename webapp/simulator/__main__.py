"""`python -m webapp.simulator --port 8900`: the simulator over HTTP, on this machine only unless `--host` names another
address.
"""

from __future__ import annotations

import argparse
import math
import time

from werkzeug.serving import make_server

from webapp.simulator.app import create_app
from webapp.simulator.serving import SimulatorRequests


def main() -> None:
    """Serve until interrupted."""
    parser = _parser()
    options = parser.parse_args()
    started, speed = time.time(), options.speed
    app = create_app(
        clock=lambda: started + (time.time() - started) * speed,
        sleep=lambda seconds: time.sleep(seconds / speed),
        api_key=options.api_key,
        rate_limit=options.rate_limit,
        faults=options.faults,
    )
    try:
        server = make_server(options.host, options.port, app, threaded=True, request_handler=SimulatorRequests)
    except SystemExit:
        # werkzeug has said what is wrong, without the address it is about.
        parser.error(f"cannot listen on {options.host}, port {options.port}: see --host and --port")
    print(f"Hum simulator: http://{options.host}:{server.server_port} (description at /openapi.json)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webapp.simulator", description="Serve a simulated Hum API over HTTP."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument(
        "--port", type=_port, default=8900, help="port to listen on; 0 picks a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--speed", type=_positive, default=1.0, help="how many simulated seconds pass in one (default: %(default)s)"
    )
    parser.add_argument(
        "--rate-limit", type=_count, default=100, help="requests answered per key and minute (default: %(default)s)"
    )
    parser.add_argument("--api-key", default=None, help="accept only this key (default: any but wrong-key)")
    parser.add_argument("--faults", action="store_true", help="let callers choose broken answers: the fault catalog")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError("must be a number above 0")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value < 65536:
        raise argparse.ArgumentTypeError("must be a port from 0 to 65535")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


if __name__ == "__main__":
    main()
