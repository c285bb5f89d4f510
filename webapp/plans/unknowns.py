"""An amount that cannot be counted, and why, in plain words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.plans.model import Money


@dataclass(frozen=True, slots=True)
class Unknown:
    """A named cost or reduction that is in no total, with the reason."""

    name: str
    why: str


def why_not_usable(money: Money | None) -> str:
    """Why an amount is in no sum: absent, in another currency, or below zero."""
    if money is None:
        return "amount not stated"
    if money.currency != "USD":
        return f"stated in {money.currency}; only US dollars are added up"
    return "stated as a negative amount, which makes no sense here"
