"""AUTH=oidc against a provider that runs: the way in and out, who sees what, and answers that must let nobody in."""

from __future__ import annotations

import importlib
import json
import time
from pathlib import Path

import flask
import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.integration.sign_in.provider import (
    CLIENT,
    Claims,
    Provider,
    agree,
    go_to_provider,
    query_of,
    sign_in,
    signed_in,
)
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import SAME_SITE
from tools.together import PROVIDER_SETTINGS


def test_a_page_leads_to_the_provider_and_back_to_itself(site: Site, idp: Provider) -> None:
    visitor = site.visitor()
    address = go_to_provider(visitor, "/lookups?q=main+st")
    asked = query_of(address)
    assert address.startswith(f"{idp.issuer}/oauth2/authorize?")
    assert asked["client_id"] == CLIENT
    assert asked["redirect_uri"] == "http://localhost/sign-in/back"
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"] != asked["nonce"]
    assert "openid" in asked["scope"].split()
    answer = visitor.get(agree(address, "ada"))
    assert answer.location == "/lookups?q=main+st"
    assert visitor.get(answer.location).status == 200


def test_the_demos_own_settings_sign_an_operator_in(tmp_path: Path, idp: Provider) -> None:
    site = open_site(tmp_path, **PROVIDER_SETTINGS | {"OIDC_ISSUER": idp.issuer})
    assert signed_in(site, "operator").get("/status").status == 200
    assert signed_in(site, "user").get("/status").status == 403
    site.close()


