"""Hum's limit shared out: one viewer cannot use it up, running lookups keep what they need, however many workers decide
at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.integration.web.clock import START, Clock
from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site, serve
from tests.integration.web.visitor import Visitor
from tests.sweeps import few
from webapp.database import open_engine, writing
from webapp.quotas.allowance import AllowanceStore
from webapp.quotas.fair_share import CALLS_PER_LOOKUP, Start, Window, may_start
from webapp.quotas.lookup_quota import LookupQuota, QuotaExceeded, QuotaLimits
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.scenarios import SCENARIOS

LIMIT = 100
NOW = START


def window(remaining: int, limit: int = LIMIT) -> Window:
    return Window(limit, remaining, NOW + 30)


def starts(*people: str, ago: float = 0.0) -> list[Start]:
    return [Start(who, NOW - ago) for who in people]


@pytest.mark.parametrize(
    ("remaining", "recent", "may"),
    [
        pytest.param(100, [], True, id="all is left"),
        pytest.param(96, starts(*["me"] * 4), True, id="three quarters stay free"),
        pytest.param(95, starts(*["me"] * 5), False, id="a quarter is in use, which is one viewer's share"),
        pytest.param(95, starts(*["greedy"] * 5), True, id="others have their shares left"),
        pytest.param(81, starts(*["greedy"] * 5, *map(str, range(14))), True, id="the last one who comes"),
        pytest.param(
            80, starts(*["greedy"] * 5, *map(str, range(15))), False, id="what is left is needed by running lookups"
        ),
        pytest.param(70, starts(*["me"] * 5, ago=20), False, id="a share that was used up lately stays used up"),
        pytest.param(100, starts(*["me"] * 5, ago=20), True, id="until the next window"),
        pytest.param(CALLS_PER_LOOKUP, [], True, id="just enough"),
        pytest.param(CALLS_PER_LOOKUP - 1, [], False, id="not enough for a lookup"),
    ],
)
def test_who_may_start(remaining: int, recent: list[Start], may: bool) -> None:
    assert may_start(window(remaining), recent, "me", NOW) is may


@pytest.mark.parametrize("limit", [1, 3, CALLS_PER_LOOKUP])
def test_a_limit_smaller_than_a_lookup_does_not_stop_everything(limit: int) -> None:
    assert may_start(window(limit, limit), [], "me", NOW)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url, pool_size=8)
    yield engine
    engine.dispose()


def started_at_once(engine: sa.Engine, people: list[str], per_viewer: int | None = 0) -> list[bool]:
    """Which of these start, when all of them come at the same moment to several workers."""
    limits = QuotaLimits(per_viewer=per_viewer, per_address=0, per_day=0)

    def start(who: str) -> bool:
        allowance = AllowanceStore(engine, "CUSTOM")
        quota = LookupQuota(engine, limits, secret=b"s", zone=ZoneInfo("UTC"), allowance=allowance, clock=lambda: NOW)
        try:
            quota.count(viewer=who, network="")
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(start, people))


def test_workers_that_decide_at_once_give_no_viewer_more_than_a_share(engine: sa.Engine) -> None:
    AllowanceStore(engine, "CUSTOM").heard(LIMIT, LIMIT, NOW + 30, NOW)
    assert sum(started_at_once(engine, ["greedy"] * 20)) == 6
    assert sum(started_at_once(engine, [str(number) for number in range(20)])) == 18, (
        "with 4 calls to come for each of 24 lookups"
    )
    assert started_at_once(engine, ["greedy"]) == [False]


def test_while_hum_s_limit_is_unknown_nothing_is_shared_out(engine: sa.Engine) -> None:
    assert all(started_at_once(engine, ["one"] * 20))


@pytest.mark.parametrize(("limit", "most"), [(24, 1), (100, 6), (480, 29), (1200, 74)])
def test_by_default_a_browser_s_limit_is_its_share_of_hum_s(engine: sa.Engine, limit: int, most: int) -> None:
    """It starts while three quarters of the limit stay free: none of its calls has been made yet."""
    AllowanceStore(engine, "CUSTOM").heard(limit, limit, NOW + 30, NOW)
    assert sum(started_at_once(engine, ["one"] * (most + 5), per_viewer=None)) == most


def test_by_default_a_browser_s_limit_is_20_until_hum_has_stated_one(engine: sa.Engine) -> None:
    assert sum(started_at_once(engine, ["one"] * 25, per_viewer=None)) == 20


def test_the_operator_s_own_limit_holds_whatever_hum_states(engine: sa.Engine) -> None:
    AllowanceStore(engine, "CUSTOM").heard(1200, 1200, NOW + 30, NOW)
    assert sum(started_at_once(engine, ["one"] * 10, per_viewer=7)) == 7


def test_what_is_stored_of_viewers_is_no_name_and_forgotten_after_a_minute(engine: sa.Engine) -> None:
    store = AllowanceStore(engine, "CUSTOM")
    started_at_once(engine, ["a-viewer"])
    with engine.connect() as connection:
        assert "a-viewer" not in connection.exec_driver_sql("SELECT who FROM recent_start").scalars().all()
    with writing(engine) as connection:
        store.start(connection, "another", NOW + 61)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT who FROM recent_start").scalars().all() == ["another"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workers(tmp_path: Path, clock: Clock) -> Iterator[list[Site]]:
    """Two workers on one database, in front of a Hum that answers 100 calls a minute."""
    with ExitStack() as stack:
        simulator = create_simulator(clock=clock, sleep=clock.advance, rate_limit=LIMIT)
        url = stack.enter_context(serve(simulator))
        sites = [open_site(tmp_path, clock, HUM_API_URL=url, HUM_API_KEY="any") for _ in range(2)]
        for site in sites:
            stack.callback(site.close)
        yield sites


def look_up(visitor: Visitor) -> Page:
    return visitor.press(visitor.get("/"), "Look up", **SCENARIOS["normal"].address)


@pytest.mark.parametrize("seconds", few([0, 10, 25], [10]))
def test_one_browser_that_starts_all_it_may_leaves_a_lookup_to_ten_other_people(
    workers: list[Site], clock: Clock, seconds: int
) -> None:
    greedy = workers[0].visitor()
    answers = [look_up(greedy) for _ in range(20)]
    refused = answers[-1]
    assert refused.status == 429
    assert "Hum allows us 100 requests a minute" in refused.text_of("trouble")
    assert refused.values(refused.form_with("Look up"))["street1"] == SCENARIOS["normal"].address["street1"], (
        "what was typed is kept"
    )
    wait = int(refused.headers["Retry-After"])
    assert f"press Look up again in {wait} second" in refused.text
    assert 1 <= wait <= 60
    pages = [greedy.follow(answer) for answer in answers if answer.status == 303]
    assert len(pages) >= 3
    for _ in range(seconds):
        clock.advance(1)
        pages = [greedy.poll(page) if page.poller is not None else page for page in pages]
    others = [look_up(workers[number % 2].visitor()).status for number in range(10)]
    assert others == [303] * 10
    clock.advance(wait)
    assert greedy.press(refused, "Look up").status == 303, "after the wait that was named it works"
