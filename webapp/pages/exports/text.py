"""A lookup as plain text for mail and CRM notes, and as Markdown. One outline, two ways to write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from webapp.pages.exports.document import Environment, ResultDocument
from webapp.plans.discount_terms import AUTOPAY
from webapp.plans.figures import NOT_STATED, money_text, plural, speed_text
from webapp.plans.headlines import headline
from webapp.plans.model import Discount, Plan, Provider


class _Kind(Enum):
    TITLE = auto()
    SENTENCE = auto()
    HEADING = auto()
    FACT = auto()
    DETAIL = auto()


@dataclass(frozen=True, slots=True)
class _Item:
    kind: _Kind
    text: str


def plain_text(document: ResultDocument) -> str:
    """Lines for a plain mail: no markup, two blanks of indent a level, newline at the end."""
    prefixes = {_Kind.TITLE: "", _Kind.SENTENCE: "", _Kind.HEADING: "\n", _Kind.FACT: "  ", _Kind.DETAIL: "    "}
    return "\n".join(prefixes[item.kind] + item.text for item in _outline(document)) + "\n"


def markdown(document: ResultDocument) -> str:
    """CommonMark: a heading, paragraphs, a heading a provider, lists. Every text from outside is escaped."""
    blocks = [_markdown_line(item) for item in _outline(document)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)).strip() + "\n"


def _markdown_line(item: _Item) -> str:
    text = _escaped(item.text)
    return {
        _Kind.TITLE: f"## {text}\n",
        _Kind.SENTENCE: f"{text}\n",
        _Kind.HEADING: f"\n### {text}\n",
        _Kind.FACT: f"- {text}",
        _Kind.DETAIL: f"  - {text}",
    }[item.kind]


def _escaped(text: str) -> str:
    # A bare link must stay clickable, so its own characters are left alone.
    parts = re.split(r"(https?://[^\s<>()\[\]*`|\\]+)", text)
    escaped = "".join(
        part if index % 2 else re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", part) for index, part in enumerate(parts)
    )
    # At the start of a line a dash, a plus or a number with a dot would open a list.
    return re.sub(
        r"^([-+]|[0-9]+(?=[.)]))", lambda found: f"\\{found[0]}" if found[0] in "-+" else f"{found[0]}\\", escaped
    )


def _outline(document: ResultDocument) -> Iterator[_Item]:
    yield _Item(_Kind.TITLE, f"Internet providers at {document.matched or document.typed.one_line()}")
    yield from (_Item(_Kind.SENTENCE, text) for text in _sentences(document))
    for provider in document.providers:
        yield from _provider(provider)


def _sentences(document: ResultDocument) -> Iterator[str]:
    if document.environment is Environment.DEMO:
        yield "DEMO: invented data, not an offer."
    yield document.outcome_words
    if document.matched:
        yield f"Typed: {document.typed.one_line()}"
        yield f"Matched: {document.matched}"
    yield from (f"Attention: {flag}" for flag in document.flags)
    yield f"As of {document.as_of_text}"
    if document.providers and document.order_said:
        yield document.order_said
    if document.providers_left_out:
        yield f"{plural(document.providers_left_out, 'provider')} not shown because the answer could not be read."
    if document.url:
        yield f"Lookup: {document.url}"


def _provider(provider: Provider) -> Iterator[_Item]:
    top = headline(provider)
    technologies = ", ".join(technology.label for technology in top.technologies)
    yield _Item(_Kind.HEADING, f"{provider.name} ({technologies})" if technologies else provider.name)
    yield _Item(
        _Kind.FACT,
        f"{top.price_said}; up to {speed_text(top.download)} down, {speed_text(top.upload)} up"
        if top.download
        else top.price_said,
    )
    if provider.telephone_text:
        yield _Item(_Kind.FACT, f"Phone: {provider.telephone_text}")
    if provider.promo_text:
        yield _Item(_Kind.FACT, f"Promotion (not in the prices): {provider.promo_text}")
    if not provider.plans:
        yield _Item(_Kind.FACT, "No plan details")
    for plan in provider.plans:
        yield _Item(_Kind.FACT, _plan_line(plan))
        yield from (_Item(_Kind.DETAIL, text) for text in _plan_details(plan))
    if provider.plans_left_out:
        yield _Item(
            _Kind.FACT, f"{plural(provider.plans_left_out, 'plan')} not shown because the answer could not be read"
        )


def _plan_line(plan: Plan) -> str:
    price = f"{money_text(plan.monthly_price)} a month" if plan.monthly_price else f"price {NOT_STATED}"
    if not plan.download and not plan.upload:
        return f"{plan.name}: {price}, speeds {NOT_STATED}"
    return f"{plan.name}: {price}, {speed_text(plan.download)} down, {speed_text(plan.upload)} up"


def _plan_details(plan: Plan) -> Iterator[str]:
    for discount in plan.discounts:
        yield f"{discount.name}: {_discount(discount)}"
    for charge in (*plan.fees, *plan.other_charges):
        yield f"{charge.name}: {money_text(charge.amount)}"
    if plan.data_limit:
        yield f"Data: {plan.data_limit}"
    if plan.contract_required is not None:
        yield "Contract required" if plan.contract_required else "No contract required"
    if plan.promo_text:
        yield f"Promotion (not in the price): {plan.promo_text}"


def _discount(discount: Discount) -> str:
    if discount.amount is None:
        return NOT_STATED
    lasting = f" for {plural(discount.months, 'month')}" if discount.months is not None else ""
    unsaid = "" if discount.months is not None or discount.key == AUTOPAY else f", how long is {NOT_STATED}"
    return f"{money_text(discount.amount)} off a month{lasting}{unsaid}"
