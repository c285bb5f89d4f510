"""Who may frame the lookup, how a frame may look, and how long it lives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from webapp.embedding.capability import LIFE, Capabilities, Frame, VisitorTokens
from webapp.embedding.look import GROUNDS, LEAST_CONTRAST, accent_rule, contrast, read_color, themes_of
from webapp.embedding.origins import Pattern, may_frame, read_origin

LISTED = tuple(
    map(Pattern.read, ("https://intranet.example.com", "https://*.example.org:8443", "http://localhost:8001"))
)


@pytest.mark.parametrize(
    "origin",
    [
        "https://intranet.example.com",
        "https://INTRANET.example.com",
        "https://intranet.example.com/",
        "https://a.example.org:8443",
        "https://a.b.example.org:8443",
        "http://localhost:8001",
    ],
)
def test_listed_sites_may_frame(origin: str) -> None:
    assert may_frame(read_origin(origin), LISTED)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "*",
        "https://*.example.org:8443",
        "https://example.org:8443",
        "https://evil-example.org:8443",
        "https://example.org.evil.net:8443",
        "https://a.example.org",
        "https://a.example.org:443",
        "https://a.example.org:84430",
        "http://a.example.org:8443",
        "https://intranet.example.com:8443",
        "https://intranet.example.com.evil.net",
        "https://evil.net/https://intranet.example.com",
        "https://evil.net#https://intranet.example.com",
        "https://user@intranet.example.com",
        "https://intranet.example.com:443@evil.net",
        "https://intranet.example.com evil.net",
        "https://intranet.example.com\r\nX: y",
        "https://intranet.example.com;script-src *",
        "https://..example.org:8443",
        "//intranet.example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://localhost",
    ],
)
def test_others_may_not(origin: str) -> None:
    assert not may_frame(read_origin(origin), LISTED)


@pytest.mark.parametrize(
    "text", ["intranet.example.com", "http://intranet.example.com", "https://*", "https://*.com", "https://a/b", "*"]
)
def test_what_is_no_origin_or_no_safe_one_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="must "):
        Pattern.read(text)


def test_without_a_list_nobody_may() -> None:
    assert not may_frame(read_origin("https://intranet.example.com"), ())


def test_a_frame_is_read_back_until_its_day_is_over() -> None:
    now = [1_790_000_000.0]
    capabilities = Capabilities(b"k" * 32, lambda: now[0])
    frame = Frame("https://intranet.example.com", "embed-a", "dark", "#aa3300")
    signed = capabilities.sign(frame)
    assert capabilities.read(signed) == frame
    now[0] += LIFE - 1
    assert capabilities.read(signed) == frame
    now[0] += 2
    assert capabilities.read(signed) is None


def test_nobody_else_makes_one() -> None:
    mine, theirs = (Capabilities(secret * 32, lambda: 1_790_000_000.0) for secret in (b"k", b"x"))
    frame = Frame("https://intranet.example.com", "embed-a")
    signed = mine.sign(frame)
    assert mine.read(theirs.sign(frame)) is None
    for place in range(0, len(signed), 7):
        other = "A" if signed[place] != "A" else "B"
        assert mine.read(signed[:place] + other + signed[place + 1 :]) is None
    assert mine.read("") is None
    assert mine.form_secret(frame) != mine.form_secret(replace(frame, origin="https://other.example.com"))
    assert mine.form_secret(frame) != mine.form_secret(replace(frame, viewer="embed-b"))


SECRET = "shared with the intranet, and nobody else"
NOW = 1_790_000_000


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: object) -> str:
    said = {"sub": "u1", "exp": NOW + 300, **claims}
    return jwt.encode({"alg": algorithm}, said, OctKey.import_key(secret), [algorithm])


def test_an_intranet_names_its_visitors() -> None:
    visitors = VisitorTokens(SECRET, lambda: NOW)
    first = visitors.viewer(token(), "https://a.example.com")
    assert first is not None
    assert first == visitors.viewer(token(exp=NOW + 900), "https://a.example.com")
    assert len({first, visitors.viewer(token(sub="u2"), "https://a.example.com")}) == 2
    assert len({first, visitors.viewer(token(), "https://b.example.com")}) == 2


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a.b.c",
        token("another secret that is long enough, too"),
        token(algorithm="HS512"),
        token(exp=NOW - 61),
        token(sub=""),
        token(sub=7),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSIsImV4cCI6OTk5OTk5OTk5OX0.",
    ],
)
def test_a_token_that_is_not_the_intranets_names_nobody(bad: str) -> None:
    assert VisitorTokens(SECRET, lambda: NOW).viewer(bad, "https://a.example.com") is None


def test_an_accent_is_taken_only_where_it_can_be_read() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert themes_of("#8a1c4a") == ["light"]
    assert themes_of("#ffee88") == ["dark"]
    assert accent_rule("#777777") == "", "too little contrast on every ground"
    for color in ("#8a1c4a", "#ffee88"):
        (theme,) = themes_of(color)
        assert all(contrast(color, ground) >= LEAST_CONTRAST for ground in GROUNDS[theme])
        assert color in accent_rule(color)


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345", "#gggggg", "#fff;}body{x", "url(//evil)", "</style>"])
def test_what_is_no_color_is_none(text: str) -> None:
    assert read_color(text) == ""


def test_short_colors_and_a_missing_sign_are_understood() -> None:
    assert read_color("A3f") == "#aa33ff"
    assert read_color(" #0D5966 ") == "#0d5966"