def test_a_client_without_a_secret_signs_people_in(
    tmp_path: Path, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This provider has such clients, but lets none of them ask for a token by itself.
    grant = importlib.import_module("oidc_provider_mock._app").AuthorizationCodeGrant
    monkeypatch.setattr(grant, "TOKEN_ENDPOINT_AUTH_METHODS", ["none"])
    site = open_site(tmp_path, **idp.settings(OIDC_CLIENT_SECRET=""))
    signed_in(site, "ada")
    site.close()


def test_lookups_follow_a_person_from_one_browser_to_the_other_and_nobody_else(site: Site, idp: Provider) -> None:
    desk, phone, other = signed_in(site, "ada"), signed_in(site, "ada"), signed_in(site, "ben")
    page = desk.last(desk.look_up("instant"))
    path = desk.get("/lookups").root.find(".//h2/a").get("href")
    assert page.status == 200
    links = desk.press(desk.get(f"{path}/shares"), "Create a link")
    assert links.status == 303
    assert phone.get(path).status == 200
    assert path in phone.get("/lookups").html
    assert path not in other.get("/lookups").html
    for end in ("", "/progress", "/console", "/export.json", "/shares", "/report", "/calls.har", "/compare"):
        assert phone.get(f"{path}{end}").status == 200, end
        assert other.get(f"{path}{end}").status == 404, end
    for end in ("/stop", "/delete", "/again", "/shares", "/check-plans"):
        assert other.post(f"{path}{end}", {}).status == 404, end


def test_batches_follow_a_person_and_an_operator_may_only_count_and_delete_them(site: Site, idp: Provider) -> None:
    idp.know("olga", groups=["isp-operators"])
    desk, phone, other, operator = (signed_in(site, who) for who in ("ada", "ada", "ben", "olga"))
    form = desk.get("/batches")
    pasted = {"paste": "24 Eagle St, Albany, NY 12207\n1 Main St, Albany, NY 12207"}
    path = desk.post("/batches", form.values(form.form_with("Check the addresses")) | pasted).location
    assert phone.get(path).status == 200
    assert path in phone.get("/batches").html
    for person in (other, operator):
        assert path not in person.get("/batches").html
        for end in ("", "/progress", "/export.csv", "/export.xlsx", "/delete", "/rows/1"):
            assert person.get(f"{path}{end}").status == 404, end
        for end in ("/start", "/do/pause", "/delete", "/columns", "/rows/1"):
            assert person.post(f"{path}{end}", {}).status == 404, end
    status = operator.get("/status")
    assert "1 batch." in status.text
    assert "Eagle" not in status.text
    delete = f"/status{path}/delete"
    assert other.post(delete, {}).status == 403
    button = next(form for form in status.root.iter("form") if form.get("action") == delete)
    assert operator.post(delete, status.values(button)).status == 303
    assert phone.get(path).status == 404


def forged(name: str, value: object) -> object:
    def change(claims: Claims) -> Claims:
        return claims | {name: value}

    return change


def without(name: str) -> object:
    def change(claims: Claims) -> Claims:
        return {key: value for key, value in claims.items() if key != name}

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(forged("nonce", "another"), id="another nonce"),
        pytest.param(without("nonce"), id="no nonce"),
        pytest.param(forged("aud", "another-client"), id="another audience"),
        pytest.param(forged("aud", [CLIENT, "another-client"]), id="two audiences and no azp"),
        pytest.param(without("aud"), id="no audience"),
        pytest.param(forged("iss", "https://evil.example"), id="another issuer"),
        pytest.param(without("iss"), id="no issuer"),
        pytest.param(forged("exp", int(time.time()) - 600), id="expired"),
        pytest.param(without("exp"), id="never expires"),
        pytest.param(without("sub"), id="no subject"),
        pytest.param(forged("sub", 7), id="a number for a subject"),
        pytest.param(forged("sub", "x" * 300), id="a subject too long"),
        pytest.param(forged("sub", "ada\u202e"), id="an invisible character"),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(site: Site, idp: Provider, change: object) -> None:
    idp.changes = change  # type: ignore[assignment]
    visitor = site.visitor()
    answer = sign_in(visitor, "ada")
    assert answer.status == 400
    assert "You were not signed in" in answer.text
    assert visitor.get("/lookups").status == 302


def test_clocks_a_minute_apart_keep_nobody_out(site: Site, idp: Provider) -> None:
    for skew in (-60, 60):
        idp.changes = lambda claims, skew=skew: (  # type: ignore[misc]
            claims | {"iat": int(time.time()) + skew, "exp": int(time.time()) + skew + 30}
        )
        assert sign_in(site.visitor(), "ada").status == 302


def test_a_key_that_the_provider_does_not_publish_signs_nobody_in(site: Site, idp: Provider) -> None:
    idp.key = RSAKey.generate_key(2048, {"kid": "forged"})
    assert sign_in(site.visitor(), "ada").status == 400


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_algorithm_without_a_public_key_signs_nobody_in(tmp_path: Path, idp: Provider, algorithm: str) -> None:
    """Not even where the provider says that it signs so and publishes the key: then anybody could."""
    shared = OctKey.generate_key(256, {"kid": "shared"})

    def sign_anew(response: flask.Response) -> flask.Response:
        answer = response.get_json()
        claims = jwt.decode(answer["id_token"], KeySet.import_key_set(own)).claims
        rules = JWSRegistry(algorithms=[algorithm])
        answer["id_token"] = jwt.encode({"alg": algorithm, "kid": "shared"}, claims, shared, registry=rules)
        response.set_data(flask.json.dumps(answer))
        return response

    own = requests.get(f"{idp.issuer}/jwks", timeout=10).json()
    idp.describes = {
        "id_token_signing_alg_values_supported": ["RS256", algorithm],
        "jwks": {"keys": [*own["keys"], shared.as_dict(private=True)]},
    }
    site = open_site(tmp_path, **idp.settings())
    signed_in(site, "ada")
    idp.token_answer = sign_anew
    visitor = site.visitor()
    assert sign_in(visitor, "ada").status == 400
    assert visitor.get("/lookups").status == 302
    site.close()


def test_a_new_key_of_the_provider_is_fetched(site: Site, idp: Provider) -> None:
    signed_in(site, "ada")
    idp.key, idp.publishes_key = RSAKey.generate_key(2048, {"kid": "next-year"}), True
    signed_in(site, "ada")
    before = idp.asked.count("/jwks")
    signed_in(site, "ben")
    assert idp.asked.count("/jwks") == before, "and then kept"


def test_a_state_that_this_browser_did_not_begin_lets_nobody_in(site: Site, idp: Provider) -> None:
    mine, other = site.visitor(), site.visitor()
    back = agree(go_to_provider(other), "eve")
    assert mine.get(back).status == 400, "an answer for another browser: its person would be signed in here"
    assert mine.get("/sign-in/back").status == 400
    go_to_provider(mine)
    assert mine.get("/sign-in/back?code=x&state=forged").status == 400
    assert mine.get("/lookups").status == 302


def test_an_answer_works_once(site: Site, idp: Provider) -> None:
    visitor = site.visitor()
    back = agree(go_to_provider(visitor), "ada")
    assert visitor.get(back).status == 302
    assert visitor.get(back).status == 400
    other = site.visitor()
    state = query_of(go_to_provider(other))["state"]
    code = query_of(back)["code"]
    assert other.get(f"/sign-in/back?code={code}&state={state}").status == 400, "nor elsewhere"


def test_a_refusal_of_the_person_is_said(site: Site, idp: Provider) -> None:
    visitor = site.visitor()
    state = query_of(go_to_provider(visitor))["state"]
    answer = visitor.get(f"/sign-in/back?error=access_denied&error_description=%3Cb%3Eno&state={state}")
    assert answer.status == 400
    assert "<b>" not in answer.html


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"[]",
        b"null",
        b'{"access_token": "x"}',
        b'{"access_token": "x", "token_type": "Bearer", "id_token": 7}',
        b'{"access_token": "x", "token_type": "Bearer", "id_token": "a.b.c"}',
        b'{"error": "server_error"}',
        b"[" * 100_000,
    ],
)
def test_whatever_the_provider_answers_is_no_fault_of_ours(site: Site, idp: Provider, answer: bytes) -> None:
    def replace(response: flask.Response) -> flask.Response:
        response.set_data(answer)
        return response

    idp.token_answer = replace
    assert sign_in(site.visitor(), "ada").status == 400


