"""While a process is busy its pages come back later: a third more time between polls, and the same answers."""

from __future__ import annotations

import pytest

from webapp.lookups.strain import LOOK_EVERY, Strain


class Machine:
    """A processor and a clock that are moved by hand."""

    def __init__(self) -> None:
        self.now = self.used = 100.0

    def work(self, seconds: float, share: float) -> None:
        self.now += seconds
        self.used += seconds * share


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def strain(machine: Machine) -> Strain:
    return Strain(cpu=lambda: machine.used, monotonic=lambda: machine.now)


@pytest.mark.parametrize(("share", "slower"), [(0.0, 1.0), (0.5, 1.0), (0.625, 1.25), (0.75, 1.5), (1.0, 1.5)])
def test_the_busier_the_later_but_never_beyond_three_seconds_for_two(
    machine: Machine, strain: Strain, share: float, slower: float
) -> None:
    machine.work(LOOK_EVERY, share)
    assert strain() == pytest.approx(slower)


def test_a_short_burst_is_no_strain_and_a_quiet_moment_ends_it(machine: Machine, strain: Strain) -> None:
    machine.work(LOOK_EVERY / 2, 1.0)
    assert strain() == 1.0
    machine.work(LOOK_EVERY, 1.0)
    assert strain() == pytest.approx(1.5)
    machine.work(LOOK_EVERY, 0.1)
    assert strain() == pytest.approx(1.0)
