"""Filtering and ordering providers by a query string."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.made_plans import discount, make_plan, make_provider, mbps, offering
from webapp.plans.figures import top_mbps
from webapp.plans.filter_and_sort import FilteredList, filter_and_sort
from webapp.plans.model import Money, Provider, Technology
from webapp.plans.provider_figures import provider_figures
from webapp.plans.selection import Selection, SortOrder

XFINITY = make_provider(name="Xfinity", min_price=Money(35_00), offerings=(offering(Technology.CABLE, 1200, 35),))
ROCKET = make_provider(name="Rocket Fiber", min_price=Money(49_99), offerings=(offering(Technology.FIBER, 1000, 1000),))
STARLINK = make_provider(name="Starlink", offerings=(offering(Technology.SATELLITE, 220, 25),))
ELECTRICA = make_provider(name="Éléctrica del Sur", min_price=Money(20_00), offerings=(offering(Technology.DSL),))
PLANNED = make_provider(
    name="WOW!",
    plans=(make_plan(monthly_price=Money(29_99), technology=Technology.CABLE, download=mbps(300), upload=mbps(20)),),
)
ALL = (XFINITY, ROCKET, STARLINK, ELECTRICA, PLANNED)


def _result(query: dict[str, list[str]], providers: tuple[Provider, ...] = ALL) -> FilteredList:
    return _filtered(Selection.parse(query), providers)


def _filtered(selection: Selection, providers: Iterable[Provider]) -> FilteredList:
    return filter_and_sort(selection, [provider_figures(provider) for provider in providers])


def _shown(result: FilteredList) -> tuple[Provider, ...]:
    return tuple(figures.provider for figures in result.shown)


def _names(result: FilteredList) -> list[str]:
    return [provider.name for provider in _shown(result)]


def test_without_a_query_everything_is_shown_by_price() -> None:
    found = _result({})
    assert found == _result({"sort": ["price"]})
    assert sorted(_names(found)) == sorted(provider.name for provider in ALL)
    assert found.hidden_text == ""


def test_hums_own_order_is_one_to_choose() -> None:
    found = _result({"sort": ["hum"]})
    assert _shown(found) == ALL
    assert found.order_text == "In Hum's order. No provider paid for placement."


def test_price_takes_the_lowest_stated_and_puts_the_unknown_last() -> None:
    found = _result({"sort": ["price"]})
    assert _names(found) == ["Éléctrica del Sur", "WOW!", "Xfinity", "Rocket Fiber", "Starlink"]
    assert found.order_text == (
        "Sorted by price in the first 12 months, without fees, lowest first; "
        "1 provider without a price in US dollars last."
    )


def test_speed_is_fastest_first_with_unknown_last() -> None:
    found = _result({"sort": ["speed"]})
    assert _names(found) == ["Xfinity", "Rocket Fiber", "WOW!", "Starlink", "Éléctrica del Sur"]
    assert found.order_text.endswith("1 provider without a known speed last.")


def test_names_are_ordered_without_regard_to_accents_and_case() -> None:
    assert _names(_result({"sort": ["name"]})) == ["Éléctrica del Sur", "Rocket Fiber", "Starlink", "WOW!", "Xfinity"]


def test_technologies_add_up() -> None:
    assert _names(_result({"tech": ["fiber", "SATELLITE"]})) == ["Rocket Fiber", "Starlink"]


def test_a_price_limit_hides_the_more_expensive_and_the_unknown_and_tells_them_apart() -> None:
    found = _result({"price": ["35"]})
    assert _names(found) == ["Éléctrica del Sur", "WOW!", "Xfinity"]
    assert (found.hidden, found.hidden_unknown) == (2, 1)
    assert (
        found.hidden_text == "2 providers hidden by the filters, 1 of them because the figure asked for is not known."
    )


def test_speed_limits_must_be_met_by_one_and_the_same_line() -> None:
    mixed = make_provider(
        name="Mixed", offerings=(offering(Technology.CABLE, 1000, 10), offering(Technology.DSL, 50, 50))
    )
    assert _result({"down": ["500"], "up": ["40"]}, (mixed,)).shown == ()
    assert _shown(_result({"down": ["500"], "up": ["10"]}, (mixed,))) == (mixed,)


def test_a_speed_limit_looks_only_at_the_chosen_technologies() -> None:
    mixed = make_provider(
        name="Mixed", offerings=(offering(Technology.CABLE, 1000, 10), offering(Technology.DSL, 50, 50))
    )
    assert _result({"tech": ["dsl"], "down": ["500"]}, (mixed,)).shown == ()


SPECTRUM = make_provider(
    name="Spectrum",
    offerings=(offering(Technology.CABLE, 1000, 40),),
    plans=(
        make_plan(name="Slow", monthly_price=Money(29_99), download=mbps(100), upload=mbps(10)),
        make_plan(name="Fast", monthly_price=Money(49_99), download=mbps(500), upload=mbps(20)),
    ),
)


def test_filters_and_order_see_one_plan_at_a_time() -> None:
    fast = make_provider(name="Alder", plans=(make_plan(monthly_price=Money(40_00), download=mbps(300)),))
    found = _result({"down": ["200"], "sort": ["price"]}, (SPECTRUM, fast))
    assert _names(found) == ["Alder", "Spectrum"], "the cheap plan of Spectrum is too slow"
    assert [figures.price_text for figures in found.shown] == ["From $40.00 a month", "From $49.99 a month"]
    assert [plan.name for plan in found.shown[1].plans] == ["Fast"]


def test_a_fast_plan_and_a_cheap_plan_are_no_fast_and_cheap_plan() -> None:
    found = _result({"down": ["200"], "price": ["31"]}, (SPECTRUM,))
    assert (found.shown, found.hidden, found.hidden_unknown) == ((), 1, 0)


def test_a_price_limit_is_met_by_what_the_first_year_costs() -> None:
    """The price that the row tells: $20.00 for 12 mo, then $35.00."""
    connect = make_plan(
        name="Connect", monthly_price=Money(35_00), discounts=(discount("initial_term_discount", 15_00, 12),)
    )
    offered = (make_provider(name="Xfinity", plans=(connect,)), SPECTRUM)
    assert _names(_result({"price": ["20"]}, offered)) == ["Xfinity"]
    assert _names(_result({"price": ["19.99"]}, offered)) == []
    assert _names(_result({}, (SPECTRUM, offered[0]))) == ["Xfinity", "Spectrum"]


def test_of_a_plan_without_a_price_it_is_not_known_whether_it_passes() -> None:
    silent = make_provider(name="Quiet", plans=(make_plan(download=mbps(500)),))
    assert _result({"down": ["200"], "price": ["31"]}, (silent,)).hidden_unknown == 1


def test_equal_plans_stay_two() -> None:
    twin = make_plan(monthly_price=Money(30_00))
    assert len(_result({"price": ["31"]}, (make_provider(plans=(twin, replace(twin))),)).shown[0].plans) == 2


def test_only_providers_with_plans() -> None:
    assert _names(_result({"plans": ["1"]})) == ["WOW!"]


@pytest.mark.parametrize("query", [{"down": [""]}, {"price": ["  "]}, {"tech": [""]}, {"sort": [""], "plans": [""]}])
def test_an_empty_box_is_no_filter_and_no_fault(query: dict[str, list[str]]) -> None:
    assert Selection.parse(query) == Selection()


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("tech", "smoke signals", "There is no technology called “smoke signals”; it is ignored."),
        ("sort", "paid", "There is no order called “paid”; it is ignored."),
        ("down", "-5", "The download speed “-5” is not a number of Mbps, like 300; it is ignored."),
        ("up", "nan", "The upload speed “nan” is not a number of Mbps, like 300; it is ignored."),
        ("down", "٣٠٠", "The download speed “٣٠٠” is not a number of Mbps, like 300; it is ignored."),
        ("price", "1e3", "The highest price “1e3” is not an amount of dollars, like 60 or 59.99; it is ignored."),
        ("plans", "maybe", "The choice “maybe” for plan details is not understood; it is ignored."),
    ],
)
def test_a_bad_value_is_ignored_and_named(key: str, value: str, fault: str) -> None:
    assert Selection.parse({key: [value]}) == Selection(faults=(fault,))


def test_a_price_is_read_in_whole_cents() -> None:
    assert Selection.parse({"price": ["$59.9"]}).max_price == 59_90
    assert Selection.parse({"price": ["19.99"]}).max_price == 19_99


def test_other_speeds_come_from_boxes_of_their_own() -> None:
    query = {"down": ["other"], "down_other": ["750"], "up_other": ["20"], "up": ["1"]}
    assert Selection.parse(query) == Selection(min_down=750, min_up=20)
    assert Selection.parse({"down": ["100"], "down_other": ["750"], "up_other": ["20"]}) == Selection(min_down=100)


def test_the_web_frameworks_own_query_can_be_read() -> None:
    query = MultiDict([("tech", "fiber"), ("tech", "cable"), ("sort", "price")])
    assert Selection.parse(query) == Selection(
        technologies=frozenset({Technology.FIBER, Technology.CABLE}), order=SortOrder.PRICE
    )


_SELECTIONS = st.builds(
    Selection,
    st.frozensets(st.sampled_from(Technology)),
    st.one_of(st.none(), st.integers(0, 999_999_000).map(lambda thousandths: thousandths / 1000)),
    st.one_of(st.none(), st.integers(0, 5000).map(float)),
    st.one_of(st.none(), st.integers(0, 99_999_99)),
    st.booleans(),
    st.sampled_from(SortOrder),
    st.booleans(),
    st.booleans(),
)
_PROVIDERS = st.lists(
    st.builds(
        make_provider,
        name=st.sampled_from(["a", "B", "c", "É"]),
        id=st.uuids().map(str),
        min_price=st.one_of(st.none(), st.builds(Money, st.integers(-1, 100), st.sampled_from(["USD", "USD", "CAD"]))),
        offerings=st.lists(
            st.builds(
                offering,
                st.sampled_from(Technology),
                st.one_of(st.none(), st.integers(0, 9)),
                st.one_of(st.none(), st.integers(0, 9)),
            ),
            max_size=3,
        ).map(tuple),
        plans=st.lists(
            st.builds(
                make_plan,
                category=st.sampled_from(["internet", "internet", "tv"]),
                technology=st.sampled_from(Technology),
                monthly_price=st.one_of(st.none(), st.builds(Money, st.integers(0, 100))),
                download=st.one_of(st.none(), st.integers(0, 9).map(mbps)),
                upload=st.one_of(st.none(), st.integers(0, 9).map(mbps)),
            ),
            max_size=3,
        ).map(tuple),
    ),
    max_size=8,
)


@given(_SELECTIONS)
def test_a_selection_survives_its_own_query(selection: Selection) -> None:
    query: dict[str, list[str]] = {}
    for key, value in selection.to_query():
        query.setdefault(key, []).append(value)
    assert Selection.parse(query) == selection


@given(
    st.dictionaries(
        st.sampled_from(["tech", "down", "up", "price", "plans", "sort"]), st.lists(st.text(max_size=50), max_size=3)
    )
)
def test_any_query_can_be_read(query: dict[str, list[str]]) -> None:
    for fault in Selection.parse(query).faults:
        assert len(fault) < 150
        assert fault.isprintable()


@given(_SELECTIONS, _PROVIDERS)
def test_nothing_is_lost_and_equal_providers_keep_hums_order(selection: Selection, providers: list[Provider]) -> None:
    found = _filtered(selection, providers)
    shown = _shown(found)
    assert len(found.shown) + found.hidden == len(providers)
    assert found.hidden_unknown <= found.hidden
    places = {provider.id: place for place, provider in enumerate(providers)}
    if selection.order is SortOrder.HUM:
        assert [places[provider.id] for provider in shown] == sorted(places[provider.id] for provider in shown)
    for first, second in pairwise(shown):
        if replace(first, id=second.id) == second:
            assert places[first.id] < places[second.id]
    assert _shown(_filtered(selection, shown)) == shown


@given(
    st.frozensets(st.sampled_from(Technology)),
    st.one_of(st.none(), st.integers(0, 9).map(float)),
    st.one_of(st.none(), st.integers(0, 9).map(float)),
    st.one_of(st.none(), st.integers(0, 100)),
    _PROVIDERS,
)
def test_no_listed_plan_fails_a_filter_and_the_cheapest_comes_first(
    technologies: frozenset[Technology],
    down: float | None,
    up: float | None,
    price: int | None,
    providers: list[Provider],
) -> None:
    found = _filtered(Selection(technologies, down, up, price, order=SortOrder.PRICE), providers)
    is_filtered = bool(technologies) or (down, up, price) != (None, None, None)
    for figures in found.shown if is_filtered else ():
        for plan in figures.plans:
            assert not plan.service
            assert not technologies or plan.technology in technologies
            for speed, least in ((plan.download, down), (plan.upload, up)):
                mbps_stated = top_mbps(speed)
                assert least is None or (mbps_stated is not None and mbps_stated >= least)
            assert price is None or (plan.monthly_price and plan.monthly_price.cents <= price)
    prices = [figures.price_rank for figures in found.shown if figures.price_rank is not None]
    assert prices == sorted(prices)
    assert all(figures.price_rank is not None for figures in found.shown[: len(prices)])
