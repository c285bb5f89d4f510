"""Results made to measure: an ended lookup in the real database whose providers, or whose facts, a test chose."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import sqlalchemy as sa

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site
from tests.integration.web.visitor import Visitor
from webapp.hum.providers import read_providers
from webapp.lookups.schema import lookup_table, snapshot_table
from webapp.lookups.store import snapshot_of

EVERY_ROW_OPEN = "?all=1&" + "&".join(f"open={number}" for number in range(1, 61))
"""What makes the page show every plan."""


@dataclass(frozen=True)
class Ended:
    """An ended lookup, at `path`, and the browser that owns it."""

    site: Site
    visitor: Visitor
    path: str

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    def page(self, end: str = "", **headers: str) -> Page:
        """The lookup's page, or what lies below it: `/compare?plan=...`, `?sort=price`."""
        return self.visitor.get(self.path + end, **headers)

    def plan_keys(self) -> dict[str, str]:
        """`Alder Fiber 500` -> the key that names this plan in addresses, for every plan in the list."""
        boxes = [box for box in self.page(EVERY_ROW_OPEN).root.iter("input") if box.get("name") == "plan"]
        return {box.get("aria-label", "").removeprefix("Compare "): box.get("value", "") for box in boxes}

    def change(self, **columns: object) -> None:
        """Writes facts of the lookup over what Hum said."""
        with self.site.database() as connection:
            connection.execute(sa.update(lookup_table).where(lookup_table.c.id == self.id).values(columns))

    def change_providers(self, raw: list[object]) -> None:
        """Stores these providers, in the shape of Hum's answers, as the lookup's snapshot."""
        listed = read_providers(raw)
        assert listed is not None
        digest, body = snapshot_of(listed)
        with self.site.database() as connection:
            stored = connection.execute(
                sa.update(snapshot_table)
                .where(snapshot_table.c.lookup_id == self.id)
                .values(digest=digest, providers=body)
            )
        assert stored.rowcount == 1, "the scenario left no snapshot to replace"
        plans = sum(len(provider.plans) for provider in listed.providers)
        self.change(snapshot_digest=digest, provider_count=len(listed.providers), plan_count=plans)


def ended(site: Site, scenario: str = "instant", **typed: str) -> Ended:
    """A scenario looked up and watched to its end."""
    visitor = site.visitor()
    form = visitor.get(f"/?scenario={scenario}" if scenario else "/")
    answer = visitor.press(form, "Look up", **typed)
    visitor.last(visitor.follow(answer))
    return Ended(site, visitor, answer.location)


def provider(
    name: str, technology: str = "Fiber", down: object = 1000, up: object = 1000, **facts: object
) -> dict[str, object]:
    """A provider with one offering, in Hum's newest shape. `cents` is its headline price, `plans` its products."""
    cents, plans = facts.pop("cents", None), facts.pop("plans", [])
    return {
        "provider_id": f"id of {name}",
        "provider_name": name,
        "min_plan_price": None if cents is None else money(cents),
        "offerings": [{"technology": technology, "max_download_speed": down, "max_upload_speed": up}],
        "product_catalog": [{"category": "internet", "products": plans}],
        **facts,
    }


def product(name: str, pricing: dict[str, object], **facts: object) -> dict[str, object]:
    """A plan; `pricing` in cents, None for an amount named without a figure."""
    amounts = {key: money(cents) for key, cents in pricing.items()}
    return {"id": f"id of {name}", "name": name, "technology": "fiber", "pricing": amounts, **facts}


def money(cents: object) -> dict[str, object]:
    """An amount as Hum writes it."""
    return {"amount_cents": cents, "currency": "USD"}


def with_class(page: Page | Element, name: str) -> list[Element]:
    """The elements that have this class."""
    elements = page.elements if isinstance(page, Page) else page.iter()
    return [element for element in elements if name in element.get("class", "").split()]


def texts_with_class(page: Page | Element, name: str) -> list[str]:
    """Their words."""
    return [text_in(element) for element in with_class(page, name)]
