"""Every route is on the list of who may use it, and the list is kept."""

from __future__ import annotations

import pytest

from tests.integration.sign_in.provider import Provider, signed_in
from tests.integration.web.site import Site
from webapp.web.access import ACCESS, AUDITED, Access

NEVER_FOUND = {
    "lookup_id": "A" * 22,
    "viewer": "p-nobody",
    "token": "x",
    "kind": "txt",
    "key": "x",
    "share_id": "x",
    "number": "1",
    "batch_id": "A" * 22,
    "action": "pause",
    "row_key": "1",
    "position": "1",
}


def addresses(site: Site, access: Access) -> list[tuple[str, str]]:
    """Method and path of every route that is open to these."""
    found = []
    for rule in site.app.url_map.iter_rules():
        if ACCESS[rule.endpoint] is access:
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<int:{argument}>", NEVER_FOUND[argument]).replace(
                    f"<{argument}>", NEVER_FOUND[argument]
                )
            found += [(method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_every_route_is_on_the_list_and_nothing_else(site: Site) -> None:
    routes = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert routes == ACCESS.keys()
    assert AUDITED.keys() <= routes


def test_every_route_that_changes_something_is_for_persons_or_operators(site: Site) -> None:
    open_to_all = addresses(site, Access.ANYONE) + addresses(site, Access.MACHINES)
    assert [path for method, path in open_to_all if method == "POST"] == ["/sign-out", "/sign-in/provider-signs-out"]


@pytest.mark.parametrize("access", [Access.PERSON, Access.OPERATOR, Access.OPERATOR_WHEN_LIVE])
def test_without_a_sign_in_no_such_route_answers(site: Site, idp: Provider, access: Access) -> None:
    stranger = site.visitor()
    found = addresses(site, access)
    assert found
    for method, path in found:
        page = stranger.get(path) if method == "GET" else stranger.post(path, {})
        assert page.status == (302 if method == "GET" else 401), path
        if method == "GET":
            assert page.location.startswith("/sign-in?next=")


def test_routes_of_operators_refuse_users(site: Site, idp: Provider) -> None:
    user = signed_in(site, "uma")
    assert {user.get(path).status for method, path in addresses(site, Access.OPERATOR) if method == "GET"} == {403}
