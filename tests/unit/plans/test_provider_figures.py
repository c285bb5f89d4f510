"""A provider's figures, and those of the whole list in one sentence."""

import pytest

from tests.made_plans import make_plan, make_provider, mbps, offering
from webapp.plans.model import BadValue, Money, Technology
from webapp.plans.provider_figures import provider_figures, summary


def test_the_price_is_that_of_a_plan_where_hums_headline_is_another() -> None:
    spectrum = make_provider(
        min_price=Money(49_99), plans=(make_plan(monthly_price=Money(29_99)), make_plan(monthly_price=Money(70_00)))
    )
    found = provider_figures(spectrum)
    assert found.price_text == "From $29.99 a month"
    assert found.price_rank == (12 * 29_99, 29_99)


def test_one_price_from_either_place() -> None:
    assert provider_figures(make_provider(min_price=Money(0))).price_text == "From $0.00 a month"
    planned = make_provider(plans=(make_plan(monthly_price=Money(30_00)),))
    assert provider_figures(planned).price_text == "From $30.00 a month"
    silent = make_provider(min_price=Money(20_00), plans=(make_plan(),))
    assert provider_figures(silent).price_text == "From $20.00 a month"


def test_a_missing_price_is_named_and_never_zero() -> None:
    found = provider_figures(make_provider(plans=(make_plan(),)))
    assert found.price_text == "Price not stated: ask the provider"
    assert found.price_rank is None


def test_a_foreign_price_is_shown_but_not_compared() -> None:
    foreign = make_plan(monthly_price=Money(10_00, "CAD"))
    found = provider_figures(make_provider(plans=(foreign, make_plan(monthly_price=Money(30_00)))))
    assert found.price_rank == (12 * 30_00, 30_00)
    only_foreign = provider_figures(make_provider(min_price=Money(10_00, "CAD")))
    assert (only_foreign.price_text, only_foreign.price_rank) == ("From CAD 10.00 a month", None)


def test_the_sentence_says_dollars_where_there_are_other_currencies() -> None:
    dollars = provider_figures(make_provider(name="Alder", min_price=Money(30_00)))
    foreign = provider_figures(make_provider(name="Birch", min_price=Money(10_00, "EUR")))
    assert summary([dollars, foreign]).endswith(
        "Lowest price stated in US dollars in the first 12 months: $30.00 a month from Alder."
    )
    assert summary([foreign]).endswith("No price is stated that we can read in US dollars.")


def test_a_price_that_is_no_figure_says_so() -> None:
    unreadable = provider_figures(make_provider(min_price=BadValue.UNREADABLE))
    assert unreadable.price_text == "Price stated in a form we cannot read: ask the provider"
    planned = provider_figures(make_provider(plans=(make_plan(monthly_price=BadValue.IMPOSSIBLE),)))
    assert planned.price_text == "Price not usable: ask the provider"


def test_top_speeds_come_from_offerings_and_plans() -> None:
    provider = make_provider(
        offerings=(offering(Technology.DSL, 50, 60), offering(Technology.CABLE)),
        plans=(make_plan(download=mbps(25, 300), upload=mbps(5)),),
    )
    found = provider_figures(provider)
    assert (found.download, found.upload) == (mbps(25, 300), mbps(5)), "both of one line"
    assert found.technologies == (Technology.DSL, Technology.CABLE)
    assert [line.technology for line in found.fastest] == [Technology.CABLE, Technology.DSL]


def test_no_offering_is_dropped_however_many_there_are() -> None:
    kinds = (Technology.DSL, Technology.CABLE, Technology.SATELLITE, Technology.FIBER)
    speeds = (10, 100, 50, 5_000)
    lines = tuple(offering(kind, down, 1) for kind, down in zip(kinds, speeds, strict=True))
    found = provider_figures(make_provider(offerings=lines))
    assert [line.down_mbps for line in found.fastest] == [5_000, 100, 50, 10]
    assert found.down_mbps == 5_000


def test_two_providers_of_one_name_are_two_in_the_summary() -> None:
    fast = make_provider(id="1", name="Alder", plans=(make_plan(download=mbps(5_000), monthly_price=Money(30_00)),))
    slow = make_provider(id="2", name="Alder", plans=(make_plan(download=mbps(500), monthly_price=Money(50_00)),))
    for listed in ((fast, slow), (slow, fast)):
        assert summary([provider_figures(each) for each in listed]) == (
            "2 providers. Fastest: 5,000 Mbps down from Alder. "
            "Lowest stated price in the first 12 months: $30.00 a month from Alder."
        )


@pytest.mark.parametrize("category", ["tv", "TV", "Television", "phone", "home phone", "mobile", "Home Security"])
def test_only_internet_counts(category: str) -> None:
    internet = make_plan(download=mbps(100), monthly_price=Money(40_00))
    other = make_plan(category=category, download=mbps(900), monthly_price=Money(5_00))
    figures = provider_figures(make_provider(plans=(other, internet)))
    assert (figures.price_text, figures.cheapest_plan, figures.down_mbps) == ("From $40.00 a month", internet, 100)
    assert other.service
    only_other = provider_figures(make_provider(plans=(other,)))
    assert (only_other.price_rank, only_other.cheapest_plan, only_other.lines) == (None, None, ())


@pytest.mark.parametrize("category", ["", "internet", "Internet", "internet + tv", "residential", "bundle"])
def test_a_bundle_and_a_category_that_names_no_service_count_as_internet(category: str) -> None:
    plan = make_plan(category=category, monthly_price=Money(40_00))
    assert provider_figures(make_provider(plans=(plan,))).cheapest_plan is plan
    assert plan.service == ""


def test_the_summary_names_who_is_fastest_and_cheapest() -> None:
    fast, cheap, silent = (
        make_provider(name="Gig", offerings=(offering(Technology.FIBER, 1200),)),
        make_provider(name="Low", min_price=Money(29_99), offerings=(offering(Technology.DSL, 10),)),
        make_provider(name="Silent"),
    )
    assert summary([provider_figures(each) for each in (fast, cheap, silent)]) == (
        "3 providers. Fastest: 1,200 Mbps down from Gig. "
        "Lowest stated price in the first 12 months: $29.99 a month from Low."
    )
    assert summary([provider_figures(silent)]) == "1 provider. No prices are stated."
