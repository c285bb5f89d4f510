"""`make bench`: every figure of docs/performance.md in one run of about thirty-five minutes, against a Hum of its own
on this machine.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.bench import compared, large_filter, measures, thrift, whole_lookup
from tools.bench.first_page import weigh
from tools.bench.large_list import longest_stop
from tools.bench.measures import Load
from tools.bench.stored import fill
from tools.bench.yardstick import BARE, PLAIN, Program, yardstick
from webapp.database import bring_up_to_date, open_engine

DOCUMENT = Path("docs/performance.md")
MARK = "<!-- figures: written by `make bench` -->"
LOADS = ((300, 0.3), (640, 0.3), (960, 0.3), (1280, 0.3), (1600, 0.3))
"""The same for all three programs: watched lookups, and Hum's seconds for an answer."""
HELD = 100.0
"""Milliseconds: a load is held when 99 of 100 fragments are added less than this, and none is an error."""
STORED = 100_000
SECONDS = 20.0


async def figures() -> list[str]:
    """All figures as lines of Markdown."""
    heads = (
        "Watched at once",
        "Hum answers in",
        "Fragments/s",
        "Hum calls/s",
        "CPU a fragment",
        "Added, median",
        "Added, p99",
        "Errors",
    )
    lines = [f"| {' | '.join(heads)} | MB a worker |", "|---" * (len(heads) + 1) + "|"]
    ours: list[Load] = []
    yardsticks: dict[Program, list[Load]] = {PLAIN: [], BARE: []}
    # By turns, so that the machine's moods meet all three.
    for watched, latency in LOADS:
        ours.append(await measures.load(watched, latency, SECONDS))
        for program, loads in yardsticks.items():
            loads.append(await yardstick(program, watched, latency, SECONDS))
    single = [await measures.load(watched, 0.3, SECONDS, WEB_CONCURRENCY="1") for watched in (150, 300)]
    lines += [_row(load) for load in ours]
    lines += [_row(load, "one web process, ") for load in single]
    lines += [_row(load, f"{program.name}, ") for program, loads in yardsticks.items() for load in loads]
    lines += ["", "| What | Figure |", "|---|---|"]
    plain, bare = yardsticks.values()
    figures_of = [f"{figure(ours)} / {figure(plain)} / {figure(bare)}" for figure in (_most, _held)]
    lines.append(f"| Most fragments a second: ours / plain / bare | {figures_of[0]} |")
    lines.append(
        f"| Most of these loads held at 0.3 s (p99 under {HELD:.0f} ms, no errors): ours / plain / bare | "
        f"{figures_of[1]} |"
    )
    for number, (watched, _) in enumerate(LOADS[:2]):
        cpu = " / ".join(f"{loads[number].cpu_ms:.2f}" for loads in (ours, plain, bare))
        p99 = " / ".join(f"{loads[number].added_p99:.0f}" for loads in (ours, plain, bare))
        lines.append(f"| CPU a fragment at {watched}, ms: ours / plain / bare | {cpu} |")
        lines.append(f"| Added p99 at {watched}, ms: ours / plain / bare | {p99} |")
    added, direct = await measures.direct(20.0)
    ratio = f"+{added:.1f} ms, ratio {1 + added / direct:.3f}"
    lines.append(f"| A fragment that asks Hum, against Hum asked directly ({direct:.0f} ms), median | {ratio} |")
    lines.append(
        f"| Fragments served from storage a second, two workers | {await measures.served_from_storage(8.0):,.0f} |"
    )
    calls = [await measures.calls_per_lookup(viewers) for viewers in (1, 10, 100)]
    lines.append(f"| Hum calls for one lookup with 1 / 10 / 100 viewers | {' / '.join(map(str, calls))} |")
    shown = [await measures.providers_shown_after(40, viewers) for viewers in (1, 5)]
    lines.append(
        "| Providers on the page after Hum has them, mean, 1 / 5 viewers | "
        f"{' / '.join(f'{seconds:.2f} s' for seconds in shown)} |"
    )
    stopped = await asyncio.to_thread(longest_stop)
    lines.append(f"| Longest stop of a worker by an answer of 60 providers with 60 plans each | {stopped:.0f} ms |")
    lines.append(await whole_lookup.row())
    lines.append(await asyncio.to_thread(large_filter.row))
    first = await asyncio.to_thread(weigh)
    lines.append(
        f"| First page: requests, bytes over the wire (HTTP/2, gzip, headers included) | {first.requests}, "
        f"{first.bytes:,} |"
    )
    lines += await _with_many_stored()
    return [*lines, "", *await compared.table(), "", *await asyncio.to_thread(thrift.table)]


async def _with_many_stored() -> list[str]:
    """Each round measures both, so that the machine's moods meet both."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        _fill(Path(full))
        rounds = [[await measures.load(200, 0.3, 12.0, state=Path(state)) for state in (empty, full)] for _ in range(3)]
    ratios = [
        sorted(getattr(many, name) / getattr(none, name) for none, many in rounds)[1]
        for name in ("cpu_ms", "added_median")
    ]
    said = f"CPU {ratios[0]:.2f}, added time {ratios[1]:.2f}"
    return [f"| {STORED:,} stored lookups against none, 200 watched, median ratio of three rounds | {said} |"]


def _fill(state: Path) -> None:
    engine = open_engine(f"sqlite:///{state / 'lookups.sqlite3'}")
    bring_up_to_date(engine)
    fill(engine, STORED)
    engine.dispose()


def _most(loads: Sequence[Load]) -> str:
    return f"{max(load.fragments / load.seconds for load in loads):.0f}"


def _held(loads: Sequence[Load]) -> str:
    held = (load.watched for load in loads if load.added_p99 < HELD and not load.errors)
    return f"{max(held, default=0):,}"


def _row(load: Load, what: str = "") -> str:
    cells = (
        f"{what}{load.watched:,}",
        f"{load.latency:g} s",
        f"{load.fragments / load.seconds:.0f}",
        f"{load.hum_calls / load.seconds:.0f}",
        f"{load.cpu_ms:.2f} ms",
        f"{load.added_median:.0f} ms",
        f"{load.added_p99:.0f} ms",
        str(load.errors),
        f"{load.megabytes:.0f}",
    )
    line = f"| {' | '.join(cells)} |"
    print(line, flush=True)
    return line


def main() -> None:
    """Measures, prints and writes the figures into docs/performance.md."""
    lines = asyncio.run(figures())
    print("\n".join(lines))
    before, _, _ = DOCUMENT.read_text().partition(MARK)
    DOCUMENT.write_text(
        "\n".join(
            [
                f"{before}{MARK}",
                "",
                f"{os.cpu_count()} processors, which also ran the viewers and Hum; SQLite.",
                "",
                *lines,
                "",
            ]
        )
    )


if __name__ == "__main__":
    main()
