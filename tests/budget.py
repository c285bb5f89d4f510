"""What one test of each kind may cost, so that the whole suite stays a matter of minutes.

A suite becomes slow one test at a time, and no single test looks guilty. So each kind has a budget, and a test that
exceeds it fails, unless `@pytest.mark.slow("why")` says what makes it worth its time. At the end of a run of several
folders a table says what each of them took. What counts is the processor time
of the test's own process, in all three phases: on a machine that is busy with other
work a test takes longer by the clock, but costs about the same. A fixture that several tests share is paid for by the
first of them, and a busy or slow processor may take twice as long for the same work; the budgets leave room for both.
Waiting and other programs cost nothing by this measure (a browser's whole life would be charged to the test that ends
it), so the clock has a limit of its own, `WAITING` times as generous.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

import pytest

BUDGETS = {"unit": 4.0, "integration": 6.0, "browser": 8.0, "packaging": 20.0, "soak": 60.0}
"""Processor seconds by the folder under `tests/`. A typical test takes less than a tenth of it; a busy machine takes
twice as long for the same work.
"""
WAITING = 10
"""By the clock a test may take this many times its budget."""


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor and of the clock."""

    processor: float
    clock: float

    @classmethod
    def now(cls) -> Spent:
        """Since the process began, and since some moment in the past."""
        return cls(time.process_time(), time.monotonic())

    def since(self, earlier: Spent) -> Spent:
        return Spent(self.processor - earlier.processor, self.clock - earlier.clock)


def complaint(kind: str, spent: Spent) -> str | None:
    """What is wrong with a test of this kind that spent so much, or None."""
    budget = BUDGETS[kind]
    if spent.processor > budget:
        return f"took {spent.processor:.1f} s of the processor; a test in tests/{kind} may take {budget:g} s"
    if spent.clock > budget * WAITING:
        return f"took {spent.clock:.0f} s; a test in tests/{kind} may take {budget * WAITING:g} s by the clock"
    return None


def kind_of(item: pytest.Item) -> str | None:
    """The folder under `tests/` that a test lies in, or `soak` for all that `make soak` runs; None for one that lies in
    no folder with a budget.
    """
    if item.get_closest_marker("soak") or item.config.getoption("--hypothesis-profile") == "long":
        return "soak"
    parts = PurePath(item.nodeid.partition("::")[0]).parts
    return parts[1] if len(parts) > 1 and parts[0] == "tests" and parts[1] in BUDGETS else None


_BEGAN = pytest.StashKey[Spent]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[_BEGAN] = Spent.now()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Fails the last phase of a test that passed but cost too much."""
    report = yield
    kind = kind_of(item)
    if call.when != "teardown" or not report.passed or kind is None:
        return report
    why = item.get_closest_marker("slow")
    if why is not None:
        assert why.args, 'say why: @pytest.mark.slow("it kills workers for 10 seconds")'
        return report
    too_much = complaint(kind, Spent.now().since(item.stash[_BEGAN]))
    if too_much is not None:
        report.outcome = "failed"
        report.longrepr = f'{item.nodeid} {too_much}. Make it cheaper, or mark it: @pytest.mark.slow("why").'
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [found for kind in terminalreporter.stats.values() for found in kind]
    lines = table(found for found in reports if isinstance(found, pytest.TestReport))
    if len(lines) > 3:
        terminalreporter.write_line("")
        terminalreporter.write_line("\n".join(lines))


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """A line for each folder of tests: how many there were, how many of them passed, and their seconds by the clock, of
    all processes together.
    """
    tests: dict[str, set[str]] = {}
    not_passed: dict[str, set[str]] = {}
    seconds = Counter[str]()
    for report in reports:
        folder = "/".join(PurePath(report.nodeid.partition("::")[0]).parts[1:-1])
        tests.setdefault(folder, set()).add(report.nodeid)
        seconds[folder] += report.duration
        if not report.passed:
            not_passed.setdefault(folder, set()).add(report.nodeid)
    rows = [
        f"| {folder} | {len(found):,} | {len(found) - len(not_passed.get(folder, ())):,} | {seconds[folder]:,.0f} |"
        for folder, found in sorted(tests.items())
    ]
    return ["| Tests in | Number | Passed | Seconds |", "|---|---|---|---|", *rows]
