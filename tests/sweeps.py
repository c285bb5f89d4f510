"""Tables that are tried row by row where they are decided, and elsewhere by a few rows that stand for the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest

REPRESENTATIVE_SCENARIOS = frozenset(
    "fast slow never multiple geocode-failed internet-failed no-providers gone-mid-poll rate-limited timeout "
    "null-fields late-plans unauthorized invalid create-timeout".split()
)
"""One for each end of a lookup, for each kind of trouble on the way there, and for odd values.

How each scenario ends is decided in `lookups` and tried on all of them in tests/integration/lookups/test_scenarios.py;
what a person is told of it, in tests/integration/web/test_scenarios.py.
"""
ENDS = frozenset("fast multiple never no-providers gone-mid-poll timeout unauthorized".split())
"""One for each end alone, for what is tried on whole pages and files and differs little between scenarios."""


def few(rows: Iterable[object], always: Collection[object] = REPRESENTATIVE_SCENARIOS) -> list[object]:
    """Every row for `parametrize`: those in `always` for every run, the others for `make soak` only.

    A row is a key, or a tuple that begins with one.
    """
    marked: list[object] = []
    for row in rows:
        values = row if isinstance(row, tuple) else (row,)
        marked.append(row if values[0] in always else pytest.param(*values, marks=pytest.mark.soak))
    return marked
