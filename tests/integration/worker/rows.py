"""A batch on a stage: its rows are looked up one by one, and whoever waits turns the clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.integration.lookups.stage import VIEWER, Stage
from webapp.addresses.address import Address
from webapp.batches.batch import Batch, BatchRow, BatchState, RowState, RowVerdict
from webapp.batches.running import Pace, RowLookup, RunningBatches
from webapp.batches.store import BatchStore
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import NoQuota, Quota
from webapp.simulator import SCENARIOS

BATCH = "a-batch"


class RowStage:
    """A worker's parts without its engine. `foreseen` are the waits that the rate limit still asks for; `on_wait` is
    called with the seconds of each wait, and the worker ends when it returns True.
    """

    def __init__(self, stage: Stage, quota: Quota | None = None, stated_limit: int = 0) -> None:
        self.stage = stage
        self.store = BatchStore(stage.engine)
        self.foreseen: list[float] = []
        self.on_wait: Callable[[float], bool] = lambda _: False
        self.running = RunningBatches(self.store, Pace(lambda: stated_limit), environment="DEMO", clock=stage.clock)
        self._row_lookup = RowLookup(
            self.store,
            stage.service,
            quota or NoQuota(),
            campaign_id=None,
            foreseen_wait=lambda: self.foreseen.pop() if self.foreseen else 0.0,
            wait=self._wait,
            clock=stage.clock,
        )

    def add(self, *scenarios: str, batch_id: str = BATCH) -> None:
        """A running batch with a row for each scenario."""
        self.add_addresses([Address(**SCENARIOS[scenario].address) for scenario in scenarios], batch_id)

    def add_addresses(self, addresses: Sequence[Address], batch_id: str = BATCH) -> None:
        now = self.stage.clock()
        batch = Batch(
            batch_id, VIEWER, "Offices", "DEMO", now, len(addresses), state=BatchState.RUNNING, started_at=now
        )
        ready, waiting = RowVerdict.READY, RowState.WAITING
        rows = [
            BatchRow(batch_id, number, number, (), address, ready, state=waiting)
            for number, address in enumerate(addresses, 1)
        ]
        self.store.add(batch, rows)

    def run(self, position: int = 1, batch_id: str = BATCH) -> BatchRow:
        """Does what the engine does with a row that has begun; the row afterwards."""
        self._row_lookup.run(batch_id, position)
        return self.row(position, batch_id)

    def run_all(self) -> None:
        """Begins rows and looks them up until nothing is left to be begun."""
        while begun := self.running.begin_rows():
            for row in begun:
                self.run(row.position, row.batch_id)

    def row(self, position: int = 1, batch_id: str = BATCH) -> BatchRow:
        found = self.store.row(batch_id, position)
        assert found is not None
        return found

    def batch(self, batch_id: str = BATCH) -> Batch:
        found = self.store.find(batch_id)
        assert found is not None
        return found

    def lookup(self, row: BatchRow) -> Lookup:
        found = self.stage.service.find(str(row.lookup_id), VIEWER)
        assert found is not None
        return found

    def go_on(self) -> None:
        """What a person's press does."""
        assert self.store.change_state(BATCH, BatchState.RUNNING, among=(BatchState.PAUSED,), pause_reason=None)

    def _wait(self, seconds: float) -> bool:
        if seconds:
            self.stage.clock.sleep(seconds)
        return self.on_wait(seconds)
