"""Speed and price drawn, and told as a table."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.made_plans import make_plan, make_provider, mbps, offering
from webapp.pages.charts import HEIGHT, LEFT, WIDTH, price_speed, speed_bars
from webapp.plans.model import Money, Provider, Technology

DIAL = make_provider(name="Dial", offerings=(offering(Technology.DSL, 10),))
GIG = make_provider(name="Gig", offerings=(offering(Technology.FIBER, 1000),))
SILENT = make_provider(name="Silent")


def test_bars_grow_with_the_logarithm_of_the_speed() -> None:
    bars = speed_bars((DIAL, GIG, SILENT)).bars
    assert [(bar.label, bar.text, bar.width) for bar in bars] == [
        ("Dial", "10 Mbps", 25.0),
        ("Gig", "1,000 Mbps", 75.0),
        ("Silent", "not stated", 0.0),
    ]


def test_the_table_tells_what_the_bars_show() -> None:
    assert speed_bars((GIG, SILENT)).table.rows == (("Gig", "1,000 Mbps"), ("Silent", "not stated"))


def test_cheaper_is_further_left_and_faster_is_higher() -> None:
    provider = make_provider(
        plans=(
            make_plan(name="Slow", monthly_price=Money(30_00), download=mbps(100)),
            make_plan(name="Fast", monthly_price=Money(60_00), download=mbps(1000)),
        )
    )
    slow, fast = price_speed((provider,)).points
    assert slow.x < fast.x
    assert slow.y > fast.y
    assert fast.text == "$60.00 a month, 1,000 Mbps down"


def test_what_cannot_be_drawn_is_counted_and_still_in_the_table() -> None:
    provider = make_provider(plans=(make_plan(monthly_price=Money(30_00)), make_plan(download=mbps(5))))
    found = price_speed((provider,))
    assert found.points == ()
    assert found.left_out_said == "2 plans not drawn because the price or the speed is not stated"
    assert len(found.table.rows) == 2


def test_the_axes_fit_the_plans() -> None:
    provider = make_provider(plans=(make_plan(monthly_price=Money(147_00), download=mbps(50)),))
    found = price_speed((provider,))
    assert [tick.text for tick in found.x_ticks] == ["$0", "$30", "$60", "$90", "$120", "$150"]
    assert [tick.text for tick in found.y_ticks] == ["10 Mbps", "100 Mbps", "1 Gbps", "10 Gbps"]


def test_a_crowd_is_thinned_and_said_to_be() -> None:
    plans = tuple(
        make_plan(id=str(cents), monthly_price=Money(cents), download=mbps(100)) for cents in range(3000, 3250)
    )
    found = price_speed((make_provider(plans=plans),))
    assert len(found.points) == 200
    assert found.left_out_said == "50 plans not drawn for want of room"
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
    found = price_speed(providers)
    for point in found.points:
        assert 0 <= point.x <= WIDTH
        assert 0 <= point.y <= HEIGHT
        assert point.label_at is None or LEFT <= point.label_at[0] <= WIDTH
    assert len(found.x_ticks) == 6
    assert all(0 <= tick.at <= WIDTH for tick in found.x_ticks)
    assert len(found.table.rows) == sum(len(provider.plans) for provider in providers)


@given(_PROVIDERS)
def test_no_label_stands_in_another(providers: list[Provider]) -> None:
    labels = [(point.label_at, point.label) for point in price_speed(providers).points if point.label_at]
    for ((x, y), label), ((other_x, other_y), other_label) in combinations(labels, 2):
        beside = other_x >= x + 6 * len(label) or x >= other_x + 6 * len(other_label)
        assert beside or abs(y - other_y) >= 12
