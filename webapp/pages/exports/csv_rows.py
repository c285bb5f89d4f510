"""A lookup as CSV for spreadsheets: one row a plan, formula-safe, UTF-8 with a byte order mark.

The mark is there because Excel reads CSV without it in the local code page and spoils every accent; other programs skip
it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from webapp.pages.exports.document import ResultDocument
from webapp.plans.figures import decimal, money_text, speed_text
from webapp.plans.model import Charge, Discount, Money, Plan, Provider, Speed

COLUMNS = (
    "typed_address",
    "matched_address",
    "outcome",
    "warnings",
    "as_of",
    "data_set",
    "environment",
    "provider",
    "provider_phone",
    "provider_min_price",
    "provider_min_price_currency",
    "provider_promotion",
    "plan",
    "technology",
    "download",
    "download_mbps",
    "upload",
    "upload_mbps",
    "monthly_price",
    "monthly_price_currency",
    "discounts",
    "fees",
    "other_charges",
    "data_limit",
    "contract_required",
    "modem_included",
    "plan_promotion",
)
OUR_FIGURES = frozenset(
    {"as_of", "provider_phone", "provider_min_price", "download_mbps", "upload_mbps", "monthly_price"}
)
"""Columns that a spreadsheet may read as what they are. It takes no telephone number for a date."""

_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,10}")
_LIKE_A_NUMBER = re.compile(r"\(?[0-9][0-9 .,:/%()\u2044-]*(?:e[+-]?[0-9]+)?(?: ?[ap]m?)?", re.IGNORECASE)
_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_LIKE_A_DATE = re.compile(
    rf"(?:[0-9]{{1,4}}[ ,./-]*)?(?:{_MONTHS})[ ,./-]*(?:[0-9]{{1,4}})?(?:[ ,./-]+[0-9]{{1,4}})?",
    re.IGNORECASE,
)
_NORTH_AMERICAN = re.compile(r"\+1([0-9]{3})([0-9]{3})([0-9]{4})")
_TRIGGERS = frozenset("=+-@")


def csv_bytes(document: ResultDocument) -> bytes:
    """The file: byte order mark, header row, CRLF, quotes by RFC 4180. A lookup without providers gives one row that
    says so.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in _rows(document):
        writer.writerow([_cell(column, row.get(column, "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + sheet.getvalue().encode("utf-8", "replace")


def _cell(column: str, text: str) -> str:
    return safe_cell(text) if column in OUR_FIGURES or not is_taken_for_a_figure(text) else f"'{text}"


def is_taken_for_a_figure(text: str) -> bool:
    """Whether a spreadsheet would show another text than this one: 10/1 and 3-5 become dates, 1E3 and 007 become
    numbers.

    A plain whole number is shown as it is. Points and commas mean dates or thousands in some countries.
    """
    written = text.strip()
    if not any(letter.isdigit() for letter in written) or _PLAIN_NUMBER.fullmatch(written):
        return False
    return bool(_LIKE_A_NUMBER.fullmatch(written) or _LIKE_A_DATE.fullmatch(written))


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before = + - @, also full-width or after
    blanks.

    Lists inside a cell are joined with | because a spreadsheet in some countries splits rows at semicolons.
    Line ends and other control characters become blanks. Our own numbers are never negative, so they pass unchanged.
    """
    if text.isprintable() and (not text or text[0].isalnum()):
        return text  # nearly every cell, ten times as fast as letter by letter
    flat = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    first = next((letter for letter in flat if unicodedata.category(letter) not in ("Zs", "Cf")), "")
    risky = unicodedata.normalize("NFKC", first)[:1] in _TRIGGERS or text[:1] in ("\t", "\r", "\n")
    return f"'{flat}" if risky else flat


def _rows(document: ResultDocument) -> Iterator[dict[str, str]]:
    shared = {
        "typed_address": document.typed.one_line(),
        "matched_address": document.matched or "",
        "outcome": document.outcome,
        "warnings": " ".join(document.flags),
        "as_of": document.as_of.isoformat(timespec="seconds"),
        "data_set": document.data_set or "",
        "environment": document.environment.value,
    }
    if not document.providers:
        yield shared
    for provider in document.providers:
        company = shared | _provider_cells(provider)
        if not provider.plans:
            yield company
        for plan in provider.plans:
            yield company | _plan_cells(plan)


def _provider_cells(provider: Provider) -> dict[str, str]:
    return {
        "provider": provider.name,
        "provider_phone": _phone(provider),
        "provider_min_price": _amount(provider.min_price),
        "provider_min_price_currency": _currency(provider.min_price),
        "provider_promotion": provider.promo_text,
        "technology": " | ".join(
            dict.fromkeys(offering.technology_text or offering.technology.label for offering in provider.offerings)
        ),
    }


def _plan_cells(plan: Plan) -> dict[str, str]:
    return {
        "plan": plan.name,
        "technology": plan.technology_text or plan.technology.label,
        "download": _speed(plan.download),
        "download_mbps": _mbps(plan.download),
        "upload": _speed(plan.upload),
        "upload_mbps": _mbps(plan.upload),
        "monthly_price": _amount(plan.monthly_price),
        "monthly_price_currency": _currency(plan.monthly_price),
        "discounts": " | ".join(_discount(discount) for discount in plan.discounts),
        "fees": " | ".join(_charge(fee) for fee in plan.fees),
        "other_charges": " | ".join(_charge(charge) for charge in plan.other_charges),
        "data_limit": plan.data_limit or "",
        "contract_required": _yes_no(plan.contract_required),
        "modem_included": _yes_no(plan.modem_included),
        "plan_promotion": plan.promo_text,
    }


def _phone(provider: Provider) -> str:
    # A leading + is a formula to a spreadsheet, and an apostrophe spoils a number that people dial.
    match = _NORTH_AMERICAN.fullmatch(provider.telephone or "")
    return "-".join(match.groups()) if match else provider.telephone_text


def _amount(money: Money | None) -> str:
    return decimal(money.cents) if money else ""


def _currency(money: Money | None) -> str:
    return money.currency if money else ""


def _speed(speed: Speed | None) -> str:
    # With its unit, because Excel takes a bare 10-25 for the 25th of October.
    return speed_text(speed) if speed else ""


def _mbps(speed: Speed | None) -> str:
    return f"{speed.high_mbps:.1f}".removesuffix(".0") if speed and speed.high_mbps is not None else ""


def _charge(charge: Charge) -> str:
    return f"{charge.name}: {money_text(charge.amount)}"


def _discount(discount: Discount) -> str:
    months = f" ({discount.months} months)" if discount.months is not None else ""
    return f"{discount.name}: {money_text(discount.amount)}{months}"


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
