"""Writes docs/simulator.md from the scenario table and the OpenAPI description, so that the page cannot disagree with the simulator."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from webapp.simulator.clock import AGE_HEADER, SPEED_HEADER
from webapp.simulator.endpoints import OPENAPI
from webapp.simulator.faults.scenario_faults import RESET_SECONDS
from webapp.simulator.faults.table import GROUPS
from webapp.simulator.faults.timing import AT_CREATE, AT_PLANS, STARTS_AT, STARTS_AT_PLANS
from webapp.simulator.memory import INACTIVITY_SECONDS
from webapp.simulator.scenario import SCENARIO_STREET, Catalog, FaultKind, Generation, Scenario
from webapp.simulator.scenarios import SCENARIOS
from webapp.simulator.session_tokens import HIGHEST_SPEED
from webapp.simulator.transport_faults import HANG_SECONDS

PAGE = Path(__file__).parent.parent / "docs" / "simulator.md"

_INTRODUCTION = f"""\
<!-- Written by tools/simulator_docs.py: change the simulator, then run `python -m tools.simulator_docs`. -->
# The simulator

A small web app that answers like the Hum API, without a key and without a network. The demo runs on it, the tests run on it,
and anyone who builds on the Hum API can run it beside their own program.

## Run it

```
python -m webapp.simulator --port 8900
```

It prints its address and listens on this machine only; `--host` changes that. Further options: `--api-key KEY` accepts only that key
(else any bearer token but `wrong-key`), `--rate-limit N` requests per key and minute (default 100), `--speed N` lets N simulated
seconds pass in one: dates and rate-limit resets then follow the simulated clock; `--faults` switches the fault catalog on.

```
curl -s http://127.0.0.1:8900/sessions -H 'Authorization: Bearer any' -H 'Content-Type: application/json' \\
  -d '{{"street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034"}}'
```

In Python, inside one process and with a clock of your own:

```python
import requests
from webapp.simulator import SimulatorAdapter, create_app

app = create_app(clock=lambda: 1790000000.0)
http = requests.Session()
http.mount("http://simulator.localhost", SimulatorAdapter(app))
http.get("http://simulator.localhost/ping").json()
```

`app.extensions["simulator"].counts()` tells how often each call was made, refused ones included; `reset()` begins again.

## Choose what happens

The first of these that is there decides:

1. the request header `X-Simulator-Scenario: <scenario>` on the create call;
2. the body field `campaign_id` with the value `scenario:<scenario>`;
3. a house number on {SCENARIO_STREET}, such as `901 {SCENARIO_STREET}`, Detroit, MI 48226 (any city and ZIP code will do);
4. nothing: the normal flow, with the providers of the address's region.

A scenario name that does not exist is refused with 422. Seconds count from the create call.
"""

_FAULTS = f"""\
## Faults

Broken answers of every kind, for integrators and tests. They are off unless `python -m webapp.simulator --faults` or
`create_app(faults=True)` switches them on, so a visitor of a public demo cannot make it build 25 MB. Without that, a header or
campaign id that names a fault is refused with 422, because it is a request for one; a house number on {SCENARIO_STREET} is an
address that a person typed, and follows the normal flow like any other.

Faults are chosen like scenarios. One rule for all: a fault alters every status and provider-list call from second {STARTS_AT:g} on,
forever, when the address is matched. `street2` moves it:

- `{AT_CREATE}`: it alters the create call, and nothing else;
- `{AT_PLANS}`: it begins at second {STARTS_AT_PLANS:g}, when the providers are there; their plans never come.

A connection that drips or stays silent does so in real time, whatever the simulated clock, until the caller hangs up or {HANG_SECONDS:g}
seconds have passed. Faults before HTTP cannot be chosen on a server that one is already speaking to, which refuses them with 422: in
process they are chosen like the others, but not with `{AT_CREATE}`; over HTTP by where the caller is pointed: at a closed port, at a
name that ends in `.invalid`, at `https://` where the simulator speaks plain HTTP. No fault is described in `/openapi.json`: most are
no answers. What this app makes of each: [faults.md](faults.md).
"""

_LIMITS = f"""\
## What to know

