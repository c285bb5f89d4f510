"""Share links: they open one lookup for whoever has them, until they end; nobody can guess, alter, list or revoke
another's.
"""

from __future__ import annotations

import pytest

from tests.integration.lookups.stage import START, VIEWER, Stage
from webapp.lookups.history import History, HistoryStore
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.sharing import DAY, DAYS, LONGEST_TOKEN, Share, ShareStore, Sharing

SECRET = b"a secret of thirty-two bytes ..."


def sharing_of(stage: Stage, secret: bytes = SECRET) -> Sharing:
    return Sharing(ShareStore(stage.engine), stage.service, secret=secret, clock=stage.clock)


@pytest.fixture
def sharing(stage: Stage) -> Sharing:
    return sharing_of(stage)


@pytest.fixture
def lookup(stage: Stage) -> Lookup:
    return stage.watch(stage.start("fast"))


@pytest.mark.parametrize(
    ("revoked_at", "now", "valid"),
    [
        (None, 10.0, True),
        (None, 99.9, True),
        (None, 100.0, False),
        (None, 500.0, False),
        (50.0, 10.0, False),
        (50.0, 60.0, False),
    ],
)
def test_a_link_is_valid_until_its_end_unless_it_was_revoked(revoked_at: float | None, now: float, valid: bool) -> None:
    assert Share("id", "lookup", "viewer", 0.0, 100.0, revoked_at).is_valid(now) is valid


def test_a_link_opens_the_lookup_as_stored(any_stage: Stage) -> None:
    sharing = sharing_of(any_stage)
    running = any_stage.start("fast")
    share = sharing.share(running, 7)
    opened = sharing.open(sharing.token(share))
    assert opened is not None
    assert (opened.lookup, opened.share) == (running, share)
    ended = any_stage.watch(running)
    opened = sharing.open(sharing.token(share))
    assert opened is not None
    assert opened.lookup == ended


def test_opening_a_link_asks_hum_nothing(stage: Stage, sharing: Sharing) -> None:
    share = sharing.share(stage.start("fast"), 7)
    stage.clock.sleep(10)
    asked = len(stage.calls)
    assert sharing.open(sharing.token(share)) is not None
    assert len(stage.calls) == asked


@pytest.mark.parametrize("days", DAYS)
def test_a_link_lives_as_long_as_chosen(stage: Stage, sharing: Sharing, lookup: Lookup, days: int) -> None:
    token = sharing.token(sharing.share(lookup, days))
    stage.clock.sleep(days * DAY - 1)
    assert sharing.open(token) is not None
    stage.clock.sleep(1)
    assert sharing.open(token) is None


@pytest.mark.parametrize("days", [0, -1, 2, 365])
def test_no_other_life_can_be_chosen(sharing: Sharing, lookup: Lookup, days: int) -> None:
    with pytest.raises(ValueError, match="lives for one of"):
        sharing.share(lookup, days)
    assert sharing.links(lookup) == []


def test_a_revoked_link_opens_nothing_and_the_others_stay(any_stage: Stage) -> None:
    sharing = sharing_of(any_stage)
    lookup = any_stage.start("fast")
    first, second = sharing.share(lookup, 1), sharing.share(lookup, 30)
    assert sharing.revoke(lookup, first.id)
    assert sharing.open(sharing.token(first)) is None
    assert sharing.open(sharing.token(second)) is not None
    revoked_at = any_stage.clock.now
    any_stage.clock.sleep(60)
    assert sharing.revoke(lookup, first.id)
    assert {share.id: share.revoked_at for share in sharing.links(lookup)} == {first.id: revoked_at, second.id: None}


def test_links_are_listed_newest_first(stage: Stage, sharing: Sharing, lookup: Lookup) -> None:
    made = []
    for days in DAYS:
        made.append(sharing.share(lookup, days))
        stage.clock.sleep(1)
    assert sharing.links(lookup) == made[::-1]


def test_a_link_to_a_deleted_lookup_opens_nothing(stage: Stage, sharing: Sharing, lookup: Lookup) -> None:
    token = sharing.token(sharing.share(lookup, 7))
    History(HistoryStore(stage.engine), stage.service, clock=stage.clock).delete(lookup)
    assert sharing.open(token) is None


def test_any_altered_letter_opens_nothing(stage: Stage, sharing: Sharing, lookup: Lookup) -> None:
    token = sharing.token(sharing.share(lookup, 7))
    # The very last letter of a base64 text carries spare bits, so the one before it is the last that must count.
    for place in range(len(token) - 1):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert sharing.open(altered) is None, place


@pytest.mark.parametrize(
    "token", ["", ".", "abc", "a.b", "a.b.c", "\0", "é", "..%2f", "x" * LONGEST_TOKEN, "x" * 100_000]
)
def test_what_is_no_token_opens_nothing(sharing: Sharing, token: str) -> None:
    assert sharing.open(token) is None


def test_an_id_without_a_signature_or_with_that_of_another_secret_opens_nothing(
    stage: Stage, sharing: Sharing, lookup: Lookup
) -> None:
    share = sharing.share(lookup, 7)
    assert sharing.open(share.id) is None
    assert sharing.open(sharing_of(stage, b"another secret of thirty-two b..").token(share)) is None


def test_links_cannot_be_guessed_from_one_another(sharing: Sharing, lookup: Lookup) -> None:
    ids = {sharing.share(lookup, 7).id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(share_id) == 22 for share_id in ids), "128 bits in base64"
    assert lookup.id not in ids


def test_no_viewer_lists_or_revokes_the_links_of_others(any_stage: Stage) -> None:
    sharing = sharing_of(any_stage)
    mine = any_stage.start("fast")
    theirs = any_stage.start("fast", viewer="somebody else")
    share = sharing.share(theirs, 7)
    assert sharing.links(mine) == []
    assert not sharing.revoke(mine, share.id)
    assert not sharing.revoke(theirs_as_seen_by(VIEWER, theirs), share.id)
    assert sharing.open(sharing.token(share)) is not None


def theirs_as_seen_by(viewer: str, lookup: Lookup) -> Lookup:
    """Their lookup under another viewer's name, which no page gives away."""
    return Lookup(lookup.id, viewer, "key", "DEMO", lookup.address, None, START)
