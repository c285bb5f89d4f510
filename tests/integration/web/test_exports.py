"""What leaves the page: text, Markdown, CSV and JSON of a lookup, and the report that something is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site
from tests.integration.web.stored import Ended, ended, product, provider
from tests.paths import ROOT

SCHEMA = json.loads((ROOT / "docs" / "lookup-export.schema.json").read_text(encoding="utf-8"))
KINDS = ("txt", "md", "csv", "json")
ROUTES = (
    "",
    "/progress",
    "/providers/1",
    "/plans/{key}",
    "/compare",
    "/report",
    *(f"/export.{kind}" for kind in KINDS),
)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A usual lookup of six providers, with coordinates of its own."""
    site = open_site(tmp_path_factory.mktemp("state"))
    yield ended(site, "fast")
    site.close()


def cells(page: Page) -> list[dict[str, str]]:
    """The rows of a CSV export as a spreadsheet reads them."""
    assert page.html.startswith("\ufeff"), "without the mark Excel spoils every accent"
    return list(csv.DictReader(io.StringIO(page.html.removeprefix("\ufeff"), newline="")))


def names_in(kind: str, page: Page) -> list[str]:
    """The providers of an export, in its order."""
    if kind == "csv":
        return list(dict.fromkeys(row["provider"] for row in cells(page)))
    if kind == "json":
        return [each["name"] for each in json.loads(page.html)["providers"]]
    headings = r"^### (.*) \(" if kind == "md" else r"^(\S.*) \((?:Fiber|Cable|Fixed wireless|Satellite)[^()]*\)$"
    return [name.replace("\\", "") for name in re.findall(headings, page.html, re.MULTILINE)]


@pytest.mark.parametrize(
    ("kind", "media", "disposition"),
    [
        ("txt", "text/plain; charset=utf-8", "inline"),
        ("md", "text/markdown; charset=utf-8", "inline"),
        ("csv", "text/csv; charset=utf-8", "attachment"),
        ("json", "application/json; charset=utf-8", "attachment"),
    ],
)
def test_each_says_what_it_is_and_what_to_do_with_it(lookup: Ended, kind: str, media: str, disposition: str) -> None:
    page = lookup.page(f"/export.{kind}")
    assert page.status == 200
    assert page.headers["Content-Type"] == media
    assert re.fullmatch(rf'{disposition}; filename="lookup-[\w-]{{8}}\.{kind}"', page.headers["Content-Disposition"])
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", KINDS)
def test_each_holds_what_the_page_shows_filtered_and_sorted(lookup: Ended, kind: str) -> None:
    query = "?tech=fiber&tech=satellite&sort=name"
    shown = lookup.page(query).provider_names
    assert shown == ["AT&T", "Frontier", "Rocket Fiber", "Starlink"]
    assert names_in(kind, lookup.page(f"/export.{kind}{query}")) == shown
    assert names_in(kind, lookup.page(f"/export.{kind}")) == lookup.page().provider_names


@pytest.mark.parametrize("kind", ["txt", "md"])
def test_a_note_says_its_order_and_what_it_leaves_out(lookup: Ended, kind: str) -> None:
    text = lookup.page(f"/export.{kind}?tech=satellite&sort=name").html
    assert "Sorted by name, A to Z. 5 providers hidden by the filters." in text


def test_the_page_hands_its_filters_on_to_the_exports(lookup: Ended) -> None:
    page = lookup.page("?tech=fiber&tech=cable&down=100&sort=speed")
    form = page.find("export")
    assert form is not None
    sent = [(box.get("name"), box.get("value")) for box in form.iter("input")]
    assert sent == [("tech", "fiber"), ("tech", "cable"), ("down", "100"), ("sort", "speed")]
    buttons = [button for button in page.root.iter("button") if button.get("form") == "export"]
    leading = [button.get("formaction") or form.get("action") for button in buttons]
    exports = [f"{lookup.path}/export.{kind}" for kind in ("txt", "md", "csv", "json")]
    assert leading == [*exports, f"{lookup.path}/print"]


ZONES = {
    "America/Detroit": ("EST", "-05:00"),
    "Asia/Kolkata": ("IST", "+05:30"),
    "UTC": ("UTC", "+00:00"),
    "America/Sao_Paulo": ("-03", "-03:00"),
}


@pytest.mark.parametrize(("zone", "expected"), ZONES.items())
def test_the_moment_is_told_in_the_readers_zone(lookup: Ended, zone: str, expected: tuple[str, str]) -> None:
    name, offset = expected
    document = json.loads(lookup.page(f"/export.json?tz={quote(zone, safe='')}").html)
    assert document["time_zone"] == name
    assert document["as_of"].endswith(offset)
    text = lookup.page(f"/export.txt?tz={quote(zone, safe='')}").html
    assert f"{document['as_of'][:16].replace('T', ' ')} {name}, data set 25041808, DEMO" in text
    assert cells(lookup.page(f"/export.csv?tz={quote(zone, safe='')}"))[0]["as_of"] == document["as_of"]


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "Mars/Olympus",
        "America",
        "../../etc/passwd",
        "/etc/localtime",
        "America/../UTC",
        "x" * 5_000,
        "\x00",
        "<script>",
        "leapseconds",
        "UTC\r\nX: y",
    ],
)
def test_a_zone_that_is_none_is_ignored(lookup: Ended, zone: str) -> None:
    page = lookup.page(f"/export.json?tz={quote(zone, safe='')}")
    assert page.status == 200
    assert json.loads(page.html)["time_zone"] == "UTC"
    assert "X" not in page.headers


