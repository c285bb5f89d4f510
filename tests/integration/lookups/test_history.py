"""*Your lookups* in the database: one's own, newest first, found by words and outcome, gone when deleted."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests.integration.lookups.stage import START, VIEWER, Stage
from webapp.addresses.address import Address
from webapp.database import MIGRATIONS
from webapp.hum.sessions import AgentState
from webapp.lookups.history import MOST_CLOSED, PAGE_SIZE, Cursor, History, HistoryStore, Page, Search, cursor
from webapp.lookups.lifecycle import Lookup, Outcome, Reason, State
from webapp.lookups.polling import SESSION_LIFE
from webapp.lookups.retention import MOST_LOOKUPS
from webapp.lookups.schema import lookup_table, share_table, snapshot_table
from webapp.lookups.sharing import Share, ShareStore
from webapp.plans.model import Money


def history_of(stage: Stage) -> History:
    return History(HistoryStore(stage.engine), stage.service, clock=stage.clock)


def ended(number: int, *, viewer: str = VIEWER, **changes: Any) -> Lookup:
    """A lookup that found three providers, `number` seconds after the start."""
    plain = Lookup(
        id=f"lookup-{number:04d}",
        viewer=viewer,
        submit_key=f"key-{number}",
        environment="DEMO",
        address=Address(f"{number} Main St", city="Detroit", state="MI", zip="48226"),
        campaign_id=None,
        created_at=START + number,
        state=State.DONE,
        provider_count=3,
    )
    return replace(plain, **changes)


def streets(page: Page) -> list[str | None]:
    return [entry.address.street1 for entry in page.entries]


def listed(stage: Stage, **search: Any) -> list[str | None]:
    return streets(history_of(stage).page(VIEWER, Search(**search)))


@pytest.mark.parametrize(
    "scenario", ["fast", "no-providers", "geocode-failed", "multiple", "never", "unauthorized", "gone-mid-poll"]
)
def test_an_entry_says_what_the_lookup_says_before_and_after_its_end(stage: Stage, scenario: str) -> None:
    history = history_of(stage)
    lookup = stage.started(scenario)
    for _ in range(2):
        stored = stage.stored(lookup)
        (entry,) = history.page(VIEWER, Search()).entries
        assert (entry.id, entry.address, entry.created_at) == (stored.id, stored.address, stored.created_at)
        assert (entry.outcome, entry.provider_count) == (stored.outcome, stored.provider_count)
        lookup = stage.watch(stored)


def test_an_entry_names_the_lowest_price_where_one_is_stated(stage: Stage) -> None:
    stage.watch(stage.start("fast"))
    assert history_of(stage).page(VIEWER, Search()).entries[0].lowest_price == Money(2999)
    stage.store.add(ended(1))
    assert history_of(stage).page(VIEWER, Search()).entries[-1].lowest_price is not None
    assert [entry.lowest_price for entry in history_of(stage).page(VIEWER, Search("Main")).entries] == [None]


def test_a_form_that_hum_refused_is_no_lookup(stage: Stage) -> None:
    assert stage.started("invalid").reason is Reason.INVALID
    assert listed(stage) == []
    assert history_of(stage).count(VIEWER) == 0


def test_pages_hold_each_lookup_once_newest_first_and_lead_back(any_stage: Stage) -> None:
    total = 2 * PAGE_SIZE + 7
    for number in range(total):
        # Every three were started in the same moment, so that pages also part lookups of one moment.
        any_stage.store.add(ended(number, created_at=START + number // 3 + 0.123456))
    history = history_of(any_stage)
    first = history.page(VIEWER, Search())
    second = history.page(VIEWER, Search(), before=first.older)
    third = history.page(VIEWER, Search(), before=second.older)
    assert [len(page.entries) for page in (first, second, third)] == [PAGE_SIZE, PAGE_SIZE, 7]
    assert streets(first) + streets(second) + streets(third) == [
        f"{number} Main St" for number in reversed(range(total))
    ]
    assert first.newer is None
    assert third.older is None
    assert history.page(VIEWER, Search(), after=third.newer) == second
    assert history.page(VIEWER, Search(), after=second.newer) == first


def test_what_comes_or_goes_meanwhile_moves_nothing_on_older_pages(stage: Stage) -> None:
    for number in range(PAGE_SIZE + 5):
        stage.store.add(ended(number))
    history = history_of(stage)
    first = history.page(VIEWER, Search())
    older = history.page(VIEWER, Search(), before=first.older)
    stage.store.add(ended(500))
    history.delete(stage.stored(ended(5)))  # the lookup that the cursor names
    assert history.page(VIEWER, Search(), before=first.older) == older
    assert streets(history.page(VIEWER, Search(), after=older.newer))[0] == "500 Main St"


@pytest.mark.parametrize("place", [Cursor(START + 0.1234567, "a-_Z9"), Cursor(0.5, "0123456789abcdefghijkl")])
def test_a_place_survives_the_query_string(place: Cursor) -> None:
    assert cursor(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "~", "1~x", "1.5", "1.5~", "nan~x", "1e9~x", "1.5~a b", "-1.5~x", f"1.5~{'x' * 23}", "١.٥~x"]
)
def test_a_place_that_cannot_be_is_none(text: str) -> None:
    assert cursor(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("bayamón", True),
        ("BAYAMON calle", True),
        ("00907-12", True),
        ("san juan, puerto rico", True),
        ("apt 2", True),
        ("ccalle", True),
        ("calle ponce", False),
        ("%", False),
        ("10_", False),
        ("/", False),
        ("\0", True),
        ("main st", False),
    ],
)
def test_every_word_must_occur_in_the_typed_or_matched_address(any_stage: Stage, text: str, found: bool) -> None:
    address = Address("100 Calle Bayamón", "Apt 2", "San Juan", "PR", "00907-1234")
    any_stage.store.add(ended(1, address=address, matched_address="100 CCALLE BAYAMON"))
    assert listed(any_stage, text=text) == (["100 Calle Bayamón"] if found else [])


def test_one_outcome_or_what_has_none_yet_can_be_asked_for(any_stage: Stage) -> None:
    any_stage.store.add(ended(1))
    any_stage.store.add(ended(2, provider_count=0))
    any_stage.store.add(ended(3, provider_count=0, state=State.GEOCODING, next_poll_at=START))
    any_stage.store.add(ended(4, state=State.PLANS, next_poll_at=START))
    assert listed(any_stage, outcome=Outcome.SERVED) == ["1 Main St"]
    assert listed(any_stage, outcome=Outcome.NO_SERVICE) == ["2 Main St"]
    assert listed(any_stage, outcome=Outcome.EXPIRED) == []
    assert listed(any_stage, unfinished=True) == ["4 Main St", "3 Main St"]
    assert listed(any_stage, unfinished=True, text="3") == ["3 Main St"]


def test_no_viewer_sees_counts_or_clears_the_lookups_of_others(any_stage: Stage) -> None:
    history = history_of(any_stage)
    any_stage.store.add(ended(1, viewer="somebody else"))
    assert history.page(VIEWER, Search()) == Page((), None, None)
    assert history.count(VIEWER) == 0
    history.clear(VIEWER)
    assert history.count("somebody else") == 1
    history.delete(ended(1))
    assert history.count("somebody else") == 1


def test_a_deleted_lookup_leaves_nothing_behind(any_stage: Stage) -> None:
    lookup = any_stage.watch(any_stage.start("fast"))
    ShareStore(any_stage.engine).add(Share("share", lookup.id, VIEWER, START, START + 100))
    history_of(any_stage).delete(lookup)
    with any_stage.engine.connect() as connection:
        for table in (lookup_table, snapshot_table, share_table):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0, table.name


def test_deleting_a_running_lookup_closes_its_session(stage: Stage) -> None:
    history = history_of(stage)
    history.delete(stage.start("never"))
    assert stage.asked("close") == 1
    assert history.count(VIEWER) == 0


def test_a_poll_in_flight_does_not_bring_a_deleted_lookup_back(stage: Stage) -> None:
    running = stage.start("fast")
    claimed = stage.claim_when_due(running)
    history_of(stage).delete(running)
    assert not stage.store.finish_poll(claimed, replace(claimed, provider_count=1), "[]")
    assert listed(stage) == []


def test_clearing_closes_the_newest_sessions_that_may_still_live_and_deletes_all(stage: Stage) -> None:
    abandoned = [stage.start("never", submit_key=f"old-{number}") for number in range(2)]
    stage.clock.sleep(SESSION_LIFE + 1)
    for number in range(MOST_CLOSED + 3):
        stage.start("never", submit_key=f"new-{number}")
    history = history_of(stage)
    assert history.count(VIEWER) == len(abandoned) + MOST_CLOSED + 3
    history.clear(VIEWER)
    assert stage.asked("close") == MOST_CLOSED
    assert history.count(VIEWER) == 0


@pytest.mark.own_database
def test_lookups_from_before_the_list_get_their_outcome_and_words(any_stage: Stage) -> None:
    cases = product(State, [None, Reason.STOPPED, Reason.UNAVAILABLE], [None, START], [0, 3], [None, *AgentState])
    lookups = [
        ended(
            number,
            state=state,
            reason=reason,
            next_poll_at=due,
            provider_count=count,
            geocoding=geocoding,
            matched_address="1 ELM ST",
        )
        for number, (state, reason, due, count, geocoding) in enumerate(cases)
    ]
    for lookup in lookups:
        any_stage.store.add(lookup)
    migrate(any_stage.engine, command.downgrade, "0001")
    migrate(any_stage.engine, command.upgrade, "head")
    with any_stage.engine.connect() as connection:
        outcomes = {
            row.id: row.outcome for row in connection.execute(sa.select(lookup_table.c.id, lookup_table.c.outcome))
        }
    assert outcomes == {lookup.id: lookup.outcome and lookup.outcome.value for lookup in lookups}
    assert listed(any_stage, text="7 main elm mi 48226", outcome=lookups[7].outcome) != []


@pytest.mark.own_database
def test_a_stored_outcome_takes_its_american_spelling(any_stage: Stage) -> None:
    any_stage.store.add(ended(1, provider_count=0, geocoding=AgentState.FAILED))
    any_stage.store.add(ended(2))
    migrate(any_stage.engine, command.downgrade, "0010")
    with any_stage.engine.connect() as connection:
        stored = connection.execute(sa.select(lookup_table.c.outcome).order_by(lookup_table.c.id)).scalars().all()
    assert stored == ["not_recognised", "served"]
    migrate(any_stage.engine, command.upgrade, "head")
    assert listed(any_stage, outcome=Outcome.NOT_RECOGNIZED) == ["1 Main St"]
    assert listed(any_stage, outcome=Outcome.SERVED) == ["2 Main St"]


def migrate(engine: sa.Engine, step: Any, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        step(config, revision)
        connection.commit()


def test_delete_all_lets_others_write_between_its_pieces_and_keeps_what_is_begun_meanwhile(stage: Stage) -> None:
    for number in range(2 * MOST_LOOKUPS + 1):
        stage.store.add(ended(-number))
    left: list[int] = []

    def another_begins(_seconds: float) -> None:
        left.append(history.count(VIEWER))
        assert stage.store.add(ended(1000 + len(left))), "another writer does not wait"

    history = History(HistoryStore(stage.engine), stage.service, clock=stage.clock, sleep=another_begins)
    history.clear(VIEWER)
    assert left == [MOST_LOOKUPS + 1, 1 + 1, 0 + 2]
    assert history.count(VIEWER) == 3