def test_without_the_provider_nobody_signs_in_and_who_is_in_stays(tmp_path: Path, idp: Provider) -> None:
    site = open_site(tmp_path, **idp.settings())
    visitor = signed_in(site, "ada")
    site.close()
    away = open_site(tmp_path, site.clock, **idp.settings(OIDC_ISSUER="http://127.0.0.1:9"))
    stranger = away.visitor()
    answer = stranger.get(stranger.get("/").location)
    assert answer.status == 503
    assert "cannot be reached" in answer.text
    cookie = visitor._client.get_cookie("viewer")
    assert cookie is not None
    stranger._client.set_cookie("viewer", cookie.value)
    assert stranger.get("/lookups").status == 200
    out = stranger.press(stranger.get("/lookups"), "Sign out ada")
    assert out.status == 200
    assert "Sign out there too" not in out.text
    away.close()


def test_documents_of_another_issuer_are_not_believed(tmp_path: Path, idp: Provider) -> None:
    other = idp.issuer.replace("127.0.0.1", "localhost")
    site = open_site(tmp_path, **idp.settings(OIDC_ISSUER=f"{other}/tenant"))
    visitor = site.visitor()
    assert visitor.get(visitor.get("/").location).status == 503
    site.close()


def test_a_session_of_before_the_sign_in_is_worth_nothing_after_it(site: Site, idp: Provider) -> None:
    """An attacker who sets a cookie for a victim must not share their session."""
    visitor = site.visitor()
    back = agree(go_to_provider(visitor), "ada")
    fixed = visitor._client.get_cookie("viewer")
    assert visitor.get(back).status == 302
    attacker = site.visitor()
    assert fixed is not None
    attacker._client.set_cookie("viewer", fixed.value)
    assert attacker.get("/lookups").status == 302


