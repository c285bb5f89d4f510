"""How a create call chooses its scenario: by header, campaign id or street. Pure."""

from __future__ import annotations

import re

from webapp.simulator.known import BY_KEY, BY_NUMBER
from webapp.simulator.scenario import FIRST_HOUSE_NUMBER, Scenario
from webapp.simulator.scenarios import NORMAL

_MAGIC_STREET = re.compile(r"\s*([0-9]{3})\s+scenario\s+way\b.*", re.IGNORECASE | re.DOTALL)
_CAMPAIGN_PREFIX = "scenario:"


class UnknownScenario(LookupError):
    """A header or campaign id names a scenario that does not exist; `field` is the place it was named in."""

    def __init__(self, field: str, key: str) -> None:
        super().__init__(key)
        self.field = field


def choose(header: str | None, campaign_id: str | None, street1: str) -> Scenario:
    """The scenario a create call asks for: by header, else by `scenario:<key>` as campaign id, else by street, else the
    normal flow.

    Raises UnknownScenario for a name nobody knows, so that a typing error in a test cannot pass as the normal flow.
    """
    if header is not None:
        return _named("base", header.strip())
    if campaign_id is not None and campaign_id.startswith(_CAMPAIGN_PREFIX):
        return _named("campaign_id", campaign_id.removeprefix(_CAMPAIGN_PREFIX).strip())
    magic = _MAGIC_STREET.fullmatch(street1)
    return BY_NUMBER.get(int(magic[1]) - FIRST_HOUSE_NUMBER, NORMAL) if magic else NORMAL


def _named(field: str, key: str) -> Scenario:
    try:
        return BY_KEY[key]
    except KeyError:
        raise UnknownScenario(field, key) from None
