"""No text of a request or of Hum's answers adds a header to our answers, a line to our log, or a formula to a
spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import quote

import pytest

from tests.integration.attacks.owned import Owned
from tests.integration.attacks.payloads import EVERY
from tests.integration.web.page import Page
from tests.integration.web.site import Site
from tests.integration.web.stored import ended, product, provider

BREAKS = ("\r\n", "\n", "\r", "\u2028", "\u010d\u010a", "\x85", "%0d%0a")
"""Line ends, and letters whose low bytes are some."""


def has_no_foreign_header(page: Page) -> bool:
    lines = [f"{name}: {value}" for name, value in page.headers.items()]
    return not any(re.search(r"[\r\n]|^(X-Evil|Set-Cookie: viewer=evil)", line) for line in lines)


def test_no_place_that_gets_into_a_header_takes_a_line_end(owned: Owned) -> None:
    """File names, addresses for redirects and for htmx, the request's id, waiting times."""
    visitor, path = owned.lookup.visitor, owned.lookup.path
    for line_end in BREAKS:
        text = quote(f"{line_end}X-Evil: 1{line_end}Set-Cookie: viewer=evil")
        read = (
            f"{path}/export.txt{text}",
            f"{path}/export.csv?tz={text}&sort={text}",
            f"/lookups{text}",
            f"{path}/calls.har?x={text}",
            f"{path}{text}",
            f"{path}?sort={text}&down={text}&tech={text}",
            f"{path}?sort=price&down=1{text}",
            f"/address-form?{text}",
            f"/favicon.ico?{text}",
        )
        for address in read:
            for headers in ({}, {"HX-Request": "true"}):
                page = visitor.get(address, **headers)
                assert page.status in {200, 302, 303, 404}, address
                assert has_no_foreign_header(page), address
        fields = {
            "q": f"x{line_end}X-Evil: 1",
            "outcome": line_end,
            "before": f"1_{line_end}",
            "back": f"tour{line_end}X-Evil: 1",
            "speed": "fast",
        }
        for address in ("/speed", f"{path}/shares", f"{path}/again", f"/presenter?{text}"):
            page = visitor.post(
                address, {**fields, "csrf_token": owned.csrf_token}, Referer=f"http://localhost/lookups?{text}"
            )
            assert page.status == 303
            assert has_no_foreign_header(page), address


@pytest.mark.parametrize(
    "given",
    [
        "a\x0bb",
        "x" * 65,
        "short",
        "id\u00e4\u00e4\u00e4\u00e4\u00e4",
        "12345678 evil",
        "12345678;evil",
        "<evil></evil>",
    ],
)
def test_a_request_id_that_is_none_is_not_sent_back(site: Site, given: str) -> None:
    page = site.visitor(**{"X-Request-Id": given}).get("/nothing")
    assert re.fullmatch("[0-9a-f]{12}", page.headers["X-Request-Id"])
    assert page.headers["X-Request-Id"] in page.html


@pytest.mark.soak
def test_no_text_forges_a_line_of_the_log_or_paints_the_terminal(log_lines: io.StringIO, site: Site) -> None:
    forged = '{"event": "forged"}'
    hostile = [f"x{end}{forged}" for end in BREAKS] + [f"\x1b[31m{forged}\x07\x9b2J", f"\u202e{forged}", forged, *EVERY]
    visitor = site.visitor(
        **{
            "User-Agent": f"\x1b]0;{forged}",
            "Referer": forged,
            "X-Forwarded-For": forged,
            "X-Request-Id": f"12345678{forged}",
        }
    )
    token = visitor.get("/")
    for text in hostile:
        address = quote(text, errors="replace")
        visitor.get(f"/{address}?{address}")
        visitor.get(f"/lookups/{quote(text, safe='', errors='replace')}")
    for text in hostile[:12]:
        visitor.press(token, "Look up", street1=text, zip="48226", state=text, paste=text)
        visitor.ask("BREW", "/", **{"Sec-Fetch-Site": "same-origin"})
    lines = log_lines.getvalue().splitlines()
    assert len(lines) > 2 * len(hostile)
    assert all(line.isascii() and line.isprintable() for line in lines)
    events = {json.loads(line)["event"] for line in lines}
    assert events <= {"request", "hum_call"}, events
    assert "injected" not in log_lines.getvalue()


FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62", "\ufe63", "\ufe6b")
BEFORE_IT = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\u2060",
    "\u202e",
    "\u0007",
    " \t\u200b",
)


def test_nothing_in_any_column_is_a_formula(site: Site) -> None:
    """Every way to begin one, in every text of a provider and a plan, through the file that people save."""
    starts = [f"{before}{start}1+1" for start in FORMULA_STARTS for before in BEFORE_IT]
    lookup = ended(site, "instant", street1="=1+1 Sum St", street2="@2", city="-3", state="MI", zip="48226")
    lookup.change(matched_address="+cmd|' /C calc'!A0", data_set="=1+1", warning="@x")
    plans = [
        product(
            text,
            {"monthly_price": 1_00, f"{text} fee": 1_00},
            data_limit=text,
            technology=text,
            product_promo={"promo_text": text},
            info=text,
        )
        for text in starts
    ]
    for part in range(0, len(starts), 40):
        shown = list(zip(starts[part : part + 40], plans[part : part + 40], strict=True))
        listed: list[object] = []
        for number, (text, plan) in enumerate(shown):
            # Without their invisible beginnings several of the names are the same.
            facts = {"provider_id": str(number), "telephone": text, "promo_text": text}
            listed.append(provider(text, technology=text, down=text, up=text, plans=[plan], **facts))
        lookup.change_providers(listed)
        page = lookup.page("/export.csv")
        assert page.headers["Content-Disposition"].startswith("attachment; ")
        rows = list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff"), newline=""), strict=True))[1:]
        assert len(rows) == len(shown)
        texts = [cell for row in rows for cell in row if cell]
        assert not [
            cell
            for cell in texts
            if re.match(rf"[\s\u200b\ufeff\u00ad\u2060\u202e]*[{re.escape(''.join(FORMULA_STARTS))}]", cell)
        ]
        assert not [cell for cell in texts if re.search(r"[\r\n\t]", cell)]
