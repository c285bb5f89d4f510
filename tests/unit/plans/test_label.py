"""The label-shaped card: always the same twenty rows, what is missing is marked as not supplied."""

from hypothesis import given
from hypothesis import strategies as st

from tests.made_plans import charge, discount, make_plan, make_provider, mbps
from webapp.plans.label import LabelCard, label_card
from webapp.plans.model import BadValue, Charge, Discount, Money, Plan, Speed, Technology

FULL = make_plan(
    name="Gig",
    technology=Technology.CABLE,
    monthly_price=Money(60_00),
    download=mbps(1000),
    upload=Speed("Up to 1 Gig", 1000, 1000),
    data_limit="1.2 TB",
    contract_required=False,
    discounts=(
        discount("initial_term_discount", 20_00, 12),
        discount("second_term_discount", 10_00, 6),
        discount("autopay_discount", 5_00),
    ),
    fees=(
        charge("activation_fee", 25_00),
        charge("extra_data_fee", 10_00),
        charge("monthly_modem_fee", 15_00),
        charge("early_termination_fee", 200_00),
    ),
)
COX = make_provider(name="Cox", telephone_text="800-521-5881")


def _values(card: LabelCard) -> dict[str, str]:
    return {row.name: row.value for row in card.rows}


def test_a_well_described_plan_fills_the_rows_it_can() -> None:
    card = label_card(COX, FULL)
    assert _values(card) == {
        "Fixed or mobile service": "Fixed (Cable)",
        "Monthly price": "$60.00",
        "Introductory rate": "Yes, $20.00 off a month",
        "Introductory period": "12 months",
        "Price after the introductory period": "$50.00 in months 13–18, then $60.00 a month",
        "Contract length": "No contract required",
        "Provider monthly fees": "Monthly modem fee $15.00",
        "One-time fees": "Activation fee $25.00",
        "Early termination fee": "Early termination fee $200.00",
        "Government taxes": "not supplied",
        "Discounts and bundles": "Autopay discount $5.00",
        "Typical download speed": "1,000 Mbps",
        "Typical upload speed": "Up to 1 Gig",
        "Typical latency": "not supplied",
        "Data included with the monthly price": "1.2 TB",
        "Charges for additional data": "Extra data fee $10.00",
        "Network management policy": "not supplied",
        "Privacy policy": "not supplied",
        "Customer support": "800-521-5881",
        "Unique plan identifier": "not supplied",
    }
    assert card.completeness == "15 of 20 rows supplied"


def test_a_bare_plan_supplies_only_its_kind_of_service() -> None:
    card = label_card(make_provider(), make_plan())
    assert card.completeness == "1 of 20 rows supplied"
    assert {row.value for row in card.rows if not row.supplied} == {"not supplied"}


def test_an_unstated_discount_is_not_a_no_but_a_stated_zero_is() -> None:
    assert _values(label_card(COX, make_plan()))["Introductory rate"] == "not supplied"
    zero = make_plan(discounts=(discount("initial_term_discount", 0, 0),))
    assert _values(label_card(COX, zero))["Introductory rate"] == "No"


def test_a_contract_of_unknown_length_does_not_count_as_supplied() -> None:
    row = next(row for row in label_card(COX, make_plan(contract_required=True)).rows if row.name == "Contract length")
    assert row.value == "A contract is required; its length is not supplied"
    assert not row.supplied


def test_hums_speed_is_not_passed_off_as_typical() -> None:
    row = next(row for row in label_card(COX, FULL).rows if row.name == "Typical download speed")
    assert row.note == "Hum does not say whether this is typical or maximum"


@given(
    st.builds(
        make_plan,
        monthly_price=st.one_of(st.none(), st.builds(Money, st.integers(-5, 10**9), st.sampled_from(["USD", "CAD"]))),
        download=st.one_of(st.none(), st.builds(Speed, st.text(max_size=20))),
        data_limit=st.one_of(st.none(), st.text(max_size=20)),
        contract_required=st.sampled_from([None, True, False]),
        technology=st.sampled_from(Technology),
        discounts=st.lists(
            st.builds(
                discount,
                st.sampled_from(["initial_term_discount", "second_term_discount", "x"]),
                st.integers(0, 99),
                st.integers(0, 9),
            )
        ).map(tuple),
    )
)
def test_any_plan_gives_the_same_rows_and_an_honest_count(plan: Plan) -> None:
    card = label_card(COX, plan)
    assert [row.name for row in card.rows] == [row.name for row in label_card(COX, FULL).rows]
    assert card.total == 20
    assert card.supplied == sum(row.supplied for row in card.rows)
    assert all(row.value for row in card.rows)
    assert "broadband facts" not in " ".join(f"{row.section} {row.name} {row.note}" for row in card.rows).lower()


def test_what_gives_no_figure_is_named_and_answers_no_row() -> None:
    odd = make_plan(
        monthly_price=BadValue.UNREADABLE,
        download=BadValue.IMPOSSIBLE,
        data_limit=BadValue.IMPOSSIBLE,
        discounts=(
            Discount("initial_term_discount", "Initial term discount", Money(5_00, "EUR"), BadValue.IMPOSSIBLE),
        ),
        fees=(Charge("one_time_fee", "One time fee", BadValue.UNREADABLE),),
    )
    rows = {row.name: (row.value, row.supplied) for row in label_card(COX, odd).rows}
    assert rows["Monthly price"] == ("stated in a form we cannot read", False)
    assert rows["Typical download speed"] == ("not usable", False)
    assert rows["Data included with the monthly price"] == ("not usable", False)
    assert rows["Introductory rate"] == ("Yes, EUR 5.00 off a month", True)
    assert rows["Introductory period"] == ("not usable", False)
    assert rows["One-time fees"] == ("One time fee stated in a form we cannot read", False)
