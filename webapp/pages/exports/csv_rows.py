"""A lookup as CSV for spreadsheets: one row per plan, formula-safe, UTF-8 with a byte order mark.

A new column is one line in one of the tables below, one in docs/exports.md, and `make golden`; a number also goes into
`NUMBERS`, a date or a phone number into `OUR_FIGURES`. The mark is there because Excel reads CSV without it in the
local code page and spoils every accent; other programs skip it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from webapp.pages.exports.document import ResultDocument
from webapp.pages.exports.outline import web_line
from webapp.plans.figures import data_text, decimal, money_text, months_text, speed_text, stated_as, top_mbps
from webapp.plans.model import Amount, BadValue, Charge, Discount, Money, Plan, StatedSpeed
from webapp.plans.price_over_time import monthly_price_text
from webapp.plans.provider_figures import ProviderFigures, ServiceLine

_Facts = TypeVar("_Facts")
_Cells = Mapping[str, Callable[[_Facts], str]]

_OF_LOOKUP: _Cells[ResultDocument] = {
    "typed_address": lambda document: document.typed.one_line(),
    "matched_address": lambda document: document.matched or "",
    "outcome": lambda document: document.outcome,
    "warnings": lambda document: " ".join(document.flags),
    "as_of": lambda document: document.as_of.isoformat(timespec="seconds"),
    "data_set": lambda document: document.data_set or "",
    "environment": lambda document: document.environment.value,
}
_OF_PROVIDER: _Cells[ProviderFigures] = {
    "provider": lambda figures: figures.provider.name,
    "provider_phone": lambda figures: figures.provider.telephone_text,
    "provider_min_price": lambda figures: amount_cell(figures.provider.min_price),
    "provider_min_price_currency": lambda figures: _currency(figures.provider.min_price),
    "provider_min_price_status": lambda figures: stated_as(figures.provider.min_price),
    "provider_offerings": lambda figures: " | ".join(map(_offering, figures.offerings)),
    "provider_promotion": lambda figures: figures.provider.promo_text,
}
_OF_PLAN: _Cells[Plan] = {
    "plan": lambda plan: plan.name,
    "service": lambda plan: plan.service or "Internet",
    "technology": lambda plan: plan.technology_text or plan.technology.label,
    "download": lambda plan: _speed(plan.download),
    "download_mbps": lambda plan: mbps_cell(plan.download),
    "download_status": lambda plan: stated_as(plan.download),
    "upload": lambda plan: _speed(plan.upload),
    "upload_mbps": lambda plan: mbps_cell(plan.upload),
    "upload_status": lambda plan: stated_as(plan.upload),
    "monthly_price": lambda plan: amount_cell(plan.monthly_price),
    "monthly_price_currency": lambda plan: _currency(plan.monthly_price),
    "monthly_price_status": lambda plan: stated_as(plan.monthly_price),
    "price_over_time": monthly_price_text,
    "discounts": lambda plan: " | ".join(map(_discount, plan.discounts)),
    "fees": lambda plan: " | ".join(map(_charge, plan.fees)),
    "other_charges": lambda plan: " | ".join(map(_charge, plan.other_charges)),
    "amounts_left_out": lambda plan: str(plan.amounts_left_out or ""),
    "data_limit": lambda plan: _data(plan.data_limit),
    "contract_required": lambda plan: _yes_no(plan.contract_required),
    "modem_included": lambda plan: _yes_no(plan.modem_included),
    "plan_promotion": lambda plan: plan.promo_text,
}
_OF_OFFERING: _Cells[ServiceLine] = {
    "technology": lambda offering: offering.technology_text or offering.technology.label,
    "download": lambda offering: _speed(offering.download),
    "download_mbps": lambda offering: mbps_cell(offering.download),
    "download_status": lambda offering: stated_as(offering.download),
    "upload": lambda offering: _speed(offering.upload),
    "upload_mbps": lambda offering: mbps_cell(offering.upload),
    "upload_status": lambda offering: stated_as(offering.upload),
}
"""Of a provider without plans: a row for each offering, with the cells of a plan that apply to it."""
COLUMNS = (*_OF_LOOKUP, *_OF_PROVIDER, *_OF_PLAN)
WEB_COLUMN = "unverified_web_results"
"""The last column of a file in which any lookup was searched for on the web; others do not have it."""
NUMBERS = frozenset({"provider_min_price", "download_mbps", "upload_mbps", "monthly_price"})
"""Columns of numbers, which stay numbers in a workbook."""
OUR_FIGURES = NUMBERS | {"as_of", "provider_phone"}
"""Columns that a spreadsheet may read as what they are. It takes no telephone number for a date."""

_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,10}")
_LIKE_A_NUMBER = re.compile(r"\(?[0-9][0-9 .,:/%()\u2044-]*(?:e[+-]?[0-9]+)?(?: ?[ap]m?)?", re.IGNORECASE)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|"
    "july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_LIKE_A_DATE = re.compile(
    rf"(?:[0-9]{{1,4}}[ ,./-]*)?(?:{_MONTHS})[ ,./-]*(?:[0-9]{{1,4}})?(?:[ ,./-]+[0-9]{{1,4}})?",
    re.IGNORECASE,
)
_TRIGGERS = frozenset("=+-@")


def csv_bytes(document: ResultDocument) -> bytes:
    """The file: byte order mark, header row, CRLF, quotes by RFC 4180. A lookup without providers gives one row that
    says so.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    columns = COLUMNS
    if document.web is not None:
        columns = (*COLUMNS, WEB_COLUMN)
    writer.writerow(columns)
    for row in document_rows(document):
        writer.writerow([figure_or_text(column, row.get(column, "")) for column in columns])
    return b"\xef\xbb\xbf" + sheet.getvalue().encode("utf-8", "replace")


