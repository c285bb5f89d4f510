"""A lookup as plain text for mail and CRM notes, and as Markdown. One outline, two ways to write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from webapp.hum.pricing import MOST_AMOUNTS
from webapp.hum.providers import MOST_PLANS, MOST_PROVIDERS
from webapp.pages.exports.document import Environment, ResultDocument, WebFindings
from webapp.pages.research_part import WebRow
from webapp.plans.fees_and_discounts import discount_text
from webapp.plans.figures import NOT_STATED, data_text, money_text, plural, speed_text, up_to_text
from webapp.plans.model import Plan
from webapp.plans.price_over_time import other_discounts, price_in_sentence
from webapp.plans.provider_figures import ProviderFigures, ServiceLine


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
    """Lines for a plain mail: no markup, two spaces of indent per level, newline at the end."""
    prefixes = {_Kind.TITLE: "", _Kind.SENTENCE: "", _Kind.HEADING: "\n", _Kind.FACT: "  ", _Kind.DETAIL: "    "}
    lines = [prefixes[item.kind] + item.text for item in _outline(document)]
    return "\n".join(lines) + "\n"


def markdown(document: ResultDocument) -> str:
    """CommonMark: a heading, paragraphs, a heading per provider, lists. Every text from outside is escaped."""
    text = "\n".join(map(_markdown_line, _outline(document)))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


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
    # A bare link must stay clickable, so its own characters are left alone: these are the parts at odd places.
    parts = re.split(r"(https?://[^\s<>()\[\]*`|\\]+)", text)
    for place in range(0, len(parts), 2):
        parts[place] = re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", parts[place])
    escaped = "".join(parts)
    # At the start of a line a dash, a plus or a number with a dot would open a list.
    escaped = re.sub(r"^([-+])", r"\\\1", escaped)
    return re.sub(r"^([0-9]+)(?=[.)])", r"\1\\", escaped)


def _outline(document: ResultDocument) -> Iterator[_Item]:
    yield _Item(_Kind.TITLE, f"Internet providers at {document.matched or document.typed.one_line()}")
    for sentence in _sentences(document):
        yield _Item(_Kind.SENTENCE, sentence)
    for best in document.best:
        yield _Item(_Kind.FACT, best.sentence)
    for figures in document.providers:
        yield from _provider(figures)
    if document.web is not None:
        yield from _web(document.web)


def _web(web: WebFindings) -> Iterator[_Item]:
    yield _Item(_Kind.HEADING, web.title)
    yield _Item(_Kind.FACT, web.words)
    yield _Item(_Kind.FACT, f"Searched {web.searched_at:%Y-%m-%d %H:%M} {web.time_zone} by an agent of H Company")
    for row in web.rows:
        yield _Item(_Kind.FACT, web_line(row))
    if web.text:
        yield _Item(_Kind.FACT, f"The agent's own words, not verified: {web.text}")
    if web.left_out:
        yield _Item(_Kind.FACT, f"Not shown: {plural(web.left_out, 'entry', 'entries')} that could not be read")


def web_line(row: WebRow) -> str:
    """One provider from the web in a line, with its mark and its source."""
    known = ", ".join(filter(None, (row.technology, row.speeds, row.price)))
    said = f"{row.name} (unverified)"
    if known:
        said = f"{said}: {known}"
    if row.unknown:
        said = f"{said}; not known: {row.unknown}"
    return f"{said}; source: {row.source or row.host or 'none given'}"


def _sentences(document: ResultDocument) -> Iterator[str]:
    if document.environment is Environment.DEMO:
        yield "DEMO: invented data, not an offer."
    yield document.outcome_words
    if document.matched:
        yield f"Typed: {document.typed.one_line()}"
        yield f"Matched: {document.matched}"
    for flag in document.flags:
        yield f"Attention: {flag}"
    yield f"As of {document.as_of_text}"
    if document.providers and document.order_text:
        yield document.order_text
    if document.providers_left_out:
        over_limit = document.providers_over_limit
        yield _left_out("provider", document.providers_left_out - over_limit, over_limit, MOST_PROVIDERS) + "."


def _provider(figures: ProviderFigures) -> Iterator[_Item]:
    provider = figures.provider
    yield _Item(_Kind.HEADING, _heading(figures))
    yield _Item(_Kind.FACT, _price_and_speed(figures))
    if len(figures.offerings) > 1:
        for offering in figures.offerings:
            yield _Item(_Kind.DETAIL, _offering(offering))
    if provider.telephone_text:
        yield _Item(_Kind.FACT, f"Phone: {provider.telephone_text}")
    if provider.promo_text:
        yield _Item(_Kind.FACT, f"Promotion (not in the prices): {provider.promo_text}")
    if not provider.plans:
        yield _Item(_Kind.FACT, "No plan details")
    elif not figures.plans:
        yield _Item(_Kind.FACT, f"None of its {plural(len(provider.plans), 'plan')} passes the filters")
    for plan in figures.plans:
        yield _Item(_Kind.FACT, _plan_line(plan))
        for detail in _plan_details(plan):
            yield _Item(_Kind.DETAIL, detail)
    if provider.plans_left_out:
        over_limit = provider.plans_over_limit
        yield _Item(_Kind.FACT, _left_out("plan", provider.plans_left_out - over_limit, over_limit, MOST_PLANS))


def _heading(figures: ProviderFigures) -> str:
    technologies = ", ".join(technology.label for technology in figures.technologies)
    if not technologies:
        return figures.provider.name
    return f"{figures.provider.name} ({technologies})"


def _price_and_speed(figures: ProviderFigures) -> str:
    if figures.download is None:
        return figures.price_text
    return f"{figures.price_text}; {up_to_text(figures.download)} down, {speed_text(figures.upload)} up"


def _offering(offering: ServiceLine) -> str:
    name = offering.technology_name
    if offering.download is None and offering.upload is None:
        return f"{name}: speeds {NOT_STATED}"
    return f"{name}: {speed_text(offering.download)} down, {speed_text(offering.upload)} up"


def _left_out(what: str, unreadable: int, over_limit: int, limit: int) -> str:
    reasons = []
    if unreadable:
        reasons.append(f"{plural(unreadable, what)} that could not be read")
    if over_limit:
        reasons.append(f"{plural(over_limit, what)} after the first {limit}")
    return f"Not shown: {', '.join(reasons)}"


def _plan_line(plan: Plan) -> str:
    name = plan.name
    if plan.service:
        name = f"{plan.name} ({plan.service})"
    price = price_in_sentence(plan)
    if plan.download is None and plan.upload is None:
        return f"{name}: {price}, speeds {NOT_STATED}"
    return f"{name}: {price}, {speed_text(plan.download)} down, {speed_text(plan.upload)} up"


def _plan_details(plan: Plan) -> Iterator[str]:
    apart = other_discounts(plan)
    for discount in plan.discounts:
        note = "" if discount in apart else " (included in the price)"
        yield f"{discount.name}: {discount_text(discount)}{note}"
    for charge in (*plan.fees, *plan.other_charges):
        yield f"{charge.name}: {money_text(charge.amount)}"
    if plan.amounts_left_out:
        yield f"Not shown: {plural(plan.amounts_left_out, 'more amount')} after the first {MOST_AMOUNTS}"
    if plan.data_limit is not None:
        yield f"Data: {data_text(plan.data_limit)}"
    if plan.contract_required is not None:
        yield "Contract required" if plan.contract_required else "No contract required"
    if plan.promo_text:
        yield f"Promotion (not in the price): {plan.promo_text}"
