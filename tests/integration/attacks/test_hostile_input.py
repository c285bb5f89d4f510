"""Nothing that is typed, sent or written into an address becomes anything but text, where it comes back and where it is
shown again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from urllib.parse import quote, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.integration.attacks.hostile import Attacked
from tests.integration.attacks.payloads import EVERY, HANDLERS, MARK, MARKUP, SCRIPTS
from tests.integration.attacks.watch import BY_HTMX, TOKEN, Asked, Watch
from tests.integration.web.site import Site

pytestmark = pytest.mark.browser
TEXTS = pytest.mark.parametrize(
    "texts", [pytest.param(EVERY[::6], id="some"), pytest.param(EVERY, id="every", marks=pytest.mark.soak)]
)


@TEXTS
def test_whatever_is_typed_stays_text(watch: Watch, page: Page, texts: Sequence[str]) -> None:
    watch.visit(page, "/")
    asked: list[Asked] = []
    for number, text in enumerate(texts):
        six = [texts[(number + 11 * step) % len(texts)] for step in range(6)]
        typed = TOKEN | dict(zip(("street1", "street2", "city", "state", "zip", "paste"), six, strict=True))
        typed |= dict.fromkeys(("submit_key", "replaces", "memory", "pasted", "street_was", "said"), text)
        asked += [
            ("/lookups", typed, {}),
            ("/address-form", typed | {"do": ("split", "", text)[number % 3]}, BY_HTMX),
        ]
    answers = watch.ask(page, asked)
    assert Counter(answer["status"] for answer in answers) == {422: len(texts), 200: len(texts)}
    assert sum(answer["echoes"] for answer in answers) > len(texts)
    # The same as a person does it, so that htmx swaps what comes back.
    page.locator("#fields-summary").click()
    page.locator("#paste").fill("\n".join(MARKUP))
    page.locator("#split").click()
    expect(page.locator("#reading")).to_contain_text(MARK)
    watch.look_through(page)
    page.get_by_role("button", name="Look up", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    watch.look_through(page)
    page.get_by_label("City").fill(SCRIPTS[0])
    page.get_by_label("Apartment, suite or unit").fill(HANDLERS[0])
    page.locator("#paste").fill("24 Eagle St, Apt 5, Albany, NY 12207")
    page.locator("#split").click()
    expect(page.locator("#assist")).to_contain_text(f"you have {SCRIPTS[0]}, the text says Albany")
    watch.look_through(page)


def links_to_all(site: Site) -> list[str]:
    """A share link to every lookup that was begun as an attack."""
    with site.database() as connection:
        rows = connection.exec_driver_sql("SELECT id, viewer FROM lookup WHERE submit_key LIKE 'attack-number-%'").all()
    found = [site.services.lookups.find(lookup_id, viewer) for lookup_id, viewer in rows]
    return [site.services.sharing.token(site.services.sharing.share(lookup, 1)) for lookup in found if lookup]


@TEXTS
@pytest.mark.soak
def test_an_address_that_is_looked_up_stays_text_wherever_it_is_shown_again(
    watch: Watch, page: Page, attacked: Attacked, texts: Sequence[str]
) -> None:
    site = attacked.site
    watch.visit(page, "/")
    third = -(-len(texts) // 3)
    legal: list[Asked] = []
    for number, three in enumerate(
        zip_longest(texts[:third], texts[third : 2 * third], texts[2 * third :], fillvalue="x")
    ):
        boxes = {
            "street1": f"1 {three[0]}"[:100],
            "street2": three[1][:50],
            "city": three[2][:50],
            "state": "MI",
            "zip": "48226",
        }
        legal.append(("/lookups", TOKEN | boxes | {"submit_key": f"attack-number-{len(texts)}-{number:03}"}, {}))
    begun = [answer["url"] for answer in watch.ask(page, legal)]
    assert len({urlsplit(url).path for url in begun}) == third
    site.turn(10)
    # The page and the report hold them all, of the heavier pages each some.
    heavy = ("/console", "/shares", "/coverage", "/console?refresh=1")
    ends = [("?refresh=1", "/report", heavy[number % 4]) for number in range(third)]
    shown: list[Asked] = [
        (urlsplit(url).path + end, None, {}) for url, three in zip(begun, ends, strict=True) for end in three
    ]
    shown += [(f"/shared/{token}", None, {}) for token in links_to_all(site)]
    answers = watch.ask(page, shown)
    assert {answer["status"] for answer in answers} == {200}
    assert all(answer["echoes"] for answer in answers if answer["path"].split("?")[0].endswith("/console"))
    for path in ("/lookups", "/", f"/?from={begun[7].rpartition('/')[2]}", "/try"):
        watch.visit(page, path)
        assert "injected" in page.content()
    watch.look_around(page, urlsplit(begun[7]).path)


@TEXTS
@pytest.mark.soak
def test_whatever_stands_in_an_address_stays_text(watch: Watch, page: Page, texts: Sequence[str]) -> None:
    path = watch.finished(page, "fast")
    watch.visit(page, path)
    queries = {
        "/lookups": ("q",),
        "/lookups?": ("outcome", "before", "after", "deleted"),
        path: ("tech", "down", "up", "price", "sort", "plans", "tour", "seen", "refresh"),
        f"{path}/compare": ("plan", "plan", "sort"),
        f"{path}/progress": ("seen", "tour", "sort", "price", "down"),
        f"{path}/report": ("tz", "sort", "tech", "price"),
        "/": ("scenario", "focus", "from", "sent"),
    }
    asked: list[Asked] = []
    for where, names in queries.items():
        for number in range(0, len(texts), len(names)):
            query = urlencode(list(zip(names, texts[number:], strict=False)), errors="replace")
            asked.append((f"{where.rstrip('?')}?{query}", None, BY_HTMX if number % 2 else {}))
    places = ("", "/shared", "/lookups", f"{path}/plans", f"{path}/export.txt")
    asked += [
        (f"{places[number % 5]}/{quote(text, safe='', errors='replace')}", None, {})
        for number, text in enumerate(texts)
    ]
    answers = watch.ask(page, asked)
    assert set(Counter(answer["status"] for answer in answers)) <= {200, 404}
    assert sum(answer["echoes"] for answer in answers) > len(set(texts) & set(MARKUP))


@pytest.mark.soak
def test_buttons_of_a_lookup_take_no_markup(watch: Watch, page: Page) -> None:
    path = watch.finished(page, "multiple")
    watch.visit(page, path)
    asked: list[Asked] = []
    for number, text in enumerate(EVERY[::8]):
        form = TOKEN | dict.fromkeys(
            ("speed", "back", "on", "days", "unit", "submit_key", "operation", "lookup", "q", "outcome"), text
        )
        asked += [
            ("/speed", form, {}),
            ("/presenter", form, {"HX-Request": "true"}),
            (f"{path}/shares", form, {}),
            ("/try", form, {}),
        ]
        asked.append((("/lookups/clear", f"{path}/again")[number % 2], form, {}))
    answers = watch.ask(page, asked)
    assert max(answer["status"] for answer in answers) < 500
