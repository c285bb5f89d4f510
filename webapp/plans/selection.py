"""A reader's filters and order, read from a query string and written back to one. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.plans.figures import decimal, dollars, mbps_text
from webapp.plans.model import Technology
from webapp.plans.ordering import Order
from webapp.plans.query_values import Query, cents_in, choice_in, clamped, mbps_in, values_of


@dataclass(frozen=True, slots=True)
class Selection:
    """Speeds in Mbps, `max_price` in US cents; None or empty means no filter.

    `faults` names, in plain words, what in the query was not understood and therefore ignored.
    """

    technologies: frozenset[Technology] = frozenset()
    min_down: float | None = None
    min_up: float | None = None
    max_price: int | None = None
    has_plans: bool = False
    order: Order = Order.HUM
    faults: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: Query) -> Selection:
        """The selection in a query: `tech` (repeatable), `down`, `up` (Mbps), `price` (dollars), `plans` (1), `sort`.

        Takes a mapping of lists or werkzeug's MultiDict. Never raises; an empty value is no filter; other keys are
        ignored.
        """
        if not any(key in query for key in _KEYS):
            return _EVERYTHING
        faults: list[str] = []
        technologies = [choice_in(Technology, text, "technology", faults) for text in values_of(query, "tech")]
        orders = [choice_in(Order, text, "order", faults) for text in values_of(query, "sort")[:1]]
        return cls(
            technologies=frozenset(technology for technology in technologies if technology),
            min_down=mbps_in(query, "down", "download speed", faults),
            min_up=mbps_in(query, "up", "upload speed", faults),
            max_price=cents_in(query, "price", "highest price", faults),
            has_plans=_has_plans(query, faults),
            order=next((order for order in orders if order), Order.HUM),
            faults=tuple(dict.fromkeys(faults)),
        )

    def to_query(self) -> list[tuple[str, str]]:
        """The canonical query: keys in a fixed order, defaults left out. `parse` of it gives the same selection,
        without faults.
        """
        pairs = [("tech", technology.value) for technology in Technology if technology in self.technologies]
        pairs += [
            (key, _number(mbps)) for key, mbps in (("down", self.min_down), ("up", self.min_up)) if mbps is not None
        ]
        if self.max_price is not None:
            pairs.append(("price", decimal(self.max_price).removesuffix(".00")))
        if self.has_plans:
            pairs.append(("plans", "1"))
        if self.order is not Order.HUM:
            pairs.append(("sort", self.order.value))
        return pairs

    def filters_said(self) -> tuple[str, ...]:
        """Each filter in words: `Fiber`, `at least 300 Mbps down`, `at most $60.00 a month`. Empty when nothing is
        filtered.
        """
        said = [technology.label for technology in Technology if technology in self.technologies]
        said += [f"at least {mbps_text(self.min_down)} down"] if self.min_down is not None else []
        said += [f"at least {mbps_text(self.min_up)} up"] if self.min_up is not None else []
        said += [f"at most {dollars(self.max_price)} a month"] if self.max_price is not None else []
        said += ["with plan details"] if self.has_plans else []
        return tuple(said)


_KEYS = ("tech", "down", "up", "price", "plans", "sort")
_EVERYTHING = Selection()


def _number(mbps: float) -> str:
    return f"{mbps:.3f}".rstrip("0").rstrip(".")


def _has_plans(query: Query, faults: list[str]) -> bool:
    text = next(iter(values_of(query, "plans")), "0").lower()
    if text not in ("0", "1", "on"):
        faults.append(f"The choice \u201c{clamped(text)}\u201d for plan details is not understood; it is ignored.")
    return text in ("1", "on")
