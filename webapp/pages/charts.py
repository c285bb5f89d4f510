"""Speed and price of plans as a scatter to draw, and as a table. No HTML, no style. Pure.

The speed axis is logarithmic: on a linear one everything below a gigabit looks alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from operator import attrgetter

from webapp.pages.label_places import Frame, Spot, place_labels
from webapp.plans.figures import dollars, mbps_text, plural, speed_text, top_mbps, usd_cents
from webapp.plans.model import Plan, internet_plans
from webapp.plans.price_over_time import RANKED_MONTHS, first_year_cents, monthly_price_text
from webapp.plans.provider_figures import ProviderFigures

SLOWEST, FASTEST = 1.0, 10_000.0
WIDTH, HEIGHT = 640.0, 360.0
LEFT, RIGHT, TOP, BOTTOM = 72.0, 40.0, 32.0, 40.0
MOST_POINTS = 200
_SPEED_TICKS = ((1.0, "1 Mbps"), (10.0, "10 Mbps"), (100.0, "100 Mbps"), (1_000.0, "1 Gbps"), (10_000.0, "10 Gbps"))
_PRICE_STEPS = (
    5_00,
    10_00,
    15_00,
    20_00,
    25_00,
    30_00,
    40_00,
    50_00,
    75_00,
    100_00,
    250_00,
    500_00,
    1_000_00,
    5_000_00,
    25_000_00,
)


@dataclass(frozen=True, slots=True)
class Table:
    """A drawing's figures for those who do not see it: a caption, headings, and rows as long as the headings."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place along that axis in viewBox units, and its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """One plan at (x, y). `label_at` is where its label starts without touching another, None where there is no
    room.
    """

    x: float
    y: float
    label: str
    text: str
    label_at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Scatter:
    """Plans by monthly price in the first year (x) and download speed (y) in a viewBox of `width` x `height`; cheap and
    fast is at the upper left.

    `left_out_text` counts plans that are not drawn, and why; empty when all are.
    """

    width: float
    height: float
    points: tuple[Point, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    left_out_text: str
    table: Table


@dataclass(frozen=True, slots=True)
class _DrawnPlan:
    """A plan with all that it takes to draw it: what a month of the first year costs in US cents, speed in Mbps."""

    label: str
    cents: int
    mbps: float

    @property
    def text(self) -> str:
        return f"{dollars(self.cents)} a month in the first year, {mbps_text(self.mbps)} down"


def price_speed(listed: Iterable[ProviderFigures]) -> Scatter:
    """Every plan with a price in US dollars and a download figure; at most 200 are drawn; the table holds the first 200
    plans.
    """
    drawn: list[_DrawnPlan] = []
    rows: list[tuple[str, ...]] = []
    unstated = surplus = 0
    for figures in listed:
        for plan in internet_plans(figures.plans):
            if len(rows) < MOST_POINTS:
                rows.append(_table_row(figures.provider.name, plan))
            mbps = top_mbps(plan.download)
            if usd_cents(plan.monthly_price) is None or not mbps:
                unstated += 1
            elif len(drawn) < MOST_POINTS:
                drawn.append(_drawn_plan(figures.provider.name, plan, mbps))
            else:
                surplus += 1
    top = _top_price(drawn)
    floor = _slowest_decade(drawn)
    return Scatter(
        width=WIDTH,
        height=HEIGHT,
        points=_points(drawn, top, floor),
        x_ticks=tuple(Tick(_x(cents, top), f"${cents // 100:,}") for cents in range(0, top + 1, top // 5)),
        y_ticks=tuple(Tick(_y(mbps, floor), text) for mbps, text in _SPEED_TICKS if mbps >= floor),
        left_out_text=_left_out_text(unstated, surplus),
        table=Table(
            _caption(unstated + len(drawn) + surplus),
            ("Provider", "Plan", "Monthly price", "Download"),
            tuple(rows),
        ),
    )


def _drawn_plan(provider: str, plan: Plan, mbps: float) -> _DrawnPlan:
    year_cents = first_year_cents(plan) or 0
    return _DrawnPlan(f"{provider} {plan.name}".strip(), round(year_cents / RANKED_MONTHS), mbps)


def _points(drawn: Sequence[_DrawnPlan], top: int, floor: float) -> tuple[Point, ...]:
    spots = [Spot(_x(plan.cents, top), _y(plan.mbps, floor), plan.label) for plan in drawn]
    places = place_labels(spots, Frame(LEFT, 0.0, WIDTH, HEIGHT - BOTTOM))
    points = []
    for plan, spot, place in zip(drawn, spots, places, strict=True):
        points.append(Point(spot.x, spot.y, spot.label, plan.text, place))
    return tuple(points)


def _table_row(provider: str, plan: Plan) -> tuple[str, ...]:
    return (provider, plan.name, monthly_price_text(plan), speed_text(plan.download))


def _share(mbps: float, floor: float = SLOWEST) -> float:
    """Where a speed lies between the ends of the log scale, 0 to 1; what is beyond an end is drawn at that end."""
    held = min(max(mbps, floor), FASTEST)
    return log10(held / floor) / log10(FASTEST / floor)


def _slowest_decade(drawn: Sequence[_DrawnPlan]) -> float:
    """Where the speed axis begins: no empty decade below the slowest plan, and at least two decades."""
    if not drawn:
        return SLOWEST
    slowest = min(drawn, key=attrgetter("mbps")).mbps
    begin = SLOWEST
    for mbps, _ in _SPEED_TICKS:
        if mbps <= min(slowest, 100.0):
            begin = mbps
    return begin


def _x(cents: int, top: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * cents / top, 1)


def _y(mbps: float, floor: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(mbps, floor), 1)


def _top_price(drawn: Sequence[_DrawnPlan]) -> int:
    """The end of the price axis in cents: five round steps that hold the most expensive plan."""
    highest = 0
    for plan in drawn:
        highest = max(highest, plan.cents)
    for step in _PRICE_STEPS:
        if 5 * step >= highest:
            return 5 * step
    return 5 * -(-highest // 5)


def _caption(plans: int) -> str:
    caption = "Price and download speed of each plan"
    if plans <= MOST_POINTS:
        return caption
    return f"{caption}: the first {MOST_POINTS} of {plans:,}; the CSV holds them all"


def _left_out_text(unstated: int, surplus: int) -> str:
    reasons = []
    if unstated:
        reasons.append(
            f"{plural(unstated, 'plan')} not drawn because the price in US dollars or the speed is not known"
        )
    if surplus:
        reasons.append(f"{plural(surplus, 'plan')} omitted to keep the chart readable")
    return "; ".join(reasons)
