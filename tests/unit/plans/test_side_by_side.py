"""Plans side by side: what differs, and what may be called best."""

import pytest

from tests.made_plans import charge, discount, make_plan, make_provider, mbps
from webapp.plans.chosen_plans import plan_refs
from webapp.plans.model import Amount, BadValue, Money, Plan, Speed, StatedSpeed
from webapp.plans.side_by_side import Cell, CompareRow, compare


def _rows(*plans: Plan) -> dict[str, CompareRow]:
    return {row.name: row for row in compare(plan_refs((make_provider(plans=plans),)))}


def test_the_cheapest_and_the_fastest_are_marked_in_words() -> None:
    rows = _rows(
        make_plan(monthly_price=Money(50_00), download=mbps(300), upload=mbps(20)),
        make_plan(monthly_price=Money(70_00), download=mbps(87, 1000), upload=mbps(20)),
    )
    assert rows["Monthly price"].cells == (Cell("$50.00 a month", "lowest stated"), Cell("$70.00 a month"))
    assert rows["Download speed"].cells == (Cell("300 Mbps"), Cell("87-1000 Mbps", "fastest stated"))
    assert rows["Upload speed"].cells == (Cell("20 Mbps"), Cell("20 Mbps"))
    assert rows["Cost over 24 months, stated amounts"].cells == (Cell("$1,200.00", "lowest"), Cell("$1,680.00"))


def test_only_differing_rows_are_marked() -> None:
    rows = _rows(
        make_plan(data_limit="1.2 TB", contract_required=True),
        make_plan(data_limit="Unlimited", contract_required=True),
    )
    assert rows["Data limit"].differs
    assert not rows["Contract required"].differs
    assert not rows["Provider"].differs


def test_a_tie_has_no_winner_and_neither_has_a_single_figure() -> None:
    tied = _rows(
        make_plan(monthly_price=Money(50_00)),
        make_plan(monthly_price=Money(50_00)),
        make_plan(monthly_price=Money(60_00)),
    )
    assert [cell.best for cell in tied["Monthly price"].cells] == ["", "", ""]
    single = _rows(make_plan(monthly_price=Money(50_00)), make_plan())
    assert single["Monthly price"].cells == (Cell("$50.00 a month"), Cell("not stated"))


def test_a_total_with_unknown_parts_keeps_everyone_from_being_called_lowest() -> None:
    rows = _rows(
        make_plan(monthly_price=Money(50_00), fees=(charge("activation_fee", None),)),
        make_plan(monthly_price=Money(70_00)),
    )
    row = rows["Cost over 12 months, stated amounts"]
    assert row.cells == (Cell("$600.00 (1 part unknown)"), Cell("$840.00"))


def test_terms_and_fees_are_spelt_out() -> None:
    plan = make_plan(
        discounts=(discount("initial_term_discount", 10_00, 12), discount("autopay_discount", 5_00)),
        fees=(charge("activation_fee", 0), charge("monthly_modem_fee", 15_00), charge("late_fee", None)),
        modem_included=False,
        streaming_apps=("Disney+ Basic", "ESPN+"),
    )
    texts = {name: row.cells[0].text for name, row in _rows(plan, make_plan()).items()}
    assert texts["First-term discount"] == "$10.00 off a month for 12 months"
    assert texts["Second-term discount"] == "not stated"
    assert texts["Autopay discount"] == "$5.00 off a month"
    assert texts["One-time fees"] == "Activation fee $0.00"
    assert texts["Monthly fees"] == "Monthly modem fee $15.00"
    assert texts["Other fees"] == "Late fee not stated"
    assert texts["Modem or router included"] == "No"
    assert texts["Streaming apps"] == "Disney+ Basic, ESPN+"


@pytest.mark.parametrize("third", [BadValue.UNREADABLE, BadValue.IMPOSSIBLE, Money(10_00, "EUR")])
def test_nothing_is_best_beside_what_cannot_be_compared(third: Amount) -> None:
    plans = [make_plan(monthly_price=price) for price in (Money(50_00), Money(60_00), third)]
    assert [cell.best for cell in _rows(*plans)["Monthly price"].cells] == ["", "", ""]
    beside_silence = _rows(*plans[:2], make_plan())["Monthly price"]
    assert [cell.best for cell in beside_silence.cells] == ["lowest stated", "", ""]


@pytest.mark.parametrize("third", [Speed("Varies"), BadValue.UNREADABLE, BadValue.IMPOSSIBLE])
def test_nothing_is_fastest_beside_a_speed_without_a_number(third: StatedSpeed) -> None:
    plans = [make_plan(download=down) for down in (mbps(300), mbps(100), third)]
    assert [cell.best for cell in _rows(*plans)["Download speed"].cells] == ["", "", ""]
