"""A lookup as JSON of a documented, versioned shape (docs/exports.md). An amount, a speed and a data limit say by their
`status` why there is no figure; 0 means free.

Fields are named one by one, so that nothing secret can slip in with a new field of ours.
"""

from __future__ import annotations

import json
from typing import Any

from webapp.pages.exports.document import ResultDocument, WebFindings
from webapp.plans.figures import stated_as
from webapp.plans.model import Amount, BadValue, Charge, Discount, Money, Offering, Plan, Speed, StatedSpeed
from webapp.plans.provider_figures import ProviderFigures
from webapp.research.operations import VENDOR

FORMAT = 4


def json_text(document: ResultDocument) -> str:
    """The document as indented JSON with a newline at the end; accents stay readable, lone surrogates are escaped."""
    text = json.dumps(as_json(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def as_json(document: ResultDocument) -> dict[str, Any]:
    """The document as plain JSON values, in the order of the documentation. `web_search` is there only where there was
    one.
    """
    written = {
        "format": FORMAT,
        "environment": document.environment.value,
        "as_of": document.as_of.isoformat(timespec="seconds"),
        "time_zone": document.time_zone,
        "data_set": document.data_set,
        "address": {"typed": document.typed.as_dict(), "matched": document.matched, "warnings": list(document.flags)},
        "outcome": {"key": document.outcome, "words": document.outcome_words},
        "providers_left_out": document.providers_left_out,
        "providers": list(map(_provider, document.providers)),
    }
    if document.web is not None:
        written["web_search"] = _web(document.web)
    return written


def _web(web: WebFindings) -> dict[str, Any]:
    found = []
    for row, provider in zip(web.rows, web.providers, strict=True):
        found.append(
            {
                "name": row.name,
                "technology_text": row.technology or None,
                "download_mbps": provider.download_mbps,
                "upload_mbps": provider.upload_mbps,
                "min_price_cents": provider.price_cents,
                "url": row.page,
                "source_url": row.source,
                "agent_confidence": row.confidence or None,
            }
        )
    return {
        "verified": False,
        "searched_by": VENDOR,
        "searched_at": web.searched_at.isoformat(timespec="seconds"),
        "words": f"{web.title}. {web.words}",
        "text": web.text,
        "found": found,
        "left_out": web.left_out,
    }


def _provider(figures: ProviderFigures) -> dict[str, Any]:
    provider = figures.provider
    return {
        "id": provider.id,
        "name": provider.name,
        "telephone": provider.telephone,
        "telephone_text": provider.telephone_text,
        "url": provider.url,
        "min_price": _money(provider.min_price),
        "promotion": provider.promo_text,
        "offerings": list(map(_offering, provider.offerings)),
        "plans": list(map(_plan, figures.plans)),
        "plans_left_out": provider.plans_left_out,
    }


def _offering(offering: Offering) -> dict[str, Any]:
    return {
        "technology": offering.technology.value,
        "technology_text": offering.technology_text,
        "download": _speed(offering.download),
        "upload": _speed(offering.upload),
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "name": plan.name,
        "description": plan.description,
        "category": plan.category,
        "technology": plan.technology.value,
        "technology_text": plan.technology_text,
        "download": _speed(plan.download),
        "upload": _speed(plan.upload),
        "data_limit": _data_limit(plan.data_limit),
        "monthly_price": _money(plan.monthly_price),
        "discounts": list(map(_discount, plan.discounts)),
        "fees": list(map(_charge, plan.fees)),
        "other_charges": list(map(_charge, plan.other_charges)),
        "amounts_left_out": plan.amounts_left_out,
        "contract_required": plan.contract_required,
        "modem_included": plan.modem_included,
        "streaming_apps": list(plan.streaming_apps),
        "info": plan.info,
        "promotion": plan.promo_text,
        "hum_rank": plan.hum_rank,
    }


def _money(money: Amount) -> dict[str, Any]:
    if not isinstance(money, Money):
        return {"status": stated_as(money), "cents": None, "currency": None}
    return {"status": stated_as(money), "cents": money.cents, "currency": money.currency}


def _speed(speed: StatedSpeed) -> dict[str, Any]:
    if not isinstance(speed, Speed):
        return {"status": stated_as(speed), "text": None, "low_mbps": None, "high_mbps": None}
    return {"status": stated_as(speed), "text": speed.text, "low_mbps": speed.low_mbps, "high_mbps": speed.high_mbps}


def _data_limit(limit: str | BadValue | None) -> dict[str, Any]:
    if not isinstance(limit, str):
        return {"status": stated_as(limit), "text": None}
    return {"status": stated_as(limit), "text": limit}


def _charge(charge: Charge) -> dict[str, Any]:
    return {"key": charge.key, "name": charge.name, "amount": _money(charge.amount)}


def _discount(discount: Discount) -> dict[str, Any]:
    months = None
    if isinstance(discount.months, int):
        months = discount.months
    return {
        "key": discount.key,
        "name": discount.name,
        "amount": _money(discount.amount),
        "months": months,
        "months_status": stated_as(discount.months),
    }
