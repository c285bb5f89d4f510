"""Choosing plans to compare by keys in a URL."""

import re

from tests.made_plans import make_plan, make_provider
from webapp.plans.chosen_plans import choose, plan_refs
from webapp.plans.model import Money

XFINITY = make_provider(
    id="x", name="Xfinity", plans=(make_plan(id="1", name="Connect"), make_plan(id="2", name="Fast"))
)
COX = make_provider(
    id="c", name="Cox", plans=tuple(make_plan(id=str(number), name=f"Go {number}") for number in range(4))
)


def _keys() -> list[str]:
    return [ref.key for ref in plan_refs((XFINITY, COX))]


def test_keys_are_plain_and_lead_back_to_their_plans_in_the_order_wanted() -> None:
    keys = _keys()
    chosen = choose([keys[2], keys[0]], (XFINITY, COX))
    assert [(ref.provider.name, ref.plan.name) for ref in chosen.refs] == [("Cox", "Go 0"), ("Xfinity", "Connect")]
    assert chosen.faults == ()
    assert chosen.comparable
    assert all(re.fullmatch(r"[0-9a-f]{10}", key) for key in keys)


def test_keys_survive_another_order_and_another_price() -> None:
    more_expensive = make_provider(
        id="x", name="Xfinity", plans=(make_plan(id="1", name="Connect", monthly_price=Money(99_00)),)
    )
    assert plan_refs((COX, more_expensive))[-1].key == _keys()[0]


def test_twins_have_keys_of_their_own() -> None:
    twin = make_plan(id="1", name="Same")
    keys = [ref.key for ref in plan_refs((make_provider(plans=(twin, twin, twin)),))]
    assert len(set(keys)) == 3
    assert keys[1] == f"{keys[0]}-2"


def test_a_hostile_name_never_reaches_the_key() -> None:
    hostile = make_provider(id='"><script>', name="\ud800", plans=(make_plan(id="javascript:alert(1)"),))
    assert re.fullmatch(r"[0-9a-f]{10}", plan_refs((hostile,))[0].key)


def test_missing_and_surplus_plans_are_named_as_faults() -> None:
    keys = _keys()
    assert choose([*keys[:2], "0000000000"], (XFINITY, COX)).faults == (
        "1 chosen plan is not in this result any more.",
    )
    crowded = choose(keys[:5], (XFINITY, COX))
    assert len(crowded.refs) == 4
    assert crowded.faults == ("At most 4 plans fit side by side; the first 4 are shown.",)


def test_one_plan_is_not_a_comparison_and_repeats_count_once() -> None:
    keys = _keys()
    alone = choose([keys[0], keys[0], ""], (XFINITY, COX))
    assert not alone.comparable
    assert alone.faults == ("Choose 2 to 4 plans to compare.",)
