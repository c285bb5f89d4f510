"""Counts what three requests of a lookup cost a reader: `python -m tools.trips` prints calls and files of our own code.

A call is a function of `webapp/` being entered; a file is one in which a function was entered. The simulator is left
out, because it stands for Hum, and so are comprehensions, which a reader does not call.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from flask.testing import FlaskClient

import webapp
from webapp.services import build_services
from webapp.settings import load
from webapp.simulator import SCENARIOS
from webapp.web.application import build_application

PACKAGE = str(Path(webapp.__file__).parent)
SIMULATOR = str(Path(PACKAGE, "simulator"))
CLIENT = "hum/client.py"
"""Entered by polls that ask Hum, and not by those that come before their time."""
ARTICLE = '<ol class="rows" id="rows"'
ADDRESS = {"street1": "1001 Woodward Ave", "zip": "48226"}


@dataclass
class Clock:
    """Epoch seconds that only move when told to."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


def counted(request: Callable[[], Any]) -> tuple[Any, Counter[str]]:
    """What the request returns, and how often functions of each file were entered."""
    entered: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        name = frame.f_code.co_filename
        if (
            event == "call"
            and not frame.f_code.co_name.endswith("comp>")
            and frame.f_code.co_name != "<genexpr>"
            and name.startswith(PACKAGE)
            and not name.startswith(SIMULATOR)
        ):
            entered[name.removeprefix(PACKAGE + "/")] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        return request(), entered
    finally:
        sys.setprofile(before)


def field_of_form(page: str, name: str) -> str:
    """The value of a hidden field."""
    return page.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def start(client: FlaskClient, address: Mapping[str, str] = ADDRESS) -> tuple[str, Counter[str]]:
    """Sends the form; the path of the lookup's page."""
    page = client.get("/").get_data(as_text=True)
    hidden = {name: field_of_form(page, name) for name in ("csrf_token", "submit_key")}
    answer, entered = counted(lambda: client.post("/lookups", data={**address, **hidden}))
    if answer.status_code != 303:
        raise SystemExit(f"The lookup was not started: HTTP {answer.status_code}.")
    return str(answer.headers["Location"]), entered


def poll(client: FlaskClient, page: str) -> str:
    """The fragment that the page would ask for next."""
    path = page.split('data-hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    return client.get(path, headers={"HX-Request": "true"}).get_data(as_text=True)


def report(title: str, entered: Counter[str], verbose: bool) -> None:
    """One line a request, and one for each of its files if asked for."""
    print(f"{title}: {sum(entered.values()):,} calls in {len(entered)} files")
    for name, calls in entered.most_common() if verbose else ():
        print(f"  {calls:6,}  {name}")


def play(client: FlaskClient, clock: Clock, address: Mapping[str, str]) -> tuple[Counter[str], ...]:
    """A lookup to its providers: the submit, the last poll that asked Hum in vain, and the one that brought them."""
    path, submit = start(client, address)
    page = client.get(path).get_data(as_text=True)
    asks = brings = Counter[str]()
    while "data-hx-trigger" in page and ARTICLE not in page:
        if CLIENT in brings:
            asks = brings
        clock.now += 2.5
        page, brings = counted(partial(poll, client, page))
    return submit, asks, brings


def play_both(client: FlaskClient, clock: Clock) -> tuple[Counter[str], ...]:
    """As `play`. The poll in vain is one of a slow lookup, where several answers bring nothing new, as in most."""
    submit, _asks, brings = play(client, clock, ADDRESS)
    _submit, asks, _brings = play(client, clock, SCENARIOS["slow"].address)
    return submit, asks, brings


def measure() -> dict[str, Counter[str]]:
    """Calls by file of each of the three requests, of two lookups played after others that have warmed every cache."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        app = build_application(build_services(load({"STATE_DIR": folder, "LOG_LEVEL": "error"}), clock=clock))
        client = app.test_client()
        play_both(client, clock)
        submit, asks, brings = play_both(client, clock)
    return {"submit": submit, "poll that asks Hum": asks, "poll that brings providers": brings}


def main() -> None:
    """Print a line for each request, and with `-v` one for each of its files."""
    for title, entered in measure().items():
        report(title, entered, verbose="-v" in sys.argv[1:])


if __name__ == "__main__":
    main()
