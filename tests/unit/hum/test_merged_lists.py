"""A newer list with what only the older one has: nothing that was known goes, and nothing is listed twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.hum.providers import ProviderList, merged, providers_from


def entry(name: str, plans: int, **facts: object) -> dict[str, object]:
    products = [{"name": f"Plan {number}"} for number in range(plans)]
    return {"provider_name": name, "product_catalog": [{"products": products}], **facts}


def listed(*entries: object) -> ProviderList:
    return providers_from(list(entries))


def shown(found: ProviderList) -> list[tuple[str, int]]:
    return [(provider.name, len(provider.plans)) for provider in found.providers]


def test_the_newer_order_and_the_newer_facts_hold() -> None:
    found = merged(
        listed(entry("A", 1, telephone="1"), entry("B", 1)), listed(entry("B", 1), entry("A", 1, telephone="2"))
    )
    assert shown(found) == [("B", 1), ("A", 1)]
    assert found.providers[1].telephone_text == "2"


def test_providers_are_the_same_by_their_id_and_else_by_their_name() -> None:
    known = listed(entry("Old Name", 3, provider_id="1"), entry("Fiber", 2, provider_id="2"), entry("Fiber", 1))
    found = merged(known, listed(entry("New Name", 1, provider_id="1"), entry("Fiber", 4, provider_id="3")))
    assert shown(found) == [("Old Name", 3), ("Fiber", 4), ("Fiber", 2), ("Fiber", 1)]


def test_two_of_one_name_stay_two() -> None:
    assert shown(merged(listed(entry("A", 1), entry("A", 2)), listed(entry("A", 2)))) == [("A", 2), ("A", 2)]


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, {"no": "provider"}])
def test_what_is_no_provider_is_not_carried_along(odd: object) -> None:
    assert merged(listed(odd, entry("A", 1)), listed(entry("B", 1))).raw == [entry("B", 1), entry("A", 1)]


lists = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 3)), max_size=6).map(
    lambda pairs: listed(*(entry(name, plans) for name, plans in pairs))
)


@given(lists, lists)
def test_nothing_is_lost(known: ProviderList, news: ProviderList) -> None:
    found = merged(known, news)
    assert len(found.providers) >= max(len(known.providers), len(news.providers))
    plans = [sum(count for _, count in shown(each)) for each in (known, news, found)]
    assert plans[2] >= max(plans[:2])
    assert sorted(shown(merged(found, news))) == sorted(shown(found)), "the same news again bring nothing new"
