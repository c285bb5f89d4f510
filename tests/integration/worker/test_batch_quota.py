"""A batch's lookups count for the day of all, and for no minute of a browser or a network."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.integration.worker.rows import RowStage
from webapp.batches.running import DailyLimitReached
from webapp.quotas.lookup_quota import LookupQuota, QuotaExceeded, QuotaLimits
from webapp.worker.program import BatchQuota


def test_only_the_limit_of_the_day_stops_a_batch(rows: RowStage) -> None:
    limits = QuotaLimits(per_viewer=1, per_address=1, per_day=4)
    quota = LookupQuota(rows.stage.engine, limits, secret=b"s", zone=ZoneInfo("UTC"), clock=rows.stage.clock)
    of_batch = BatchQuota(quota)
    for _ in range(3):
        of_batch.count(viewer="one", network="net")
    quota.count(viewer="one", network="net")
    with pytest.raises(DailyLimitReached):
        of_batch.count(viewer="one", network="net")
    with pytest.raises(QuotaExceeded):
        quota.count(viewer="two", network="elsewhere")
