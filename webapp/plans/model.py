"""What a provider offers: the words the whole program uses for providers, offerings, plans and money. Pure facts, no
arithmetic.

Absent is never zero: `None` means Hum did not say, `Money(0)` means free, and a `BadValue` that Hum said something we
cannot use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache


class Technology(StrEnum):
    """How the line reaches the building, by the FCC's families; `OTHER` is anything Hum names that we do not know."""

    FIBER = "fiber"
    CABLE = "cable"
    DSL = "dsl"
    FIXED_WIRELESS = "fixed-wireless"
    SATELLITE = "satellite"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word people read."""
        return _TECHNOLOGY_LABELS[self]


def technology_name(technology: Technology, text: str) -> str:
    """The word people read; Hum's own for a technology that we do not know."""
    if technology is not Technology.OTHER:
        return _TECHNOLOGY_LABELS[technology]
    return text or "Technology not stated"


_TECHNOLOGY_LABELS = {
    Technology.FIBER: "Fiber",
    Technology.CABLE: "Cable",
    Technology.DSL: "DSL",
    Technology.FIXED_WIRELESS: "Fixed wireless",
    Technology.SATELLITE: "Satellite",
    Technology.OTHER: "Other",
}


class BadValue(Enum):
    """Why something that Hum states gives no figure."""

    UNREADABLE = "unreadable"
    """It is in no form that we know."""
    IMPOSSIBLE = "impossible"
    """It can be read, but nothing can be like that: a negative price, a speed of a petabit."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in integer cents. Discounts are positive amounts too; the sign lies in what the amount is for."""

    cents: int
    currency: str = "USD"


Amount = Money | BadValue | None
"""An amount as stated; None where nothing is stated."""


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed as Hum wrote it, with the numbers we could read in it.

    `low_mbps` and `high_mbps` (0 to 1e6) are equal for a single figure and None when the text holds no number:
    `Varies`.
    """

    text: str
    low_mbps: float | None = None
    high_mbps: float | None = None


StatedSpeed = Speed | BadValue | None
"""A speed as stated; None where nothing is stated."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A named amount of a plan's `pricing`, for example `activation_fee`; `amount` is None where Hum named it without a
    figure.
    """

    key: str
    name: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Discount:
    """A reduction of the monthly price. `months` is how long it lasts, None where Hum does not say (autopay: as long as
    it is used).
    """

    key: str
    name: str
    amount: Amount
    months: int | BadValue | None = None


@dataclass(frozen=True, slots=True)
class Offering:
    """One technology a provider has at the address, with its fastest speeds."""

    technology: Technology
    technology_text: str
    download: StatedSpeed
    upload: StatedSpeed

    @property
    def technology_name(self) -> str:
        """The word people read."""
        return technology_name(self.technology, self.technology_text)


@dataclass(frozen=True, slots=True)
class Plan:
    """One product of a provider's catalog (Hum: `product_catalog[].products[]`). `amounts_left_out` counts
    amounts of its pricing past the limit.
    """

    id: str
    name: str
    description: str
    category: str
    technology: Technology
    technology_text: str
    position: int | None
    download: StatedSpeed
    upload: StatedSpeed
    data_limit: str | BadValue | None
    monthly_price: Amount
    discounts: tuple[Discount, ...]
    fees: tuple[Charge, ...]
    other_charges: tuple[Charge, ...]
    contract_required: bool | None
    modem_included: bool | None
    streaming_apps: tuple[str, ...]
    info: str
    promo_text: str
    hum_rank: int | None
    amounts_left_out: int = 0

    @property
    def service(self) -> str:
        """What it is a plan for, in a word people read; "" for internet."""
        if is_internet(self.category):
            return ""
        return _SERVICE_LABELS.get(self.category.lower(), self.category.capitalize())


_WORD = re.compile(r"[a-z]+")
_INTERNET = frozenset({"internet", "broadband", "data", "bundle"})
_OTHER_SERVICES = frozenset(
    "tv television video streaming phone telephone voice landline mobile cellular security".split()
)
_SERVICE_LABELS = {"tv": "TV", "television": "TV"}


@lru_cache(maxsize=1_000)
def is_internet(category: str) -> bool:
    """Whether plans of this category are internet plans, alone or in a bundle. The price or the speed of anything else
    is no answer to who is cheapest or fastest. A category that names no service is taken for internet.
    """
    words = set(_WORD.findall(category.lower()))
    return words.isdisjoint(_OTHER_SERVICES) or not words.isdisjoint(_INTERNET)


def internet_plans(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """Those of the plans that figures are made of."""
    return tuple([plan for plan in plans if is_internet(plan.category)])


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider in Hum's order. Every text is cleaned and clamped; links are https/http or None; secrets are gone.

    `telephone` is the dialable form (`+18332981433`) or None, `telephone_text` the form people read (`833-298-1433`).
    `logo_url` is never shown by the page itself. `plans_left_out` counts products that are not in `plans`; of those,
    `plans_over_limit` are past the limit of plans and the others could not be read.
    """

    id: str
    name: str
    telephone: str | None
    telephone_text: str
    url: str | None
    button_label: str
    logo_url: str | None
    min_price: Amount
    promo_text: str
    offerings: tuple[Offering, ...]
    plans: tuple[Plan, ...]
    plans_left_out: int = 0
    plans_over_limit: int = 0
