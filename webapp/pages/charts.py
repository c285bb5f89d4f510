"""Speed and price as figures to draw (bars, and a scatter of plans) and as the same figures in a table. No HTML, no
style. Pure.

Both speed axes are logarithmic: on a linear one everything below a gigabit looks alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10

from webapp.pages.label_places import Frame, Spot, place_labels
from webapp.plans.figures import NOT_STATED, dollars, mbps_text, money_text, plural, speed_text, usd_cents
from webapp.plans.headlines import headline
from webapp.plans.model import Plan, Provider

SLOWEST, FASTEST = 1.0, 10_000.0
WIDTH, HEIGHT = 640.0, 360.0
LEFT, RIGHT, TOP, BOTTOM = 72.0, 24.0, 16.0, 40.0
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
class Bar:
    """One provider's fastest download. `width` is 0 to 100 on the log scale, 0 where no speed is stated."""

    label: str
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars in the given order of providers, with the same figures as a table."""

    bars: tuple[Bar, ...]
    table: Table


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
    """Plans by monthly price (x) and download speed (y) in a viewBox of `width` x `height`; cheap and fast is up left.

    `left_out_said` counts plans that are not drawn, and why; empty when all are.
    """

    width: float
    height: float
    points: tuple[Point, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    left_out_said: str
    table: Table


def speed_bars(providers: Iterable[Provider]) -> BarChart:
    """The fastest download of each provider as bars."""
    bars = []
    for provider in providers:
        top = headline(provider).download
        mbps = top.high_mbps if top else None
        bars.append(Bar(provider.name, speed_text(top), round(100 * _share(mbps), 1) if mbps else 0.0))
    rows = tuple((bar.label, bar.text) for bar in bars)
    return BarChart(tuple(bars), Table("Fastest download speed of each provider", ("Provider", "Download"), rows))


def price_speed(providers: Sequence[Provider]) -> Scatter:
    """Every plan with a price in US dollars and a download figure; at most 200 are drawn; the table holds the first 200
    plans.
    """
    pairs = [(provider, plan) for provider in providers for plan in provider.plans]
    drawable = [
        (name, plan, cents, mbps)
        for name, plan in pairs
        if (cents := usd_cents(plan.monthly_price)) is not None and (mbps := _mbps(plan))
    ]
    drawn = drawable[:MOST_POINTS]
    top = _top_price([cents for _, _, cents, _ in drawn])
    floor = _slowest_decade([mbps for _, _, _, mbps in drawn])
    spots = [
        Spot(_x(cents, top), _y(mbps, floor), f"{provider.name} {plan.name}".strip())
        for provider, plan, cents, mbps in drawn
    ]
    places = place_labels(spots, Frame(LEFT, 0.0, WIDTH, HEIGHT - BOTTOM))
    texts = [f"{dollars(cents)} a month, {mbps_text(mbps)} down" for _, _, cents, mbps in drawn]
    return Scatter(
        WIDTH,
        HEIGHT,
        tuple(
            Point(spot.x, spot.y, spot.label, text, place)
            for spot, text, place in zip(spots, texts, places, strict=True)
        ),
        tuple(Tick(_x(cents, top), f"${cents // 100:,}") for cents in range(0, top + 1, top // 5)),
        tuple(Tick(_y(mbps, floor), text) for mbps, text in _SPEED_TICKS if mbps >= floor),
        _left_out_said(len(pairs) - len(drawable), len(drawable) - len(drawn)),
        Table(
            _caption(len(pairs)),
            ("Provider", "Plan", "Monthly price", "Download"),
            tuple(_row(*pair) for pair in pairs[:MOST_POINTS]),
        ),
    )


def _row(provider: Provider, plan: Plan) -> tuple[str, ...]:
    return (
        provider.name,
        plan.name,
        money_text(plan.monthly_price),
        speed_text(plan.download) if plan.download else NOT_STATED,
    )


def _mbps(plan: Plan) -> float | None:
    return plan.download.high_mbps if plan.download else None


def _share(mbps: float, floor: float = SLOWEST) -> float:
    """Where a speed lies between the ends of the log scale, 0 to 1; what is beyond an end is drawn at that end."""
    held = min(max(mbps, floor), FASTEST)
    return log10(held / floor) / log10(FASTEST / floor)


def _slowest_decade(speeds: Sequence[float]) -> float:
    """Where the speed axis begins: no empty decade below the slowest plan, at least two decades in all."""
    return max((mbps for mbps, _ in _SPEED_TICKS if mbps <= min(min(speeds, default=SLOWEST), 100.0)), default=SLOWEST)


def _x(cents: int, top: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * cents / top, 1)


def _y(mbps: float, floor: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(mbps, floor), 1)


def _top_price(prices: Sequence[int]) -> int:
    """The end of the price axis in cents: five round steps that hold the dearest plan."""
    highest = max(prices, default=0)
    return 5 * next((step for step in _PRICE_STEPS if 5 * step >= highest), -(-highest // 5))


def _caption(plans: int) -> str:
    caption = "Monthly price and download speed of each plan"
    return (
        caption if plans <= MOST_POINTS else f"{caption}: the first {MOST_POINTS} of {plans:,}; the CSV holds them all"
    )


def _left_out_said(unstated: int, surplus: int) -> str:
    said = []
    if unstated:
        said.append(f"{plural(unstated, 'plan')} not drawn because the price or the speed is not stated")
    if surplus:
        said.append(f"{plural(surplus, 'plan')} not drawn for want of room")
    return "; ".join(said)