def test_signing_out_ends_the_session_wherever_its_cookie_is(site: Site, idp: Provider) -> None:
    visitor, thief = signed_in(site, "ada"), site.visitor()
    cookie = visitor._client.get_cookie("viewer")
    assert cookie is not None
    thief._client.set_cookie("viewer", cookie.value)
    assert thief.get("/lookups").status == 200
    out = visitor.press(visitor.get("/lookups"), "Sign out ada")
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert "ada" not in out.text
    link = next(a.get("href") for a in out.root.iter("a") if "there too" in (a.text or ""))
    assert link.startswith(f"{idp.issuer}/oauth2/end_session?")
    assert query_of(link)["post_logout_redirect_uri"] == "http://localhost/"
    assert requests.get(link, allow_redirects=False, timeout=10).status_code < 400
    for browser in (visitor, thief):
        assert browser.get("/lookups").status == 302


def test_a_sign_in_ends_with_idleness_and_with_its_longest_time(site: Site, idp: Provider) -> None:
    visitor = signed_in(site, "ada")
    for _ in range(11):
        site.turn(3_600)
        assert visitor.get("/lookups").status == 200
    site.turn(3_600)
    assert visitor.get("/lookups").status == 302, "after 12 hours"
    idle = signed_in(site, "ada")
    site.turn(2 * 3_600)
    assert idle.get("/lookups").status == 302, "after two hours without a request"


def test_what_was_typed_outlives_the_end_of_a_sign_in(site: Site, idp: Provider) -> None:
    visitor = signed_in(site, "ada")
    form = visitor.get("/")
    site.turn(13 * 3_600)
    kept = visitor.press(form, "Look up", street1="24 Eagle St", zip="12207")
    assert kept.status == 401
    assert 'value="24 Eagle St"' in kept.html
    assert sign_in(visitor, "ada", "/").status == 302
    again = visitor.press(kept, "Send again")
    assert again.status in {303, 422, 403}
    if again.status != 303:
        assert "24 Eagle St" in again.html
        assert visitor.press(again, "Look up").status == 303


def test_a_fragment_sends_the_whole_page_to_the_sign_in(site: Site, idp: Provider) -> None:
    visitor = signed_in(site, "ada")
    page = visitor.look_up("slow")
    site.turn(13 * 3_600)
    path = page.poller.get("data-hx-get", "") if page.poller is not None else ""
    answer = visitor.get(path, **{"HX-Request": "true", "HX-Current-URL": "http://localhost/lookups/abc?x=1"})
    assert answer.status == 200
    assert query_of(answer.headers["HX-Redirect"]) == {"next": "/lookups/abc?x=1"}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "javascript:1",
        "/\n/evil.example",
    ],
)
def test_no_address_leads_away_after_the_sign_in(site: Site, idp: Provider, target: str) -> None:
    visitor = site.visitor()
    begun = visitor._client.get("/sign-in", query_string={"next": target})
    assert visitor.get(agree(begun.headers["Location"], "ada")).location == "/"
    assert visitor._client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/"


def test_a_browser_that_begins_many_sign_ins_keeps_a_small_cookie(site: Site, idp: Provider) -> None:
    visitor = site.visitor()
    addresses = [go_to_provider(visitor) for _ in range(8)]
    cookie = visitor._client.get_cookie("viewer")
    assert cookie is not None
    assert len(cookie.value) < 2_500
    assert visitor.get(agree(addresses[-2], "ada")).status == 302, "two windows may sign in at once"


def test_sign_ins_and_refusals_are_logged(capsys: pytest.CaptureFixture[str], tmp_path: Path, idp: Provider) -> None:
    site = open_site(tmp_path, **idp.settings())
    visitor = site.visitor()
    assert visitor.get("/sign-in/back?code=x&state=forged").status == 400
    user = signed_in(site, "uma")
    assert user.get("/status").status == 403
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"sign_in_failed", "audit", "refused"} <= {line["event"] for line in lines}
    (refused,) = [line for line in lines if line["event"] == "refused"]
    assert (refused["who"], refused["route"]) == ("uma", "status.page")
    assert all("timestamp" in line and "request_id" in line for line in lines if line["event"] != "hum_call")
    site.close()