def figure_or_text(column: str, text: str) -> str:
    """A cell that a spreadsheet shows as it is: with an apostrophe before what it would take for a figure, unless the
    column holds figures.
    """
    if column in OUR_FIGURES:
        return safe_cell(text)
    return as_text(text)


def as_text(text: str) -> str:
    """A cell that a spreadsheet takes for this text: for no figure, no date and no formula."""
    if is_taken_for_a_figure(text):
        return f"'{text}"
    return safe_cell(text)


def is_taken_for_a_figure(text: str) -> bool:
    """Whether a spreadsheet would show another text than this one: 10/1 and 3-5 become dates, 1E3 and 007 become
    numbers.

    A plain whole number is shown as it is. Points and commas mean dates or thousands in some countries.
    """
    written = text.strip()
    if not any(map(str.isdigit, written)) or _PLAIN_NUMBER.fullmatch(written):
        return False
    return bool(_LIKE_A_NUMBER.fullmatch(written) or _LIKE_A_DATE.fullmatch(written))


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before = + - @, also full-width or after
    spaces.

    Lists inside a cell are joined with | because a spreadsheet in some countries splits rows at semicolons.
    Line ends and other control characters become spaces. Our own numbers are never negative, so they pass unchanged.
    """
    if text.isprintable() and (not text or text[0].isalnum()):
        return text  # nearly every cell, ten times as fast as letter by letter
    flat = "".join(map(_without_line_end, text))
    if text[:1] in ("\t", "\r", "\n") or _first_visible(flat) in _TRIGGERS:
        return f"'{flat}"
    return flat


def _without_line_end(letter: str) -> str:
    if unicodedata.category(letter) in ("Cc", "Zl", "Zp"):
        return " "
    return letter


def _first_visible(text: str) -> str:
    for letter in text:
        if unicodedata.category(letter) not in ("Zs", "Cf"):
            return unicodedata.normalize("NFKC", letter)[:1]
    return ""


def document_rows(document: ResultDocument) -> Iterator[dict[str, str]]:
    """A row for each plan, by column; one without a plan where there is none."""
    shared = _cells(_OF_LOOKUP, document) | {WEB_COLUMN: web_cell(document)}
    if not document.providers:
        yield shared
    for figures in document.providers:
        company = shared | _cells(_OF_PROVIDER, figures)
        if not figures.plans and not figures.offerings:
            yield company
        elif not figures.plans:
            for offering in figures.offerings:
                yield company | _cells(_OF_OFFERING, offering)
        for plan in figures.plans:
            yield company | _cells(_OF_PLAN, plan)


def web_cell(document: ResultDocument) -> str:
    """What a web search has found, in one cell that says what it is; "" without one."""
    web = document.web
    if web is None:
        return ""
    found = [web_line(row) for row in web.rows]
    if web.text:
        found.append(f"{web.text} (unverified)")
    return " | ".join(found) or web.title


def _cells(cells: _Cells[_Facts], facts: _Facts) -> dict[str, str]:
    return {column: read(facts) for column, read in cells.items()}


def _offering(offering: ServiceLine) -> str:
    return f"{offering.technology_name} {speed_text(offering.download)} down, {speed_text(offering.upload)} up"


def amount_cell(money: Amount) -> str:
    """An amount as a plain decimal; empty where none is stated."""
    if not isinstance(money, Money):
        return ""
    return decimal(money.cents)


def _currency(money: Amount) -> str:
    if not isinstance(money, Money):
        return ""
    return money.currency


def _data(limit: str | BadValue | None) -> str:
    if limit is None:
        return ""
    return data_text(limit)


def _speed(speed: StatedSpeed) -> str:
    if speed is None:
        return ""
    # With its unit, because Excel takes a bare 10-25 for the 25th of October.
    return speed_text(speed)


def mbps_cell(speed: StatedSpeed) -> str:
    """The top of a stated speed in Mbps; empty where none is stated."""
    mbps = top_mbps(speed)
    if mbps is None:
        return ""
    return f"{mbps:.1f}".removesuffix(".0")


def _charge(charge: Charge) -> str:
    return f"{charge.name}: {money_text(charge.amount)}"


def _discount(discount: Discount) -> str:
    text = f"{discount.name}: {money_text(discount.amount)}"
    if discount.months is None:
        return text
    if isinstance(discount.months, BadValue):
        return f"{text} (months {months_text(discount.months)})"
    return f"{text} ({months_text(discount.months)})"


def _yes_no(value: bool | None) -> str:
    if value is None:
        return ""
    if value:
        return "yes"
    return "no"
