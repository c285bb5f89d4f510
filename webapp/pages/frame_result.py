"""What the page around a frame is told of a lookup that has ended: enough to fill a form of its own, and no token."""

from __future__ import annotations

import json
from typing import Any

from webapp.pages.exports.csv_rows import amount_cell, mbps_cell
from webapp.pages.lookup_page import LookupPage
from webapp.plans.best_plans import BestPlan


def frame_result(view: LookupPage) -> str:
    """The result as JSON: outcome, counts, warnings and the best plans, prices in dollars a month and speeds in Mbps;
    empty while there is none.
    """
    outcome = view.lookup.outcome
    if outcome is None or view.asks_itself:
        return ""
    plan_count = 0
    for figures in view.figures:
        plan_count += len(figures.plans)
    return json.dumps(
        {
            "outcome": outcome.value,
            "headline": view.headline,
            "provider_count": len(view.providers),
            "plan_count": plan_count,
            "warnings": list(view.difference.warnings),
            "best": list(map(_best, view.best)),
            "data_set": view.lookup.data_set,
            "environment": view.lookup.environment,
        }
    )


def _best(best: BestPlan) -> dict[str, Any]:
    plan = best.plan
    return {
        "title": best.title,
        "provider": best.provider.name,
        "plan": plan.name,
        "monthly_price": _number(amount_cell(plan.monthly_price)),
        "download_mbps": _number(mbps_cell(plan.download)),
        "upload_mbps": _number(mbps_cell(plan.upload)),
    }


def _number(cell: str) -> float | None:
    if not cell:
        return None
    return float(cell)
