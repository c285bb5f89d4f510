"""Another site's page presses nothing here, and a form that was not ours does nothing: for every address that takes a
POST.
"""

from __future__ import annotations

import pytest

from tests.integration.attacks.owned import Owned, token_of
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time

FIELDS = {
    "street1": "1 A St",
    "zip": "48226",
    "operation": "create",
    "days": "7",
    "speed": "fast",
    "on": "1",
    "do": "split",
    "paste": "1 Main St, Detroit, MI 48226",
}
HOSTILE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
    {"Origin": "null"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://evil.example/localhost"},
    {"Origin": "http://localhost@evil.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://["},
    {"Origin": ""},
)


def test_no_other_site_presses_a_button_even_with_the_right_token(owned: Owned) -> None:
    before = owned.lookups_and_links()
    fields = FIELDS | {"csrf_token": owned.csrf_token}
    addresses = owned.addresses("POST")
    assert len(addresses) > 10
    for headers in HOSTILE:
        answers = {
            address: owned.lookup.visitor.post_without_metadata(address, fields, **headers).status
            for address in addresses
        }
        assert answers == dict.fromkeys(addresses, 403), headers
    assert owned.lookups_and_links() == before


def test_no_button_works_without_the_token_of_its_own_session(site: Site, owned: Owned) -> None:
    before = owned.lookups_and_links()
    forged = "IjAi.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa"
    for token in ("", forged, owned.csrf_token[:-1], token_of(site.visitor().get("/"))):
        answers = {
            address: owned.lookup.visitor.post(address, FIELDS | {"csrf_token": token}).status
            for address in owned.addresses("POST")
        }
        # The forms that people have typed into come back filled.
        assert {address for address, status in answers.items() if status == 422} == {
            "/lookups",
            "/address-form",
            "/try",
            f"/batches/{owned.batch_id}/rows/1",
        }
        assert set(answers.values()) == {403, 422}
    assert owned.lookups_and_links() == before


def test_with_it_they_work(owned: Owned) -> None:
    """So that the refusals above mean something."""
    fields = FIELDS | {"csrf_token": owned.csrf_token}
    # Deleting comes last, for nothing is left to press then.
    addresses = sorted(owned.addresses("POST"), key=lambda address: address.endswith(("/delete", "/clear")))
    answers = {address: owned.lookup.visitor.post(address, fields).status for address in addresses}
    assert set(answers.values()) <= {200, 204, 303}, answers


def test_no_kind_of_body_starts_a_lookup_for_a_page_that_cannot_read_ours(site: Site) -> None:
    address = b'{"street1": "1 A St", "zip": "48226"}'
    part = b'--x\r\nContent-Disposition: form-data; name="street1"\r\n\r\n1 A St\r\n--x--\r\n'
    bodies = {
        "text/plain": address,
        "application/json": address,
        "application/x-www-form-urlencoded": b"street1=1+A+St&zip=48226",
        "multipart/form-data; boundary=x": part,
    }
    for kind, body in bodies.items():
        for said, status in (("cross-site", 403), ("same-origin", 422 if "form" in kind else 415)):
            answer = site.app.test_client().post(
                "/lookups", data=body, content_type=kind, headers={"Sec-Fetch-Site": said}
            )
            assert answer.status_code == status, kind
    assert not site.secrets_of_sessions()


def test_reading_starts_shares_and_deletes_nothing(owned: Owned) -> None:
    """Whatever another site can make a browser load with its cookie: a link, a picture."""
    before = owned.lookups_and_links()
    query = "&".join(f"{name}={value}" for name, value in {**FIELDS, "csrf_token": owned.csrf_token}.items())
    for address in owned.addresses("GET"):
        assert owned.lookup.visitor.get(f"{address}?{query}", **{"Sec-Fetch-Site": "cross-site"}).status in {
            200,
            302,
            303,
        }
    assert owned.lookups_and_links() == before


def test_a_method_that_is_overridden_is_no_other_method(owned: Owned) -> None:
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        assert owned.lookup.visitor.get(f"{owned.lookup.path}/delete?_method=POST", **{name: "POST"}).status == 405
    assert owned.lookup.page().status == 200


def test_a_refused_write_costs_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path_factory.mktemp("state"))
    visitor = site.visitor()
    fields = FIELDS | {"csrf_token": token_of(visitor.get("/"))}
    for headers in HOSTILE:
        assert visitor.post_without_metadata("/lookups", fields, **headers).status == 403
    assert site.upstream_calls("create") == 0
    assert visitor.post("/lookups", fields).status == 303
    assert site.upstream_calls("create") == 1
    site.close()