@pytest.mark.parametrize("scenario", ["fast", "null-fields", "no-providers", "never", "object-address", "range-speeds"])
def test_the_json_keeps_to_its_published_shape(site: Site, scenario: str) -> None:
    document = json.loads(ended(site, scenario).page("/export.json").html)
    Draft202012Validator(SCHEMA).validate(document)


FORMULAS = (
    '=HYPERLINK("http://evil.example","x")',
    "+1-800",
    "-2+3",
    "@SUM(A1)",
    "\uff1d1+1",
    "\t=1",
    " =1",
    "\u200b=1",
    '"=1',
    "=1,2;3",
)


def test_no_cell_of_the_csv_is_a_formula(site: Site) -> None:
    lookup = ended(site, street1="=1+1 Sum Street", zip="48226")
    lookup.change(matched_address='=cmd|"/c calc"!A1')
    plan = product(
        "-cheap-", {"monthly_price": 10_00, "=odd_fee": 1_00}, data_limit="@all", product_promo={"promo_text": "+10"}
    )
    lookup.change_providers(
        [
            provider(
                name,
                provider_id=str(number),
                telephone="=1",
                provider_promo={"promo_text": name},
                plans=[{**plan, "name": name}, plan],
            )
            for number, name in enumerate(FORMULAS)
        ]
    )
    rows = cells(lookup.page("/export.csv"))
    assert len(rows) == 2 * len(FORMULAS)
    filled = [cell for row in rows for cell in row.values() if cell]
    assert not [cell for cell in filled if re.match(r"[\s\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]", cell)]
    assert rows[0]["matched_address"].startswith("'=cmd")
    assert rows[0]["provider"] == "'" + FORMULAS[0]


@pytest.mark.parametrize("kind", [*KINDS, "report"])
def test_no_secret_leaves_with_a_result(site: Site, kind: str) -> None:
    lookup = ended(site)
    secret = "A" * 33 + "z" * 33
    lookup.change_providers(
        [provider("Alder Fiber", security_token=secret, url=f"https://alder.example.com/?t={secret}")]
    )
    lookup.change(token="session-token-nobody-sees")
    page = lookup.page("/report" if kind == "report" else f"/export.{kind}")
    assert "Alder Fiber" in page.html
    assert secret not in page.html
    assert "session-token-nobody-sees" not in page.html


@pytest.mark.parametrize("end", ["/export.exe", "/export.", "/export", "/export.csv.json", "/export.CSV"])
def test_other_kinds_are_404(lookup: Ended, end: str) -> None:
    assert lookup.page(end).status == 404


def test_everything_about_a_lookup_is_404_for_others_and_for_unknown_ids(lookup: Ended) -> None:
    key = next(iter(lookup.plan_keys().values()))
    routes = [route.format(key=key) for route in ROUTES]
    assert {route: lookup.page(route).status for route in routes} == dict.fromkeys(routes, 200)
    stranger = ended(lookup.site).visitor
    assert {route: stranger.get(lookup.path + route).status for route in routes} == dict.fromkeys(routes, 404)
    assert {route: lookup.visitor.get(f"/lookups/{'A' * 22}{route}").status for route in routes} == dict.fromkeys(
        routes, 404
    )


@pytest.mark.parametrize(
    ("scenario", "outcome", "title"),
    [
        ("never", "still_unknown", "Still unknown"),
        ("no-providers", "no_service", "No service found"),
        ("geocode-failed", "not_recognized", "Address not recognized"),
        ("multiple", "ambiguous", "More than one address matches"),
    ],
)
def test_a_lookup_without_providers_can_be_taken_along_too(site: Site, scenario: str, outcome: str, title: str) -> None:
    lookup = ended(site, scenario)
    rows = cells(lookup.page("/export.csv"))
    assert [row["outcome"] for row in rows] == [outcome]
    assert rows[0]["typed_address"].endswith("Scenario Way, Detroit, MI 48226")
    assert json.loads(lookup.page("/export.json").html)["outcome"]["key"] == outcome
    for kind in ("txt", "md"):
        assert f"{title}. " in lookup.page(f"/export.{kind}").html


@pytest.mark.own_site
def test_the_report_holds_the_facts_and_the_way_to_the_challenge(site: Site) -> None:
    lookup = ended(site, "other-house")
    page = lookup.page("/report")
    report = page.text_of("report")
    for fact in (
        "Typed address: 916 Scenario Way, Detroit, MI 48226",
        "Matched address: 926 SCENARIO WAY",
        "Attention: The house number",
        "As of: 2025-11-22 08:2",
        "data set 25041808, DEMO",
        f"Lookup id: {lookup.id}",
        "Geocoding: matched",
        "Internet: matched",
        "Polls: ",
        "Providers after: ",
        "https://broadbandmap.fcc.gov/",
    ):
        assert fact in report, fact
    assert all(f"- {name}" in report for name in lookup.page().provider_names)
    links = [link.get("href", "") for link in page.root.iter("a")]
    assert [link for link in links if link.startswith("https://broadbandmap.fcc.gov/")]
    assert [link for link in links if "How-to-Submit-an-Availability-Challenge" in link]
    assert not any(token in page.html for token in site.secrets_of_sessions())
