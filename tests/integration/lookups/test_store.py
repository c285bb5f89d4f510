"""Rows: what is stored comes back as it was, to its owner only, and a claim is won once."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from sqlalchemy.exc import IntegrityError

from tests.integration.lookups.stage import START, VIEWER, Stage, listed
from webapp.addresses.address import Address
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import ACTIVE, Lookup, Reason, State
from webapp.lookups.store import snapshot_of

FULL = Lookup(
    id="0123456789abcdefghijkl",
    viewer=VIEWER,
    submit_key="key",
    environment="SANDBOX",
    address=Address("100 Calle Bayamón", "Apt 2", "San Juan", "PR", "00907-1234"),
    campaign_id="summer",
    created_at=START + 0.123456,
    state=State.PLANS,
    reason=Reason.UNAVAILABLE,
    token="token-of-hum",
    geocoding=AgentState.MULTIPLE,
    internet=AgentState.UNKNOWN,
    matched_address="100 CALLE BAYAMON \N{SNOWMAN}",
    latitude=18.4655,
    longitude=-66.1057,
    warning="Some provider details are incomplete",
    data_set="25041808",
    provider_count=3,
    plan_count=7,
    lowest_price=2999,
    plans_missing=1,
    left_out=2,
    snapshot_digest="d" * 64,
    answered_at=START + 1,
    geocoded_at=START + 2,
    providers_at=START + 3,
    finished_at=START + 4,
    polls=5,
    window_polls=4,
    window_started_at=START + 5,
    window_seconds=33.5,
    next_poll_at=START + 6,
    claimed_at=START + 7,
    failures=1,
    dropped_unit="Apt 4",
    left_at=START + 5.5,
    batch_id="a-batch",
)


def test_every_field_survives_being_stored(any_stage: Stage) -> None:
    defaults = Lookup("id", VIEWER, "key", "DEMO", Address("1 Main St"), None, START)
    unset = [
        field.name for field in fields(Lookup) if getattr(FULL, field.name) in {None, getattr(defaults, field.name)}
    ]
    assert unset == ["viewer", "submit_key"], (
        "each other field has a value of its own, or this test proves nothing about it"
    )

    assert any_stage.store.add(FULL)
    assert any_stage.store.get(FULL.id, VIEWER) == FULL
    assert any_stage.store.add(defaults) is False, "the submit key is taken"
    other = replace(defaults, submit_key="other")
    assert any_stage.store.add(other)
    assert any_stage.store.get("id", VIEWER) == other


def test_only_a_submit_key_sent_again_is_a_double_click(any_stage: Stage) -> None:
    assert any_stage.store.add(FULL)
    assert not any_stage.store.add(replace(FULL, id="another"))
    with pytest.raises(IntegrityError):
        any_stage.store.add(replace(FULL, submit_key="another"))


def test_a_lookup_is_only_found_by_its_viewer(any_stage: Stage) -> None:
    lookup = any_stage.start("fast")
    assert any_stage.service.find(lookup.id, VIEWER) == lookup
    assert any_stage.service.find(lookup.id, "another-viewer") is None
    assert any_stage.service.find(lookup.id, "") is None
    assert any_stage.service.find(lookup.id.swapcase(), VIEWER) is None
    assert any_stage.service.find("", VIEWER) is None
    assert any_stage.store.find_submitted("another-viewer", lookup.submit_key) is None


def test_a_claim_is_won_once(any_stage: Stage) -> None:
    due = replace(FULL, next_poll_at=START, claimed_at=None)
    any_stage.store.add(due)
    claimed = any_stage.store.claim_poll(due, now=START, lease_until=START + 20)
    assert claimed == replace(due, next_poll_at=START + 20, polls=6, claimed_at=START)
    assert any_stage.store.get(due.id, VIEWER) == claimed
    assert any_stage.store.claim_poll(due, now=START, lease_until=START + 20) is None, "with what was seen before"
    assert any_stage.store.claim_poll(claimed, now=START + 19.9, lease_until=START + 40) is None, (
        "with what is there now"
    )

    second = any_stage.store.claim_poll(claimed, now=START + 20, lease_until=START + 40)
    assert second is not None
    assert not any_stage.store.finish_poll(claimed, claimed, None)
    assert any_stage.store.finish_poll(second, second, None)


def test_an_old_view_claims_nothing_even_when_a_poll_is_due(any_stage: Stage) -> None:
    any_stage.store.add(replace(FULL, next_poll_at=START))
    assert any_stage.store.claim_poll(replace(FULL, polls=4), now=START + 1, lease_until=START + 20) is None


@pytest.mark.parametrize("state", State)
def test_only_what_is_active_and_scheduled_can_be_claimed_or_interrupted(stage: Stage, state: State) -> None:
    scheduled = replace(FULL, state=state, next_poll_at=START)
    stage.store.add(scheduled)
    assert (stage.store.claim_poll(scheduled, now=START, lease_until=START + 20) is not None) is (state in ACTIVE)

    paused = replace(scheduled, id="paused", submit_key="paused", next_poll_at=None)
    stage.store.add(paused)
    assert stage.store.claim_poll(paused, now=START, lease_until=START + 20) is None
    assert stage.store.interrupt(paused, paused) is (state in ACTIVE)


def test_the_provider_list_is_replaced_by_the_winner_only(any_stage: Stage) -> None:
    claimed = replace(FULL, next_poll_at=START)
    any_stage.store.add(claimed)
    assert any_stage.store.providers(claimed.id) is None
    for providers in (listed(1, 2), listed(3)):
        digest, body = snapshot_of(providers)
        assert any_stage.store.finish_poll(claimed, replace(claimed, snapshot_digest=digest), body)
        assert any_stage.store.providers(claimed.id) == providers.raw
    overtaken = replace(claimed, polls=claimed.polls - 1)
    assert not any_stage.store.finish_poll(overtaken, overtaken, snapshot_of(listed())[1])
    assert any_stage.store.providers(claimed.id) == listed(3).raw


def test_digests_tell_contents_not_spellings() -> None:
    assert snapshot_of(listed(1, 2)) == snapshot_of(listed(1, 2))
    assert snapshot_of(listed(1, 2))[0] != snapshot_of(listed(2, 1))[0]


@pytest.mark.parametrize("scenario", ["fast", "instant", "null-fields"])
def test_no_secret_is_stored_with_the_providers(stage: Stage, scenario: str) -> None:
    lookup = stage.watch(stage.start(scenario))
    stored = str(stage.store.providers(lookup.id))
    assert "provider_name" in stored
    assert "security_token" not in stored
    assert str(lookup.token) not in stored
