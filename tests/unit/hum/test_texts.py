"""Upstream text becomes one clean line, a link is only ever a link, a telephone number dials or stays text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.hum.readers import humanized, label, link, telephone
from webapp.texts import clean


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Rocket Fiber", "Rocket Fiber"),
        ("  two \t\r\n lines\u2028and\u2029more\x85end ", "two lines and more end"),
        ("bell\x07 null\x00 c1\x9b del\x7f", "bell null c1 del"),
        ("right\u202eto left\u2066 mark\u200f", "rightto left mark"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("lone \ud800surrogate", "lone surrogate"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305algo", "Z\u0300\u0301\u0302algo"),
        ("Télécom 📡 Ñandú", "Télécom 📡 Ñandú"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("", ""),
        (None, ""),
        (7, ""),
        (["text"], ""),
    ],
)
def test_text_is_one_clean_line(value: object, shown: str) -> None:
    assert clean(value) == shown


def test_long_text_is_cut_where_the_reader_sees_it() -> None:
    assert clean("a" * 5_000) == "a" * 199 + "…"
    assert clean("a" * 200) == "a" * 200
    assert len(clean("\u200b" * 10_000 + "a" * 300)) <= 200


@given(st.text(max_size=400), st.integers(1, 50))
def test_no_text_keeps_anything_invisible(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean(shown, limit) == shown


@pytest.mark.parametrize(
    "url",
    [
        "https://provider.example.com/register?utm_source=Hum",
        "http://example.com",
        "HTTPS://Example.COM:8443/a%20b/(c)?x=1&y='2'#part",
        "https://harmony.letshum.com/rails/active_storage/blobs/logo.png",
        " https://example.com/ ",
    ],
)
def test_a_web_address_is_a_link(url: str) -> None:
    assert link(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//evil.example",
        "https:/evil.example",
        "https:evil.example",
        "https://user:pw@host.example/",
        "https://host.example@evil.example/",
        "https://evil.example\\@host.example/",
        "https://host.example/\r\nSet-Cookie: a=b",
        "ht\ttps://host.example/",
        "https://host.example/\u202e",
        'https://host.example/"onmouseover="x',
        "https://host.example/<script>",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://-bad-.example/",
        "https://exämple.com/",
        "https://host.example/[hidden]",
        "https://host.example/" + "a" * 3_000,
        "ftp://host.example/",
        "",
        None,
        7,
        ["https://host.example/"],
    ],
)
def test_whatever_else_is_no_link(url: object) -> None:
    assert link(url) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+18332981433", "+18332981433"),
        ("800-521-5881", "+18005215881"),
        ("(800) 521-5881", "+18005215881"),
        ("1.800.521.5881", "+18005215881"),
        ("800-521-5881 ext. 12", "+18005215881"),
        ("800-521-5881x12", "+18005215881"),
        ("+44 20 7946 0018", "+442079460018"),
        ("CALL NOW", None),
        ("1-800-GO-HUM", None),
        ("000-000-0000", None),
        ("521-5881", None),
        ("", None),
        (None, None),
        (18005215881, "+18005215881"),
        ("tel:+18332981433", None),
        ("\u0668\u0660\u0660-521-5881", None),
    ],
)
def test_a_number_dials_only_when_its_digits_make_one(text: object, number: str | None) -> None:
    assert telephone(text).dialed == number


@pytest.mark.parametrize(
    ("value", "text", "dialed"),
    [
        ("+18005550101", "800-555-0101", "+18005550101"),
        ("800-555-0101", "800-555-0101", "+18005550101"),
        ("1 (800) 555.0101", "800-555-0101", "+18005550101"),
        (8005550101, "800-555-0101", "+18005550101"),
        (18005550101, "800-555-0101", "+18005550101"),
        ("800-555-0101 x12", "800-555-0101 ext. 12", "+18005550101"),
        ("1-800-GO-FIBER", "1-800-GO-FIBER", "+18004634237"),
        ("855 55 CABLE", "855 55 CABLE", "+18555522253"),
        ("313-GO-FIBER", "313-GO-FIBER", None),
        ("+44 20 7946 0000", "+44 20 7946 0000", "+442079460000"),
        ("CALL NOW", "CALL NOW", None),
        (123, "123", None),
        (True, "", None),
        (["800-555-0101"], "", None),
        (None, "", None),
    ],
)
def test_a_number_is_written_in_one_way(value: object, text: str, dialed: str | None) -> None:
    assert telephone(value) == (dialed, text)


def test_ids_may_come_as_numbers() -> None:
    assert (label(130317), label("130317"), label(True), label(10**30), label(None)) == ("130317", "130317", "", "", "")


def test_keys_are_made_readable() -> None:
    assert humanized("extra_data_fee") == "Extra data fee"
    assert humanized("") == ""
