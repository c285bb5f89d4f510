"""A test that costs too much fails, and says what it cost."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.budget import BUDGETS, WAITING, Spent, complaint, table


@pytest.mark.parametrize("kind", BUDGETS)
def test_a_test_within_its_budget_passes_on_a_busy_machine(kind: str) -> None:
    assert complaint(kind, Spent(BUDGETS[kind], BUDGETS[kind] * WAITING)) is None


def test_a_test_over_its_budget_is_named_with_what_it_took() -> None:
    spent = Spent(BUDGETS["unit"] + 1, 0.0)
    assert complaint("unit", spent) == "took 5.0 s of the processor; a test in tests/unit may take 4 s"


def test_waiting_is_limited_too() -> None:
    spent = Spent(0.0, BUDGETS["unit"] * WAITING + 1)
    assert complaint("unit", spent) == "took 41 s; a test in tests/unit may take 40 s by the clock"


def test_the_time_of_the_process_is_counted() -> None:
    began = Spent.now()
    while Spent.now().since(began).processor < 0.01:
        pass
    assert 0.01 <= Spent.now().since(began).processor < BUDGETS["unit"]


def report(
    nodeid: str, when: Literal["setup", "call", "teardown"], outcome: Literal["passed", "failed"]
) -> pytest.TestReport:
    return pytest.TestReport(nodeid, ("", 0, ""), {}, outcome, None, when, duration=1.5)


def test_each_folder_has_a_line_with_what_its_tests_took() -> None:
    reports = [
        report("tests/soak/deploy/test_machines.py::test_a", "setup", "passed"),
        report("tests/soak/deploy/test_machines.py::test_a", "call", "failed"),
        report("tests/soak/deploy/test_units.py::test_b", "call", "passed"),
        report("tests/browser/test_names.py::test_c", "call", "passed"),
    ]
    assert table(reports)[2:] == ["| browser | 1 | 1 | 2 |", "| soak/deploy | 2 | 1 | 4 |"]
