"""The plans that people ask for first: one truth for page and export."""

from __future__ import annotations

from dataclasses import replace

from tests.made_plans import discount, make_plan, make_provider, mbps
from webapp.plans.best_plans import best_plans
from webapp.plans.model import Money, Plan
from webapp.plans.provider_figures import provider_figures


def plan(name: str, cents: int | None, down: float | None, up: float = 10, category: str = "internet") -> Plan:
    price = None if cents is None else Money(cents)
    speed = None if down is None else mbps(down)
    return make_plan(name=name, category=category, monthly_price=price, download=speed, upload=mbps(up))


def found(*offered: tuple[Plan, ...]) -> dict[str, str]:
    listed = [provider_figures(make_provider(id=str(number), plans=plans)) for number, plans in enumerate(offered)]
    return {best.title: best.plan.name for best in best_plans(listed)}


def test_each_question_is_answered_by_one_plan_and_not_by_figures_of_several() -> None:
    assert found((plan("Basic", 35_00, 100), plan("Gig", 80_00, 1_200)), (plan("Fiber", 45_00, 300),)) == {
        "Cheapest": "Basic",
        "Fastest": "Gig",
        "Cheapest above 100 Mbps": "Fiber",
    }


def test_a_plan_is_as_cheap_as_its_first_twelve_months() -> None:
    """Not as its price before the discounts, which nobody pays in that year; nor as its first month."""
    stays = plan("Stays", 30_00, 300)
    a_year_off = replace(plan("A year off", 35_00, 300), discounts=(discount("initial_term_discount", 15_00, 12),))
    a_month_off = replace(plan("A month off", 60_00, 300), discounts=(discount("initial_term_discount", 59_00, 1),))
    for offered in ((stays, a_year_off, a_month_off), (a_month_off, a_year_off, stays)):
        assert found(offered)["Cheapest"] == "A year off"
    assert found((stays, a_month_off))["Cheapest"] == "Stays"


def test_of_one_first_year_the_lower_price_after_it_is_the_cheaper_one() -> None:
    discounted = replace(plan("Later 60", 60_00, 50), discounts=(discount("initial_term_discount", 20_00, 12),))
    assert found((discounted, plan("Stays 40", 40_00, 50)))["Cheapest"] == "Stays 40"


def test_of_one_price_the_first_is_the_cheapest_as_in_a_list_by_price() -> None:
    assert found((plan("First", 30_00, 50),), (plan("Second", 30_00, 100),))["Cheapest"] == "First"


def test_of_one_speed_the_faster_upload_and_then_the_lower_price_wins() -> None:
    assert found((plan("Slow up", 10_00, 500, up=20), plan("Fast up", 90_00, 500, up=500)))["Fastest"] == "Fast up"
    equal = (plan("Dear", 90_00, 500), plan("Unpriced", None, 500), plan("Cheap", 60_00, 500))
    assert found(equal)["Fastest"] == "Cheap"


def test_a_plan_for_something_else_is_no_answer() -> None:
    offered = (plan("TV", 5_00, 9_000, category="tv"), plan("Net", 50_00, 50))
    assert found(offered) == {"Cheapest": "Net", "Fastest": "Net"}


def test_what_no_plan_states_is_not_answered() -> None:
    assert found((plan("Silent", None, None),)) == {}
    assert found((plan("Unpriced", None, 300),)) == {"Fastest": "Unpriced"}
    assert found((plan("Foreign", None, None), make_plan(name="CAD", monthly_price=Money(1_00, "CAD")))) == {}


def test_the_answer_in_a_sentence() -> None:
    listed = [provider_figures(make_provider(name="Alder", plans=(plan("Fiber 300", 45_00, 300),)))]
    assert (
        best_plans(listed)[0].sentence
        == "Cheapest, first 12 months: $45.00 a month, Alder Fiber 300, 300 Mbps down, 10 Mbps up"
    )