- **Sessions are not stored.** The token is the session: scenario, speed, time of birth and address, signed. Every process answers for every
  token, unless `create_app` was given another `secret`. A token has at most 128 characters. An address too long for that loses,
  after the create call, first `campaign_id`, then longitude, latitude, `street2`, city, state and ZIP code, at last the end of the street.
- **Closing and idling are remembered by one process.** A session ends {INACTIVITY_SECONDS // 60} minutes after its last use there;
  a process that never saw it counts from its birth. A closed token answers 410 where it was closed.
- **Answers that hang** take {HANG_SECONDS:g} seconds over HTTP. In process the adapter waits as long as the caller's read timeout,
  then raises `requests.exceptions.ReadTimeout`; the session of a hanging create call exists from its first second on.
- **`sync`** runs the agents it names inside the create call, which then takes as long as they do, at most {HANG_SECONDS:g} seconds.
- **Refusals on create** that carry a reset name a time {RESET_SECONDS:g} seconds ahead.
- **Providers** depend on the address alone: up to three wired ones of the state, one by radio, one or two by satellite; Liberty in
  Puerto Rico; none in Alaska outside Anchorage. Prices and phone numbers are illustrations, not offers.
- **`service_address`** is in every answer to `GET /sessions/{{token}}`, as Hum's description demands: until an address is matched, and where none is,
  it repeats the one that was asked for. Only `agent_status` says whether it is a match. The oldest shape gives null until then.
- **Coverage** is by county: who serves a state serves about half of its counties. Figures of census blocks are made up.
- **A 202** means: in `GET /sessions/{{token}}` that the first agent is not done, in the provider list that the search is not done.
"""

_CLOCK = f"""\
## Its clock

`create_app(clock=..., sleep=...)` takes the clock by which sessions age and what it does while an answer hangs. A test gives it a
clock that stands still until the test turns it; `python -m webapp.simulator --speed 5` runs it five times as fast for every caller.
Two request headers do the same for one session:

- `{SPEED_HEADER}: 5` on the create call (a whole number, at most {HIGHEST_SPEED}): the session ages five seconds in one, for whoever asks about it. It is
  written into the token. Dates and rate-limit resets are those of the simulator's clock, and an answer that hangs takes a fifth of
  its time.
- `{AGE_HEADER}: 4.0` on a call about a session: the session is looked at as it is 4 seconds after its creation, whatever
  the clock says. Nothing of it is kept; the next call without the header goes by the clock again. A rate-limit reset is as far
  ahead of the clock as it would be at that age.

The demo's scenario picker chooses between them for each browser. *Fast* sends the first: the app polls as always, so the seconds on
the page are real, and what lasts only a moment may pass between two polls. *Step by step* sends the second: a page does not ask by
itself, and *Next* asks as if the moment of the next poll had come. The lookup and its 30 seconds live by the stepped time, so the
steps, the seconds shown and the end are those of real time; an answer that hangs takes its own seconds. A browser that goes back to real
time goes on with the clock.
"""

_CREATE_FAULTS = {
    FaultKind.UNAUTHORIZED: "create answers 401",
    FaultKind.INVALID: "create answers 422; with `street2` = `nested` its errors are wrapped twice",
    FaultKind.RATE_LIMITED: f"create answers 429 with a reset {RESET_SECONDS:g} s ahead",
    FaultKind.SERVER_ERROR: "create answers 500",
    FaultKind.HANG: f"create hangs for {HANG_SECONDS:g} s, then the session is that old",
}
_CATALOGS = {
    Catalog.NO_PROVIDERS: "no providers",
    Catalog.NO_PRODUCTS: "providers without plans",
    Catalog.SIXTY: "60 providers",
    Catalog.SLOPPY: "providers with odd fields, and `request_status` `warning`",
    Catalog.RANGES: "2 providers",
    Catalog.REGIONAL: "providers of the region",
}


def render() -> str:
    """The whole page."""
    core = [scenario for scenario in SCENARIOS.values() if not scenario.extra]
    extra = [scenario for scenario in SCENARIOS.values() if scenario.extra]
    parts = [
        _INTRODUCTION,
        f"## The {len(core)} scenarios\n",
        _scenario_table(core),
        "## Further scenarios\n",
        _scenario_table(extra),
        _FAULTS,
        _fault_table(),
        "## The calls\n",
        "The whole description is served as OpenAPI at `/openapi.json`.\n",
        _call_table(json.loads(OPENAPI)),
        _CLOCK,
        _LIMITS,
    ]
    return "\n".join(parts)


def moments(scenario: Scenario) -> list[str]:
    """What happens, second by second, as short phrases in order."""
    if scenario.create_fault not in {None, FaultKind.HANG}:
        return [_CREATE_FAULTS[FaultKind(scenario.create_fault)]]
    begin = [_CREATE_FAULTS[FaultKind.HANG]] if scenario.create_fault else []
    if scenario.immediate:
        return [*begin, f"create answers with the providers in {scenario.generation} shape; the address is matched"]
    timed = [*_agent_moments(scenario), *_fault_moments(scenario)]
    ordered = [f"{_seconds(at)}: {text}" for at, text in sorted(timed, key=lambda moment: moment[0])]
    return [*begin, *ordered, *_remarks(scenario)]


def _agent_moments(scenario: Scenario) -> Iterable[tuple[float, str]]:
    gone = scenario.poll_fault.start if scenario.poll_fault and scenario.poll_fault.end is None else float("inf")
    if scenario.geocoded_at < gone:
        yield scenario.geocoded_at, f"address {scenario.geocoding}"
    if scenario.internet_at is not None and scenario.internet_at < gone:
        found = f", {_found(scenario)}" if scenario.internet == "matched" else ""
        yield scenario.internet_at, f"internet {scenario.internet}{found}"
    if scenario.plans_at is not None:
        yield scenario.plans_at, "plans"


def _found(scenario: Scenario) -> str:
    return "providers without plans" if scenario.plans_at is not None else _CATALOGS[scenario.catalog]


def _fault_moments(scenario: Scenario) -> Iterable[tuple[float, str]]:
    fault = scenario.poll_fault
    if fault is None:
        return
    if fault.end is None:
        yield fault.start, f"every call answers {fault.kind}"
        return
    reset = f", reset at second {fault.end:g}" if fault.kind is FaultKind.RATE_LIMITED else ""
    what = "hang" if fault.kind is FaultKind.HANG else f"answer {fault.kind}"
    yield fault.start, f"both GETs {what} until {_seconds(fault.end)}{reset}"


def _remarks(scenario: Scenario) -> Iterable[str]:
    if scenario.internet_by_address:
        yield f"4 to 6 s, by street: internet matched, {_found(scenario)}"
    elif scenario.internet_at is None:
        yield "internet stays pending"
    if scenario.accepted_until_ready:
        yield "202 until then"
    if scenario.generation is not Generation.V4:
        yield f"all in {scenario.generation} shape"
    if scenario.other_house:
        yield "the matched house number is ten higher"


def _scenario_table(scenarios: Iterable[Scenario]) -> str:
    rows = ["| Scenario | Address | In a sentence | Second by second |", "|---|---|---|---|"]
    for scenario in scenarios:
        place = scenario.address["street1"] if scenario.house_number else "any other"
        rows.append(f"| `{scenario.key}` | {place} | {scenario.line} | {'; '.join(moments(scenario))} |")
    return "\n".join(rows) + "\n"


def _fault_table() -> str:
    rows = ["| Fault | Address | What it does |", "|---|---|---|"]
    for group in GROUPS:
        rows.append(f"| **{group.title}** | | |")
        rows.extend(f"| `{fault.key}` | {fault.address['street1']} | {fault.line} |" for fault in group.faults)
    return "\n".join(rows) + "\n"


def _call_table(description: dict[str, Any]) -> str:
    rows = ["| Call | What it does | Answers |", "|---|---|---|"]
    for path, calls in description["paths"].items():
        for method, call in calls.items():
            if method != "parameters":
                codes = ", ".join(sorted(call["responses"]))
                rows.append(f"| `{method.upper()} {path}` | {call['summary']} | {codes} |")
    return "\n".join(rows) + "\n"


def _seconds(value: float) -> str:
    return f"{value:g} s"


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
