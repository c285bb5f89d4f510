"""The figures at the top of a provider's card."""

from tests.made_plans import make_plan, make_provider, mbps, offering
from webapp.plans.headlines import headline
from webapp.plans.model import Money, Technology


def test_two_disagreeing_prices_are_both_said() -> None:
    spectrum = make_provider(
        min_price=Money(49_99), plans=(make_plan(monthly_price=Money(29_99)), make_plan(monthly_price=Money(70_00)))
    )
    found = headline(spectrum)
    assert found.price_said == "From $49.99 a month by Hum's headline; the lowest price among its plans is $29.99"
    assert found.lowest == 29_99


def test_one_price_from_either_place() -> None:
    assert headline(make_provider(min_price=Money(0))).price_said == "From $0.00 a month"
    planned = make_provider(plans=(make_plan(monthly_price=Money(30_00)),))
    assert headline(planned).price_said == "From $30.00 a month, the lowest price among its plans"


def test_no_price_is_said_and_never_zero() -> None:
    found = headline(make_provider(plans=(make_plan(),)))
    assert found.price_said == "Price not stated: ask the provider"
    assert found.lowest is None


def test_a_foreign_price_is_shown_but_not_compared() -> None:
    found = headline(make_provider(min_price=Money(10_00, "CAD"), plans=(make_plan(monthly_price=Money(30_00)),)))
    assert "CAD 10.00" in found.price_said
    assert found.lowest == 30_00


def test_top_speeds_come_from_offerings_and_plans() -> None:
    provider = make_provider(
        offerings=(offering(Technology.DSL, 50, 60), offering(Technology.CABLE)),
        plans=(make_plan(download=mbps(25, 300), upload=mbps(5)),),
    )
    found = headline(provider)
    assert found.download == mbps(25, 300)
    assert found.upload == mbps(60)
    assert found.technologies == (Technology.DSL, Technology.CABLE)