def test_roles_come_from_groups(site: Site, idp: Provider) -> None:
    idp.know("olga", groups=["staff", "isp-operators"])
    idp.know("uma", groups=["staff"])
    assert signed_in(site, "olga").get("/status").status == 200
    user = signed_in(site, "uma")
    refused = user.get("/status")
    assert refused.status == 403
    assert "for operators" in refused.text
    assert "/status" not in user.get("/").html


def test_who_is_in_no_group_of_users_is_told_so(tmp_path: Path, idp: Provider) -> None:
    idp.know("stranger", groups=["elsewhere"])
    idp.know("member", groups="isp-users")
    idp.know("deep", realm={"roles": ["isp-users"]})
    site = open_site(tmp_path, **idp.settings(AUTH_USER_GROUPS="isp-users, others"))
    visitor = site.visitor()
    answer = sign_in(visitor, "stranger")
    assert answer.status == 403
    assert "may not use this site" in answer.text
    assert visitor.get("/lookups").status == 302
    signed_in(site, "member")
    site.close()
    nested = open_site(tmp_path, **idp.settings(AUTH_USER_GROUPS="isp-users", AUTH_GROUPS_CLAIM="realm.roles"))
    signed_in(nested, "deep")
    nested.close()


def test_lookups_from_before_the_sign_in_are_offered_once(tmp_path: Path, idp: Provider) -> None:
    before = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = before.visitor()
    page = visitor.look_up("instant")
    visitor.last(page)
    path = before.visitor and visitor.get("/lookups").root.find(".//h2/a").get("href")
    before.close()
    site = open_site(tmp_path, before.clock, **idp.settings())
    old = visitor._client.get_cookie("viewer")
    assert old is not None
    person = site.visitor()
    person._client.set_cookie("viewer", old.value)
    assert sign_in(person, "ada").status == 302
    assert person.get(path).status == 404
    offer = person.get("/")
    assert "This browser has lookups from before you signed in." in offer.text
    taken = person.post("/sign-in/earlier", offer.values(offer.form_with("Add to my account")) | {"do": "add"})
    assert taken.status == 303
    assert person.get(path).status == 200
    assert "from before you signed in" not in person.get("/").text
    assert signed_in(site, "ada").get(path).status == 200
    site.close()


def test_the_audit_log_tells_who_did_what_and_no_street(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, idp: Provider
) -> None:
    site = open_site(tmp_path, **idp.settings())
    visitor = signed_in(site, "ada")
    visitor.look_up(street1="24 Eagle St", zip="12207")
    visitor.press(visitor.get("/lookups"), "Sign out ada")
    logged = capsys.readouterr().out
    lines = [line for line in logged.splitlines() if '"event": "audit"' in line]
    assert [line.split('"act": "')[1].split('"')[0] for line in lines] == ["signed in", "lookup started", "signed out"]
    assert all('"who": "ada"' in line for line in lines)
    assert '"lookup": null' not in lines[1]
    assert "Eagle" not in logged
    assert "s3cret-of-ours" not in logged
    site.close()


def test_the_audit_log_tells_the_street_where_that_is_set(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, idp: Provider
) -> None:
    site = open_site(tmp_path, **idp.settings(AUDIT_ADDRESSES="1"))
    visitor = signed_in(site, "ada")
    visitor.press(visitor.get("/"), "Look up", street1="24 Eagle St", zip="12207")
    assert '"address": "24 Eagle St, 12207"' in capsys.readouterr().out
    site.close()


def test_shared_pages_and_health_need_no_sign_in(site: Site, idp: Provider) -> None:
    visitor = signed_in(site, "ada")
    visitor.last(visitor.look_up("instant"))
    path = visitor.get("/lookups").root.find(".//h2/a").get("href")
    visitor.press(visitor.get(f"{path}/shares"), "Create a link")
    link = next(
        box.get("value")
        for box in visitor.get(f"{path}/shares").root.iter("input")
        if "/shared/" in box.get("value", "")
    )
    stranger = site.visitor()
    assert stranger.get(link.removeprefix("http://localhost")).status == 200
    assert stranger.get("/healthz").status == 200
    assert stranger.get("/nothing").status == 404
    assert stranger.post("/lookups", {}, **SAME_SITE).status == 401
