"""Speed and price drawn, and the same figures as a table."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.made_plans import make_plan, make_provider, mbps, offering
from webapp.pages.charts import HEIGHT, LEFT, WIDTH, Scatter, price_speed
from webapp.plans.model import Money, Provider, Technology
from webapp.plans.provider_figures import provider_figures

DIAL = make_provider(name="Dial", offerings=(offering(Technology.DSL, 10),))
GIG = make_provider(name="Gig", offerings=(offering(Technology.FIBER, 1000),))
SILENT = make_provider(name="Silent")


def _scatter(*providers: Provider) -> Scatter:
    return price_speed([provider_figures(provider) for provider in providers])


def test_cheaper_is_further_left_and_faster_is_higher() -> None:
    provider = make_provider(
        plans=(
            make_plan(name="Slow", monthly_price=Money(30_00), download=mbps(100)),
            make_plan(name="Fast", monthly_price=Money(60_00), download=mbps(1000)),
        )
    )
    slow, fast = _scatter(provider).points
    assert slow.x < fast.x
    assert slow.y > fast.y
    assert fast.text == "$60.00 a month in the first year, 1,000 Mbps down"


def test_what_cannot_be_drawn_is_counted_and_still_in_the_table() -> None:
    provider = make_provider(plans=(make_plan(monthly_price=Money(30_00)), make_plan(download=mbps(5))))
    found = _scatter(provider)
    assert found.points == ()
    assert found.left_out_text == "2 plans not drawn because the price in US dollars or the speed is not known"
    assert len(found.table.rows) == 2


def test_the_axes_fit_the_plans() -> None:
    provider = make_provider(plans=(make_plan(monthly_price=Money(147_00), download=mbps(50)),))
    found = _scatter(provider)
    assert [tick.text for tick in found.x_ticks] == ["$0", "$30", "$60", "$90", "$120", "$150"]
    assert [tick.text for tick in found.y_ticks] == ["10 Mbps", "100 Mbps", "1 Gbps", "10 Gbps"]


def test_a_crowd_is_thinned_and_what_is_left_out_is_counted() -> None:
    plans = tuple(
        make_plan(id=str(cents), monthly_price=Money(cents), download=mbps(100)) for cents in range(3000, 3250)
    )
    found = _scatter(make_provider(plans=plans))
    assert len(found.points) == 200
    assert found.left_out_text == "50 plans omitted to keep the chart readable"
    assert len(found.table.rows) == 200
    assert found.table.caption.endswith("the first 200 of 250; the CSV holds them all")


_PROVIDERS = st.lists(
    st.builds(
        make_provider,
        name=st.text(max_size=30),
        plans=st.lists(
            st.builds(
                make_plan,
                name=st.text(max_size=30),
                monthly_price=st.builds(Money, st.integers(-1, 10**12)),
                download=st.floats(0, 1e6).map(mbps),
            ),
            max_size=6,
        ).map(tuple),
    ),
    max_size=5,
)


@given(_PROVIDERS)
def test_everything_drawn_lies_inside_the_picture(providers: list[Provider]) -> None:
    found = _scatter(*providers)
    for point in found.points:
        assert 0 <= point.x <= WIDTH
        assert 0 <= point.y <= HEIGHT
        assert point.label_at is None or LEFT <= point.label_at[0] <= WIDTH
    assert len(found.x_ticks) == 6
    assert all(0 <= tick.at <= WIDTH for tick in found.x_ticks)
    assert len(found.table.rows) == sum(len(provider.plans) for provider in providers)


@given(_PROVIDERS)
def test_no_label_stands_in_another(providers: list[Provider]) -> None:
    labels = [(point.label_at, point.label) for point in _scatter(*providers).points if point.label_at]
    for ((x, y), label), ((other_x, other_y), other_label) in combinations(labels, 2):
        beside = other_x >= x + 6 * len(label) or x >= other_x + 6 * len(other_label)
        assert beside or abs(y - other_y) >= 12
