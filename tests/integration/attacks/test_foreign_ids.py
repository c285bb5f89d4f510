"""What belongs to another browser is not there: by its right id, by one that was guessed, by one that has ended."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.attacks.owned import Owned, own, token_of
from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor

LOOKUP = "/lookups/<lookup_id>"


def statuses(visitor: Visitor, addresses: list[str], data: dict[str, str] | None = None) -> dict[str, int]:
    """What each address answers, read or, with `data`, pressed."""
    return {
        address: (visitor.get(address) if data is None else visitor.post(address, data)).status for address in addresses
    }


def test_the_owner_reads_everything_and_nothing_of_it_may_be_kept(owned: Owned) -> None:
    """So that the 404 of others mean something. That each page forbids keeping it is checked by the visitor, as for all
    answers.
    """
    addresses = owned.addresses("GET", LOOKUP)
    assert len(addresses) > 10
    assert statuses(owned.lookup.visitor, addresses) == dict.fromkeys(addresses, 200)


@pytest.mark.parametrize("known", [False, True], ids=["never here before", "with lookups of its own"])
def test_a_stranger_who_knows_the_id_reads_and_presses_nothing(site: Site, owned: Owned, known: bool) -> None:
    stranger = site.visitor()
    if known:
        stranger.look_up("instant")
    data = {"csrf_token": token_of(stranger.get("/")), "days": "7", "unit": "drop"}
    before = owned.lookups_and_links()
    for method, given in (("GET", None), ("POST", data)):
        addresses = owned.addresses(method, LOOKUP)
        assert statuses(stranger, addresses, given) == dict.fromkeys(addresses, 404)
    assert owned.lookups_and_links() == before


def test_a_guess_near_an_id_is_as_wrong_as_any(owned: Owned) -> None:
    id = owned.lookup.id
    for guess in (id.swapcase(), id[::-1], id[:-1], f"{id}A", f"%20{id}", f"{id}%20", "A" * 22):
        addresses = [address.replace(id, guess) for address in owned.addresses("GET", LOOKUP)]
        assert statuses(owned.lookup.visitor, addresses) == dict.fromkeys(addresses, 404)


def test_a_deleted_lookup_is_gone_for_its_owner_and_for_its_links(site: Site, owned: Owned) -> None:
    addresses = [*owned.addresses("GET", LOOKUP), f"/shared/{owned.share_token}"]
    assert owned.lookup.visitor.post(f"{owned.lookup.path}/delete", {"csrf_token": owned.csrf_token}).status == 303
    assert statuses(owned.lookup.visitor, addresses) == dict.fromkeys(addresses, 404)
    pressed = owned.addresses("POST", LOOKUP)
    assert statuses(owned.lookup.visitor, pressed, {"csrf_token": owned.csrf_token}) == dict.fromkeys(pressed, 404)


def test_a_link_opens_its_page_and_nothing_beyond(site: Site, owned: Owned) -> None:
    stranger = site.visitor()
    assert stranger.get(f"/shared/{owned.share_token}").status == 200
    for id in (owned.share_id, owned.share_token):
        addresses = [address.replace(owned.lookup.id, id) for address in owned.addresses("GET", LOOKUP)]
        assert statuses(stranger, addresses) == dict.fromkeys(addresses, 404)


def test_a_link_of_another_lookup_cannot_be_revoked_through_ones_own(site: Site, owned: Owned) -> None:
    other = own(site)
    address = f"{other.lookup.path}/shares/{owned.share_id}/revoke"
    assert other.lookup.visitor.post(address, {"csrf_token": other.csrf_token}).status == 404
    assert site.visitor().get(f"/shared/{owned.share_token}").status == 200


def test_what_can_be_no_id_is_looked_for_in_no_database(database_url: str, tmp_path: Path) -> None:
    with closing(open_site(tmp_path, DATABASE_URL=database_url)) as site:
        visitor = site.visitor()
        begun = visitor.press(visitor.get("/?scenario=instant"), "Look up").location
        data = {"csrf_token": token_of(visitor.get("/"))}
        for text in ("%00", "AAAA%00", "%ed%a0%80", "%ff", "' OR '1'='1", "%25", "_" * 22, "A" * 4_000):
            ends = ("", "/console", "/calls.har", "/plans/x", "/shares")
            assert {visitor.get(f"/lookups/{text}{end}").status for end in ends} == {404}, text
            assert visitor.get(f"/shared/{text}").status == 404, text
            assert visitor.get(f"/?from={text}").status == 200, text
            assert visitor.post(f"{begun}/shares/{text}/revoke", data).status == 404, text
            raw = text.replace("%00", "\0")
            assert visitor.post("/try", data | {"operation": "status", "lookup": raw}).status == 404, text
            assert (
                visitor.post("/lookups", data | {"street1": "1 A St", "zip": "48226", "replaces": raw}).status == 303
            ), text
