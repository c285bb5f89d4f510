"""CSV that spreadsheets open without harm: no formulas, the right letters, numbers as numbers."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.exports.lookup import BARE, LIBERTY, LOOKUP
from webapp.pages.exports.csv_rows import COLUMNS, csv_bytes, safe_cell
from webapp.plans.provider_figures import provider_figures


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_one_row_a_plan_and_one_for_a_provider_without_plans() -> None:
    rows = _read(csv_bytes(LOOKUP))
    assert [(row["provider"], row["plan"]) for row in rows] == [
        ("Liberty Puerto Rico", "Rápido 500"),
        ("Liberty Puerto Rico", '\'=HYPERLINK("http://evil.example","x")'),
        ("Rocket Fiber", ""),
    ]
    assert all(row["environment"] == "DEMO" and row["data_set"] == "25041808" for row in rows)


def test_numbers_are_numbers_and_the_unknown_is_empty() -> None:
    known, unknown, _ = _read(csv_bytes(LOOKUP))
    assert (known["monthly_price"], known["download_mbps"], known["upload_mbps"]) == ("60.00", "500", "20")
    assert (unknown["monthly_price"], unknown["download_mbps"]) == ("", "")


def test_a_range_of_speeds_is_not_taken_for_a_date() -> None:
    assert _read(csv_bytes(LOOKUP))[0]["download"] == "85-500 Mbps"


def test_a_phone_number_is_no_formula_and_can_be_dialed() -> None:
    assert _read(csv_bytes(LOOKUP))[0]["provider_phone"] == "833-298-1433"
    abroad = replace(BARE, telephone="+44123", telephone_text="+44 123")
    assert _read(csv_bytes(replace(LOOKUP, providers=(provider_figures(abroad),))))[0]["provider_phone"] == "'+44 123"


def test_a_lookup_without_providers_still_tells_its_outcome() -> None:
    rows = _read(csv_bytes(replace(LOOKUP, providers=(), outcome="none")))
    assert [(row["outcome"], row["provider"]) for row in rows] == [("none", "")]


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert csv_bytes(LOOKUP).startswith(b"\xef\xbb\xbftyped_address,")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\u3000=1",
        "\u200b=1",
        "\ufeff-1",
    ],
)
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["", "Cox", "49.99", "a=b", "(833) 298-1433", "¡Hola!"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert safe_cell(text) == text


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_names_come_back_as_one_row_each(names: list[str]) -> None:
    providers = tuple(provider_figures(replace(BARE, name=name)) for name in names)
    content = csv_bytes(replace(LOOKUP, providers=providers))
    assert content.count(b"\r\n") == len(names) + 1
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert [len(row) for row in rows] == [len(COLUMNS)] * (len(names) + 1)
    assert not any(
        row[COLUMNS.index("provider")].lstrip()[:1] in tuple("=+-@")
        for row in rows
        if row[COLUMNS.index("provider")].strip()
    )


CHANGED_BY_SPREADSHEETS = (
    "10/1",
    "3-5",
    "1E3",
    "1e+3",
    "2.50",
    "1,000",
    "007",
    "10:30",
    "5 PM",
    "50%",
    "(5)",
    "1/2",
    "May 5",
    "5-Dec",
    "Mar 2026",
)
LEFT_AS_THEY_ARE = (
    "500",
    "0",
    "1 Gig",
    "3-5 Mbps",
    "1.2 TB",
    "5G",
    "Gig 2.0",
    "10 for 10",
    "Mayfield 5",
    "Marathon",
    "833-298-1433 ext",
)


@pytest.mark.parametrize("text", CHANGED_BY_SPREADSHEETS)
def test_a_name_that_looks_like_a_date_or_a_number_stays_a_text(text: str) -> None:
    plan = replace(LIBERTY.plans[0], name=text, promo_text=text, technology_text=text)
    provider = replace(LIBERTY, name=text, promo_text=text, plans=(plan,))
    row = _read(csv_bytes(replace(LOOKUP, providers=(provider_figures(provider),))))[0]
    columns = ("provider", "provider_promotion", "plan", "technology", "plan_promotion")
    assert {row[column] for column in columns} == {f"'{text}"}
    assert row["monthly_price"] == "60.00"


@pytest.mark.parametrize("text", LEFT_AS_THEY_ARE)
def test_what_a_spreadsheet_shows_as_it_is_gets_no_apostrophe(text: str) -> None:
    provider = replace(LIBERTY, plans=(replace(LIBERTY.plans[0], name=text),))
    row = _read(csv_bytes(replace(LOOKUP, providers=(provider_figures(provider),))))[0]
    assert row["plan"] == text
