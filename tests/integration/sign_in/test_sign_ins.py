"""Where people are signed in: what they see of it, and everything that ends it, the provider's own message included."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from tests.integration.sign_in.provider import CLIENT, Claims, Provider, sign_in, signed_in
from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor
from webapp.web.provider_door import OLDEST_MESSAGE, SIGN_INS_OF_A_NETWORK, SIGNED_OUT

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/lookups").status == 200


def forms(page: Page, beginning: str) -> list[Any]:
    """The forms that lead to paths which begin so."""
    return [form for form in page.root.iter("form") if (form.get("action") or "").startswith(beginning)]


def send(visitor: Visitor, page: Page, form: Any) -> Page:
    return visitor.post(form.get("action"), page.values(form))


def browsers(page: Page) -> list[str]:
    return [text_in(heading) for heading in page.root.iter("h2")]


def test_a_person_sees_each_browser_and_signs_one_out(site: Site, idp: Provider) -> None:
    desk, other, phone = signed_in(site, "dora"), signed_in(site, "emil"), site.visitor(**{"User-Agent": IPHONE})
    sign_in(phone, "dora")
    page = desk.get("/sign-ins")
    assert "from 2 browsers" in page.text
    assert sorted(browsers(page)) == ["Safari on iPhone", "Unknown browser, this one"]
    (form,) = [found for found in forms(page, "/sign-ins/") if "end-others" not in found.get("action")]
    assert desk.follow(send(desk, page, form)).heading == "Your sign-ins"
    assert not is_signed_in(phone)
    assert is_signed_in(desk)
    assert is_signed_in(other)
    assert send(desk, page, form).status == 404, "it has ended"


def test_a_person_signs_out_everywhere_else(site: Site, idp: Provider) -> None:
    desk, *others = (signed_in(site, "fay") for _ in range(3))
    page = desk.get("/sign-ins")
    answer = desk.follow(desk.press(page, "Sign out everywhere else"))
    assert "from 1 browser." in answer.text
    assert not forms(answer, "/sign-ins/")
    assert is_signed_in(desk)
    assert not any(map(is_signed_in, others))


def test_nobody_signs_another_out(site: Site, idp: Provider) -> None:
    gil, phone, hal = signed_in(site, "gil"), signed_in(site, "gil"), signed_in(site, "hal")
    page = gil.get("/sign-ins")
    (form,) = [found for found in forms(page, "/sign-ins/") if "end-others" not in found.get("action")]
    own = hal.get("/lookups")
    token = {"csrf_token": own.values(own.form_with("Sign out hal"))["csrf_token"]}
    assert hal.post(form.get("action"), token).status == 404
    assert hal.post("/sign-ins/%00/end", token).status == 404
    assert gil.post(form.get("action"), {}).status == 403, "without the token of the form"
    for path in ("/status/people/sign-out", "/status/people/p-anybody/sign-out"):
        assert hal.post(path, token).status == 403, path
    assert is_signed_in(gil)
    assert is_signed_in(phone)


def test_a_sign_in_that_has_ended_by_itself_is_not_listed(tmp_path: Path, idp: Provider) -> None:
    site = open_site(tmp_path, **idp.settings(AUTH_IDLE_MINUTES="30"))
    old, new = signed_in(site, "ida"), None
    site.clock.advance(31 * 60)
    new = signed_in(site, "ida")
    assert "from 1 browser." in new.get("/sign-ins").text
    assert not is_signed_in(old)
    site.close()


def test_an_operator_signs_a_person_out_of_every_browser(site: Site, idp: Provider) -> None:
    idp.know("olga", groups=["isp-operators"])
    idp.know("jan", name="<b>Jan</b>")
    operator, other = signed_in(site, "olga"), signed_in(site, "kim")
    browsers = [signed_in(site, "jan") for _ in range(2)]
    page = operator.get("/status")
    (entry,) = [text for text in map(text_in, page.root.iter("li")) if "Jan" in text]
    assert entry.startswith("<b>Jan</b> jan 2 browsers Last here")
    (form,) = [found for found in forms(page, "/status/people/") if "Jan" in text_in(found)]
    assert send(operator, page, form).status == 303
    assert not any(map(is_signed_in, browsers))
    assert is_signed_in(other)
    assert is_signed_in(operator)
    assert send(operator, page, form).status == 303, "nobody is signed in there any more"
    assert operator.post("/status/people/%00/sign-out", page.values(form)).status == 303


def test_an_operator_signs_everybody_out(site: Site, idp: Provider) -> None:
    idp.know("olga", groups=["isp-operators"])
    everybody = [signed_in(site, who) for who in ("olga", "lea", "mia")]
    answer = everybody[0].press(everybody[0].get("/status"), "Sign everybody out")
    assert answer.status == 303
    assert not any(map(is_signed_in, everybody))


@pytest.mark.parametrize(
    ("arguments", "left"),
    [(["--person", "nora"], [False, False, True]), (["--everybody"], [False, False, False])],
)
def test_a_command_signs_people_out(site: Site, idp: Provider, arguments: list[str], left: list[bool]) -> None:
    visitors = [signed_in(site, who) for who in ("nora", "nora", "otto")]
    done = site.app.test_cli_runner().invoke(args=["sign-out", *arguments])
    assert done.exit_code == 0
    assert done.output.startswith("Signed out of ")
    assert list(map(is_signed_in, visitors)) == left


@pytest.mark.parametrize("arguments", [[], ["--person", "nora", "--everybody"]])
def test_a_command_that_could_mean_two_things_signs_nobody_out(site: Site, idp: Provider, arguments: list[str]) -> None:
    visitor = signed_in(site, "nora")
    done = site.app.test_cli_runner().invoke(args=["sign-out", *arguments])
    assert done.exit_code == 2
    assert "Name one" in done.output
    assert is_signed_in(visitor)


# The provider's own message.


@pytest.fixture(scope="module")
def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "of-messages"})


@pytest.fixture
def key(idp: Provider, new_key: RSAKey) -> RSAKey:
    """One with which the provider signs; it is published."""
    idp.key, idp.publishes_key = new_key, True
    return new_key


def message(site: Site, idp: Provider, **changes: object) -> Claims:
    now = int(site.clock())
    claims: Claims = {
        "iss": idp.issuer,
        "aud": CLIENT,
        "sub": "pia",
        "iat": now,
        "exp": now + 120,
        "jti": "1",
        "events": {SIGNED_OUT: {}},
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def signed(claims: Claims, key: RSAKey) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "logout+jwt"}, claims, key)


def tell(site: Site, token: str) -> Page:
    """A message of the provider, which is no browser and has no cookie."""
    return site.visitor().post_without_metadata("/sign-in/provider-signs-out", {"logout_token": token})


def test_whom_the_provider_signs_out_is_signed_out_here_in_every_browser(
    site: Site, idp: Provider, key: RSAKey
) -> None:
    browsers, other = [signed_in(site, "pia") for _ in range(2)], signed_in(site, "quin")
    assert tell(site, signed(message(site, idp), key)).status == 200
    assert not any(map(is_signed_in, browsers))
    assert is_signed_in(other)
    assert tell(site, signed(message(site, idp), key)).status == 200, "again, for the message may come twice"


def test_a_message_that_is_sent_again_ends_no_later_sign_in(site: Site, idp: Provider, key: RSAKey) -> None:
    before = signed_in(site, "pia")
    token = signed(message(site, idp, exp=None), key)
    site.clock.advance(400)
    after = signed_in(site, "pia")
    assert tell(site, token).status == 200
    assert not is_signed_in(before)
    assert is_signed_in(after)


def test_a_header_of_the_provider_s_own_spoils_no_message(site: Site, idp: Provider, key: RSAKey) -> None:
    visitor = signed_in(site, "pia")
    claims, header = message(site, idp), {"alg": "RS256", "kid": key.kid, "pi.atm": "1"}
    registry = JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    assert tell(site, jwt.encode(header, claims, key, registry=registry)).status == 200
    assert not is_signed_in(visitor)


def test_rubbish_makes_the_site_ask_the_provider_once_in_a_while(tmp_path: Path, idp: Provider) -> None:
    site = open_site(tmp_path, **idp.settings())
    for _ in range(20):
        assert tell(site, "a.b.c").status == 400
    assert idp.asked.count("/jwks") == 1
    site.close()


LIES: dict[str, Callable[[int], dict[str, object]]] = {
    "of another provider": lambda _now: {"iss": "https://elsewhere.example"},
    "for another site": lambda _now: {"aud": "another-site"},
    "of nobody": lambda _now: {"sub": None},
    "of a number": lambda _now: {"sub": 7},
    "of no event": lambda _now: {"events": None},
    "of another event": lambda _now: {"events": {"another": {}}},
    "of a strange event": lambda _now: {"events": f"{SIGNED_OUT} and more"},
    "an ID token": lambda _now: {"nonce": "an ID token has one"},
    "old, without an end": lambda now: {"iat": now - OLDEST_MESSAGE - 1, "exp": None},
    "ended": lambda now: {"iat": now - 600, "exp": now - 300},
    "of a strange moment": lambda _now: {"iat": "yesterday"},
}


@pytest.mark.parametrize("change", LIES.values(), ids=LIES.keys())
def test_a_message_that_is_not_the_provider_s_for_us_and_now_signs_nobody_out(
    site: Site, idp: Provider, key: RSAKey, change: Callable[[int], dict[str, object]]
) -> None:
    visitor = signed_in(site, "pia")
    assert tell(site, signed(message(site, idp, **change(int(site.clock()))), key)).status == 400
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "\x00", "x" * 10_000], ids=["empty", "of three parts", "a control", "long"]
)
def test_what_is_no_message_signs_nobody_out(site: Site, idp: Provider, token: str) -> None:
    assert tell(site, token).status == 400


def test_a_message_signed_with_another_key_signs_nobody_out(site: Site, idp: Provider, key: RSAKey) -> None:
    visitor = signed_in(site, "pia")
    forged = RSAKey.generate_key(2048, {"kid": "of-messages"})
    _header, claims, _signature = signed(message(site, idp), key).split(".")
    header = urlsafe_b64encode(b'{"alg": "none"}').decode().rstrip("=")
    unsigned = f"{header}.{claims}."
    for token in (signed(message(site, idp), forged), unsigned):
        assert tell(site, token).status == 400
    assert is_signed_in(visitor)


def test_one_network_cannot_make_the_site_ask_the_provider_without_end(tmp_path: Path, idp: Provider) -> None:
    site = open_site(tmp_path, **idp.settings())
    person, stranger = signed_in(site, "rosa"), site.visitor()
    most = int(SIGN_INS_OF_A_NETWORK.most)
    idp.asked.clear()
    answers = [stranger.get("/sign-in/back?state=x&code=y").status for _ in range(most)]
    assert answers.count(429) == 2, "the sign-in before has taken two"
    page = stranger.get("/sign-in")
    assert page.status == 429
    assert page.heading == "Too many sign-ins from your network"
    assert page.headers["Retry-After"] == "1"
    assert is_signed_in(person)
    site.clock.advance(1)
    assert stranger.get("/sign-in").status == 302
    site.close()
