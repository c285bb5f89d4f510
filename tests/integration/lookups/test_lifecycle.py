"""`advance` on any sequence of answers, also those no sane upstream would give: a lookup only ever moves on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.lookups.stage import listed
from webapp.addresses.address import Address
from webapp.hum.sessions import AgentState, InternetServices, ServiceAddress, Session
from webapp.lookups.lifecycle import ACTIVE, Findings, Lookup, Outcome, Reason, State, advance
from webapp.lookups.store import snapshot_of

ORDER = list(State)
GEOCODING_ORDER = [
    None,
    AgentState.UNKNOWN,
    AgentState.PENDING,
    AgentState.FAILED,
    AgentState.MULTIPLE,
    AgentState.MATCHED,
]
INTERNET_ORDER: list[set[AgentState | None]] = [
    {None},
    {AgentState.UNKNOWN},
    {AgentState.PENDING, AgentState.MULTIPLE},
    {AgentState.FAILED},
    {AgentState.MATCHED},
]

NEW = Lookup(
    id="lookup",
    viewer="viewer",
    submit_key="key",
    environment="DEMO",
    address=Address("1001 Woodward Ave", zip="48226"),
    campaign_id=None,
    created_at=0.0,
    next_poll_at=30.0,
)


def answer_of(session: Session | None = None, services: InternetServices | None = None) -> Findings:
    answer = Findings(session, services)
    return answer if answer.providers is None else replace(answer, digest=snapshot_of(answer.providers)[0])


def status(geocoding: AgentState | None = None, internet: AgentState | None = None, place: str = "") -> Findings:
    return answer_of(Session("token-of-hum", geocoding, internet, ServiceAddress(place) if place else None))


agents = st.none() | st.sampled_from(AgentState)
provider_lists = st.none() | st.lists(st.integers(0, 3), max_size=4).map(lambda counts: listed(*counts))
places = st.none() | st.builds(ServiceAddress, st.sampled_from(["", "1 MAIN ST", "2 MAIN ST"]))
sessions = st.builds(Session, st.sampled_from([None, "token-of-hum"]), agents, agents, places, provider_lists)
services = st.builds(InternetServices, st.booleans(), provider_lists, agents, agents, places)
answers = st.builds(answer_of, st.none() | sessions, st.none() | services)
beginnings = st.builds(
    lambda state, polls, token: replace(NEW, state=state, polls=polls, token=token),
    st.sampled_from(State),
    st.integers(0, 9),
    st.sampled_from([None, "token-of-hum"]),
)


@given(beginnings, st.lists(answers, min_size=1, max_size=8))
def test_nothing_moves_back(lookup: Lookup, sequence: list[Findings]) -> None:
    for seconds, answer in enumerate(sequence, start=1):
        after = advance(lookup, answer, float(seconds))

        assert ORDER.index(after.state) >= ORDER.index(lookup.state)
        assert lookup.active or after.state is lookup.state
        assert GEOCODING_ORDER.index(after.geocoding) >= GEOCODING_ORDER.index(lookup.geocoding)
        assert internet_rank(after.internet) >= internet_rank(lookup.internet)
        assert after.provider_count or not lookup.provider_count, "providers that were shown vanished"
        assert bool(after.matched_address) >= bool(lookup.matched_address)
        for once in ("token", "geocoded_at", "providers_at", "finished_at"):
            assert getattr(lookup, once) in {None, getattr(after, once)}, f"{once} is written once"
        assert (after.finished_at is None) or not after.active
        lookup = after


@given(beginnings, answers)
def test_the_same_answer_twice_changes_no_fact(lookup: Lookup, answer: Findings) -> None:
    once = advance(lookup, answer, 1.0)
    twice = advance(once, answer, 2.0)
    for fact in (
        "geocoding",
        "internet",
        "matched_address",
        "provider_count",
        "plan_count",
        "plans_missing",
        "snapshot_digest",
        "token",
    ):
        assert getattr(twice, fact) == getattr(once, fact)


def internet_rank(status: AgentState | None) -> int:
    return next(rank for rank, equals in enumerate(INTERNET_ORDER) if status in equals)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([status()], State.GEOCODING),
        ([status(AgentState.PENDING, AgentState.PENDING)], State.GEOCODING),
        ([status(AgentState.UNKNOWN, AgentState.UNKNOWN)], State.GEOCODING),
        ([status(AgentState.MATCHED, AgentState.PENDING)], State.INTERNET),
        ([status(AgentState.MULTIPLE, AgentState.PENDING)], State.INTERNET),
        ([status(place="1 MAIN ST")], State.GEOCODING),
        ([status(AgentState.FAILED, AgentState.PENDING)], State.DONE),
        ([status(AgentState.MATCHED, AgentState.FAILED)], State.DONE),
        ([status(AgentState.MATCHED, AgentState.MATCHED)], State.INTERNET),
        ([status(AgentState.MATCHED), answer_of(services=InternetServices(True, listed()))], State.DONE),
        ([status(AgentState.MATCHED), answer_of(services=InternetServices(False, listed()))], State.INTERNET),
        ([status(AgentState.MATCHED), answer_of(services=InternetServices(True, None))], State.INTERNET),
        ([status(AgentState.MATCHED), answer_of(services=InternetServices(True, listed(2, 1)))], State.DONE),
        ([status(AgentState.MATCHED), answer_of(services=InternetServices(True, listed(2, 0)))], State.DONE),
        ([status(AgentState.MATCHED), answer_of(services=InternetServices(True, listed(0, 0)))], State.PLANS),
        ([status(AgentState.MATCHED), *[answer_of(services=InternetServices(True, listed(0, 0)))] * 2], State.DONE),
        # What comes after a failure word: a flapping agent takes nothing away from a match, nor a match from a failure
        # that ended it.
        ([status(AgentState.MATCHED), status(AgentState.PENDING), status(None)], State.INTERNET),
        ([status(AgentState.FAILED), status(AgentState.MATCHED, AgentState.PENDING)], State.DONE),
    ],
)
def test_the_state_after_answers(answers: list[Findings], state: State) -> None:
    lookup = replace(NEW, token="token-of-hum", polls=1)
    for answer in answers:
        lookup = advance(lookup, answer, 1.0)
    assert lookup.state is state


def test_providers_in_the_first_answer_still_wait_for_the_matched_address() -> None:
    first = advance(NEW, answer_of(Session("token-of-hum", providers=listed(2, 1))), 1.0)
    assert (first.state, first.provider_count, first.providers_at) == (State.PLANS, 2, 1.0)
    asked = advance(replace(first, polls=1), status(place="1 MAIN ST"), 2.0)
    assert asked.state is State.DONE


def test_providers_without_a_token_are_all_there_will_be() -> None:
    assert advance(NEW, answer_of(Session(None, providers=listed(2, 1))), 1.0).state is State.DONE


def test_an_empty_list_after_a_full_one_takes_nothing_away() -> None:
    full = advance(replace(NEW, polls=1), answer_of(services=InternetServices(True, listed(0, 0))), 1.0)
    after = advance(full, answer_of(services=InternetServices(True, listed())), 2.0)
    assert (after.provider_count, after.snapshot_digest) == (2, full.snapshot_digest)


def test_an_answer_ends_trouble() -> None:
    troubled = replace(NEW, state=State.INTERNET, token="token-of-hum", reason=Reason.UNAVAILABLE, failures=2)
    after = advance(troubled, status(AgentState.MATCHED), 1.0)
    assert (after.reason, after.failures) == (None, 0)


@pytest.mark.parametrize(
    ("lookup", "outcome"),
    [
        (replace(NEW), None),
        (replace(NEW, state=State.DONE, provider_count=1), Outcome.SERVED),
        (replace(NEW, state=State.DONE, provider_count=1, geocoding=AgentState.MULTIPLE), Outcome.SERVED),
        (replace(NEW, state=State.DONE), Outcome.NO_SERVICE),
        (replace(NEW, state=State.DONE, geocoding=AgentState.MATCHED, internet=AgentState.FAILED), Outcome.NO_SERVICE),
        (replace(NEW, state=State.DONE, geocoding=AgentState.FAILED), Outcome.NOT_RECOGNIZED),
        (replace(NEW, state=State.DONE, geocoding=AgentState.MULTIPLE), Outcome.AMBIGUOUS),
        (replace(NEW, state=State.INTERNET, next_poll_at=None), Outcome.STILL_UNKNOWN),
        (replace(NEW, state=State.INTERNET, next_poll_at=None, geocoding=AgentState.MULTIPLE), Outcome.AMBIGUOUS),
        (replace(NEW, state=State.INTERNET, next_poll_at=None, reason=Reason.UNAVAILABLE), Outcome.REFUSED),
        (replace(NEW, state=State.EXPIRED), Outcome.EXPIRED),
        (replace(NEW, state=State.EXPIRED, provider_count=1), Outcome.SERVED),
        (replace(NEW, state=State.FAILED, reason=Reason.NOT_AUTHORIZED), Outcome.REFUSED),
        (replace(NEW, state=State.FAILED, reason=Reason.STOPPED), Outcome.STOPPED),
        (replace(NEW, state=State.DONE, reason=Reason.STOPPED, provider_count=1), Outcome.SERVED),
    ],
)
def test_every_end_has_its_own_outcome(lookup: Lookup, outcome: Outcome | None) -> None:
    assert lookup.outcome is outcome
    if lookup.state not in ACTIVE:
        assert not lookup.can_resume


def test_the_token_is_in_no_repr() -> None:
    assert "token-of-hum" not in repr(replace(NEW, token="token-of-hum"))
    assert "token-of-hum" not in repr(status(AgentState.MATCHED))
