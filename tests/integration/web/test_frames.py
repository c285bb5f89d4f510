"""The lookup in a frame of another site's page: who may hold it, what it may do, and what it never does."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from werkzeug.test import TestResponse

from tests.integration.web.site import Site, open_site
from tests.paths import ROOT
from webapp.embedding.capability import LIFE

ORIGIN = "https://intranet.example.com"
SECRET = "shared with the intranet, and nobody else"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site(tmp_path, EMBED_ORIGINS=f"{ORIGIN} https://*.example.org")
    yield opened
    opened.close()


@pytest.fixture
def frame(site: Site) -> FlaskClient:
    """A browser that keeps no cookie of ours, because it is asked in a frame."""
    return site.app.test_client(use_cookies=False)


def entry(frame: FlaskClient, **query: str) -> TestResponse:
    return frame.get(f"/embed?{urlencode({'origin': ORIGIN, **query})}")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])


def begin(frame: FlaskClient, page: str, street: str = "1001 Woodward Ave", **more: str) -> TestResponse:
    """Sends the form of a page; what came of it."""
    action = re.search(r'id="address-form" method="post" action="([^"]+)"', page)
    assert action is not None
    typed = {"street1": street, "zip": "48226", **{name: hidden(page, name) for name in ("csrf_token", "submit_key")}}
    return frame.post(action[1], data=typed | more, headers={"Sec-Fetch-Site": "same-origin"})


def look_up(site: Site, frame: FlaskClient, page: str, street: str = "1001 Woodward Ave", **more: str) -> str:
    """A lookup to its end; the path of its page."""
    path = begin(frame, page, street, **more).location
    for _ in range(60):
        fragment = frame.get(f"{path}/progress?seen=x", headers={"HX-Request": "true"}).text
        if "load delay" not in fragment:
            return path
        site.turn(2.5)
    raise AssertionError("the lookup does not end")


def test_a_frame_shows_the_same_pages_without_a_cookie(site: Site, frame: FlaskClient) -> None:
    first = entry(frame)
    path = look_up(site, frame, first.text)
    page = frame.get(path)
    assert "6 providers" in page.text
    compared = re.findall(r'name="plan" value="([^"]+)"', page.text)[:2]
    answers = [first, page, frame.get(f"{path}/compare?{urlencode([('plan', key) for key in compared])}")]
    answers += [frame.get(f"{path}/export.csv"), frame.get(f"{path}/print")]
    for answer in answers:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        policy = answer.headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors {ORIGIN}")
        assert "X-Frame-Options" not in answer.headers
    for gone in ("/lookups/clear", "Many addresses", "Presenter mode", "Share this result", "/shares", "console"):
        assert gone not in page.text


def test_what_the_page_around_it_is_told(site: Site, frame: FlaskClient) -> None:
    path = look_up(site, frame, entry(frame).text)
    told = re.search(r'data-told="([^"]*)"', frame.get(path).text)
    assert told is not None
    result = json.loads(html.unescape(told[1]))
    assert (result["outcome"], result["provider_count"], result["environment"]) == ("served", 6, "DEMO")
    assert result["best"][0]["title"] == "Cheapest"
    assert result["best"][0]["monthly_price"] > 0
    assert not site.secrets_of_sessions() & set(re.findall(r"\w{20,}", told[1]))
    assert "Woodward" not in told[1]


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://evil.net",
        "https://evil-example.org",
        "https://example.org",
        "https://a.example.org.evil.net",
        "https://a.example.org:8443",
        "http://a.example.org",
        f"{ORIGIN};script-src *",
        f"{ORIGIN}\r\nSet-Cookie: a=b",
        f"{ORIGIN} https://evil.net",
    ],
)
def test_a_site_that_is_not_listed_holds_nothing(origin: str, frame: FlaskClient) -> None:
    answer = frame.get(f"/embed?origin={quote(origin)}")
    assert answer.status_code == 403
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "address-form" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/lookups", "/scenarios", "/status", "/batches", "/try", "/embed/check", "/tour"]
)
def test_the_rest_of_the_site_is_held_by_nobody(path: str, frame: FlaskClient) -> None:
    answer = frame.get(path)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path", ["lookups", "status", "batches", "try", "presenter", "scenarios", "tour", "lookups/clear", "embed/check"]
)
def test_a_frame_has_no_business_elsewhere(path: str, frame: FlaskClient) -> None:
    inside = re.search(r'action="([^"]+/)lookups"', entry(frame).text)
    assert inside is not None
    assert frame.get(f"{inside[1]}{path}").status_code == 404


def test_a_query_of_many_fields_opens_nothing(frame: FlaskClient) -> None:
    assert frame.get(f"/embed?origin={ORIGIN}{'&a=b' * 100}").status_code == 403


def test_a_frame_has_no_calls(site: Site, frame: FlaskClient) -> None:
    path = look_up(site, frame, entry(frame).text)
    assert "POST /sessions" not in frame.get(f"{path}?calls=1").text


@pytest.mark.parametrize("dest", ["document", "empty", "script", "image"])
def test_only_a_frame_opens_one(dest: str, frame: FlaskClient) -> None:
    assert frame.get(f"/embed?origin={ORIGIN}", headers={"Sec-Fetch-Dest": dest}).status_code == 403
    assert frame.get(f"/embed?origin={ORIGIN}", headers={"Sec-Fetch-Dest": "iframe"}).status_code == 200


def test_a_capability_ends(site: Site, frame: FlaskClient) -> None:
    page = entry(frame).text
    path = look_up(site, frame, page)
    site.turn(LIFE + 1)
    for answer in (frame.get(path), begin(frame, page), frame.get(f"{path}/progress", headers={"HX-Request": "true"})):
        assert answer.status_code in {404, 405}
        assert "Woodward" not in answer.text
    assert "This form has ended" in frame.get(path).text
    assert f"frame-ancestors {ORIGIN}" in frame.get(path).headers["Content-Security-Policy"], "it is seen in the frame"
    assert "frame-ancestors 'none'" in frame.get(f"{path[:20]}x{path[20:]}").headers["Content-Security-Policy"]


def test_a_site_taken_off_the_list_holds_nothing(site: Site, frame: FlaskClient, tmp_path: Path) -> None:
    path = look_up(site, frame, entry(frame).text)
    other = open_site(tmp_path, site.clock, EMBED_ORIGINS="https://*.example.org")
    assert other.app.test_client().get(path).status_code == 404
    other.close()


def test_one_frame_sees_nothing_of_another(site: Site, frame: FlaskClient) -> None:
    first, second = entry(frame).text, entry(frame).text
    path = look_up(site, frame, first)
    inside = re.search(r'action="([^"]+/)lookups"', second)
    assert inside is not None
    assert frame.get(f"{inside[1]}lookups/{path.rpartition('/')[2]}").status_code == 404
    assert frame.get(f"/lookups/{path.rpartition('/')[2]}").status_code == 404


@pytest.mark.parametrize("scenario", ["normal", "no-providers", "multiple", "geocode-failed", "never", "slow"])
def test_every_way_on_from_an_end_stays_in_the_frame(scenario: str, site: Site, frame: FlaskClient) -> None:
    page = entry(frame).text
    inside = page.split('data-form="', 1)[1].split('"', 1)[0]
    address = dict(site.services.example_address(scenario))
    seen, to_see = set[str](), [look_up(site, frame, page, address.pop("street1"), **address)]
    while to_see:
        address = to_see.pop()
        seen.add(address)
        answer = frame.get(address)
        assert answer.status_code == 200, address
        if not answer.content_type.startswith("text/html"):
            continue
        for kind, found in re.findall(
            r'\s(href|action|formaction|data-hx-get|data-hx-post)="([^"#][^"]*)"', answer.text
        ):
            target = html.unescape(found).partition("#")[0]
            if target.startswith(("https:", "tel:", "data:", "/static/")):
                continue
            assert target.startswith(inside), (address, kind, target)
            is_new = target.partition("?")[0] not in {each.partition("?")[0] for each in (*seen, *to_see)}
            if kind == "href" and is_new:
                to_see.append(target)
    assert len(seen) > 1


def test_a_link_is_made_for_the_frames_own_result_only(site: Site, frame: FlaskClient) -> None:
    page = entry(frame).text
    path = look_up(site, frame, page)
    lookup_id = path.rpartition("/")[2]
    make = path.replace(f"/lookups/{lookup_id}", f"/embed/share/{lookup_id}")
    own = {"Sec-Fetch-Site": "same-origin"}
    assert frame.post(make, data={}, headers=own).status_code == 403
    made = frame.post(make, data={"csrf_token": hidden(page, "csrf_token")}, headers=own)
    url = made.get_json()["url"]
    assert "/embed/" not in url
    assert frame.get(url.removeprefix("http://localhost")).status_code == 200
    outside = frame.post(f"/embed/share/{lookup_id}", data={"csrf_token": hidden(page, "csrf_token")}, headers=own)
    assert outside.status_code == 404


def test_a_form_token_counts_in_its_own_frame_only(frame: FlaskClient, site: Site) -> None:
    first, second = entry(frame).text, entry(frame).text
    answer = begin(frame, first, csrf_token=hidden(second, "csrf_token"))
    assert answer.status_code == 422
    assert begin(frame, first, csrf_token="").status_code == 422
    assert not site.secrets_of_sessions(), "Hum was not asked"


def test_another_sites_page_cannot_press_its_buttons(frame: FlaskClient) -> None:
    page = entry(frame).text
    action = re.search(r'id="address-form" method="post" action="([^"]+)"', page)
    assert action is not None
    typed = {"street1": "1 Main St", "zip": "48226"} | {n: hidden(page, n) for n in ("csrf_token", "submit_key")}
    for headers in ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, {"Origin": "https://evil.net"}):
        assert frame.post(action[1], data=typed, headers=headers).status_code == 403


def test_a_sandboxed_frame_without_an_origin_goes_by_its_capability(site: Site, frame: FlaskClient) -> None:
    page = entry(frame).text
    action = re.search(r'id="address-form" method="post" action="([^"]+)"', page)
    assert action is not None
    typed = {"street1": "1 Main St", "zip": "48226"} | {n: hidden(page, n) for n in ("csrf_token", "submit_key")}
    sandboxed = {"Sec-Fetch-Site": "cross-site", "Origin": "null"}
    begun = frame.post(action[1], data=typed, headers=sandboxed)
    assert begun.status_code == 303
    fragment = frame.get(f"{begun.location}/progress?seen=x", headers={**sandboxed, "HX-Request": "true"})
    assert fragment.headers["Access-Control-Allow-Origin"] == "null"
    asked = frame.options(f"{begun.location}/progress", headers=sandboxed)
    assert "HX-Request" in asked.headers["Access-Control-Allow-Headers"]
    # The first page, which holds a new capability, is read by nobody's script.
    assert "Access-Control-Allow-Origin" not in frame.get(f"/embed?origin={ORIGIN}", headers=sandboxed).headers
    # Not outside of a frame.
    assert site.app.test_client().post("/lookups", data=typed, headers=sandboxed).status_code == 403
    assert "Access-Control-Allow-Origin" not in site.app.test_client().get("/", headers=sandboxed).headers


def test_all_frames_of_a_site_share_its_limit(tmp_path: Path) -> None:
    site = open_site(tmp_path, EMBED_ORIGINS=f"{ORIGIN} https://b.example.org", EMBED_LOOKUPS_PER_MINUTE="3")
    frame = site.app.test_client(use_cookies=False)
    statuses = [begin(frame, entry(frame).text, f"{number} Main St").status_code for number in range(1, 6)]
    assert statuses == [303, 303, 303, 429, 429]
    assert begin(frame, entry(frame, origin="https://b.example.org").text).status_code == 303
    site.turn(60)
    assert begin(frame, entry(frame).text).status_code == 303
    site.close()


def test_with_a_shared_secret_only_named_visitors_come_in(tmp_path: Path) -> None:
    site = open_site(tmp_path, EMBED_ORIGINS=ORIGIN, EMBED_SECRET=SECRET)
    frame = site.app.test_client(use_cookies=False)
    claims = {"sub": "u1", "exp": int(site.clock()) + 60}
    named = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
    assert entry(frame).status_code == 403
    assert entry(frame, token="a.b.c").status_code == 403
    path = look_up(site, frame, entry(frame, token=named).text)
    # The same person, in another frame: the lookup is theirs.
    again = re.search(r'action="([^"]+/)lookups"', entry(frame, token=named).text)
    assert again is not None
    assert frame.get(f"{again[1]}lookups/{path.rpartition('/')[2]}").status_code == 200
    site.close()


def test_with_sign_in_frames_stay_open_to_listed_sites(tmp_path: Path) -> None:
    proxied = {"AUTH": "proxy", "AUTH_PROXY_ADDRESSES": "127.0.0.9", "AUTH_PRESET": "oauth2-proxy"}
    site = open_site(tmp_path, EMBED_ORIGINS=ORIGIN, **proxied)
    frame = site.app.test_client(use_cookies=False)
    assert begin(frame, entry(frame).text).status_code == 303
    assert frame.get("/").status_code in {401, 403}
    site.close()


def test_theme_and_accent_color_are_the_frames(frame: FlaskClient) -> None:
    answer = entry(frame, theme="dark", accent="#ffee88")
    assert 'class="framed theme-dark"' in answer.text
    rule = re.search(r"<style>(.*?)</style>", answer.text)
    assert rule is not None
    assert "#ffee88" in rule[1]
    assert "'sha256-" in answer.headers["Content-Security-Policy"]
    assert "<style>" not in entry(frame, accent="#777777").text


@pytest.mark.parametrize("name", ["theme", "accent", "token", "origin"])
@pytest.mark.parametrize(
    "attack",
    ['"><script>alert(1)</script>', "</style><script>alert(1)</script>", "' onload=alert(1) '", "#fff}*{color:red"],
)
def test_nothing_of_an_attack_gets_into_a_page(name: str, attack: str, frame: FlaskClient) -> None:
    for path in ("/embed", "/embed/check"):
        answer = frame.get(f"{path}?{urlencode({'origin': ORIGIN, name: attack})}")
        assert attack not in answer.text or not set(attack) & set("<>'\"")
        assert "<script>alert" not in answer.text
        assert attack not in answer.headers["Content-Security-Policy"]


def test_a_campaign_that_a_page_names_goes_to_hum_if_it_can(site: Site, frame: FlaskClient) -> None:
    for number, campaign in enumerate(("intranet", "x" * 101, "a\nb"), 1):
        assert begin(frame, entry(frame).text, f"{number} Main St", campaign_id=campaign).status_code == 303
    with site.database() as connection:
        kept = connection.exec_driver_sql("SELECT campaign_id FROM lookup ORDER BY created_at, street1").scalars().all()
    assert kept == ["intranet", None, None]


def test_the_check_says_why_and_what_to_add(frame: FlaskClient) -> None:
    assert "may embed the lookup" in frame.get(f"/embed/check?origin={ORIGIN}").text
    refused = frame.get("/embed/check?origin=https://example.org").text
    assert "may not embed" in refused
    assert "EMBED_ORIGINS=... https://example.org" in refused
    assert "not the address of a site" in frame.get("/embed/check?origin=example").text


@pytest.mark.own_site
def test_without_a_list_there_are_no_frames(tmp_path: Path) -> None:
    site = open_site(tmp_path)
    answer = site.app.test_client().get(f"/embed?origin={ORIGIN}")
    assert answer.status_code == 403
    assert site.app.test_client().get("/embed/s/x/").status_code == 404
    site.close()


def test_the_script_is_small_and_may_be_loaded_by_other_sites(frame: FlaskClient) -> None:
    answer = frame.get("/embed.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.data == (ROOT / "static" / "embed.js").read_bytes()
    assert len(gzip.compress(answer.data, 9)) <= 3 * 1024
