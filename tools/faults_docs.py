"""Writes docs/faults.md from the simulator's fault catalog and the table of expectations that tests/integration/faults tries on every fault."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.integration.faults.expected import CLIENT, ENDINGS, FATES, End, Kept
from webapp.hum.client import Deadlines
from webapp.simulator.faults.table import GROUPS, FaultGroup
from webapp.simulator.faults.timing import AT_CREATE, AT_PLANS, STARTS_AT, STARTS_AT_PLANS
from webapp.simulator.scenario import Scenario

PAGE = Path(__file__).parent.parent / "docs" / "faults.md"

_LIMITS = Deadlines()
_INTRODUCTION = f"""\
<!-- Written by tools/faults_docs.py: change tests/integration/faults/expected.py or the simulator, then run `python -m tools.faults_docs`. -->
# Faults

What can go wrong with Hum's answers, what the client makes of it, and what a person sees. Each cell is a test in `tests/integration/faults`, tried over
real HTTP (faults before HTTP: in process, and on sockets without an answer). `make test` asks the client about every fault, and tries the page for each
kind of failure and each end; `make soak` tries the page for every cell: the page ends as the table says, what is kept is there, Hum is asked no more
often than stated, no page of ours fails, no markup and no key comes through, and every exchange ends at its deadline, which is
{_LIMITS.total:g} s, and {_LIMITS.create:g} s for a create.

## Choose one

A fault is chosen like any scenario of the [simulator](simulator.md): look up its address (Detroit, MI 48226), or send
`X-Simulator-Scenario: fault-…` or `"campaign_id": "scenario:fault-…"` with the create call. It alters every status and provider-list
call from second {STARTS_AT:g} on, forever. Type a unit to move it:

- `{AT_CREATE}` moves it to the create call;
- `{AT_PLANS}` moves it to second {STARTS_AT_PLANS:g}, when the providers are there and their plans are not.

The simulator must have its faults switched on: `python -m webapp.simulator --faults`, with `HUM_API_URL` pointing at it. The demo
has none: there such an address is a house like any other.

Faults before HTTP are chosen by address in process only (`create_app(faults=True)`), and never `{AT_CREATE}`. Over HTTP, point the app at them:

- refused: `HUM_API_URL=http://127.0.0.1:1`, a closed port; in mid-poll, stop the simulator;
- no such host: `HUM_API_URL=https://hum.invalid`;
- TLS: `HUM_API_URL=https://127.0.0.1:8900`, where `python -m webapp.simulator` speaks plain HTTP.
"""

_TABLE = """\
## Every fault

In each cell: how it ends, what is kept, and how many calls to Hum it costs at most, those before the fault included. What was typed is
always kept.
"""


def render() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, "## How it can end\n", _ending_table(), _TABLE, *map(_group, GROUPS)])


def _ending_table() -> str:
    rows = ["| | Title on the page | It says | To press next |", "|---|---|---|---|"]
    rows.extend(f"| {ending.name} | {ending.title} | … {ending.says} … | {ending.next_action} |" for ending in ENDINGS)
    return "\n".join(rows) + "\n"


def _group(group: FaultGroup) -> str:
    rows = [
        f"### {group.title}\n",
        f"| Fault | Address | What it does | The client reports | From second {STARTS_AT:g} | {AT_PLANS.capitalize()} | {AT_CREATE.capitalize()} |",
        "|---|---|---|---|---|---|---|",
        *map(_row, group.faults),
    ]
    return "\n".join(rows) + "\n"


def _row(fault: Scenario) -> str:
    fate = FATES[fault.key]
    cells: Iterable[str] = (
        f"`{fault.key}`",
        fault.address["street1"],
        fault.line,
        _client_cell(fault.key),
        *map(_cell, (fate.poll, fate.plans, fate.create)),
    )
    return f"| {' | '.join(cells)} |"


def _client_cell(key: str) -> str:
    """The failure of a poll, and of a create where that is another one. A fault before HTTP has only one."""
    error = CLIENT.get(key)
    if error is None:
        return "Unavailable connection"
    reported = [error.status]
    if error.internet != error.status:
        reported.append(f"list: {error.internet}")
    if error.create != error.status:
        reported.append(f"create: {error.create}")
    return "; ".join(reported)


def _cell(end: End) -> str:
    kept = "" if end.kept is Kept.TYPED else f"; {end.kept}"
    return f"{end.ending.name}{kept}; {end.calls} call{'s' * (end.calls > 1)}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
