"""What POST /sessions accepts: types, lengths and the combination rule, refused in Hum's documented words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from webapp.simulator import census

STATES = frozenset(census.BY_CODE) - {"DC"}
"""The 51 codes of Hum's list: 50 states and Puerto Rico."""

SYNC_AGENTS = ("geocode", "internet")

BLANK = "can't be blank"
BAD_STATE = "must be a valid state or US territory/commonwealth"
BAD_ZIP = "must be in the form 12345 or 12345-1234"
BAD_COMBINATION = "Provide either (street1 and zip), (street1, city, and state), or (street1, city, and zip)"
INVALID = "is invalid"

Errors = dict[str, list[str]]

_LONGEST = {"street1": 100, "street2": 50, "city": 50, "campaign_id": 100}
_TEXTS = ("street1", "street2", "city", "state", "zip", "campaign_id")
_ZIP = re.compile(r"[0-9]{5}(?:-[0-9]{4})?")


def errors_in(body: Mapping[str, object]) -> Errors:
    """Every fault of a create call's body by field, `base` for the combination; empty when it is accepted. null counts
    as absent.
    """
    found: Errors = {}
    for name in _TEXTS:
        if message := _text_fault(name, body.get(name)):
            found[name] = [message]
    for name in ("latitude", "longitude"):
        if not _is_number_or_absent(body.get(name)):
            found[name] = [INVALID]
    if not _is_sync(body.get("sync")):
        found["sync"] = [INVALID]
    if _is_blank(body.get("street1")):
        found["street1"] = [BLANK]
    if not _is_locatable(body):
        found["base"] = [BAD_COMBINATION]
    return found


def _text_fault(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return INVALID
    if name == "zip" and not _ZIP.fullmatch(value):
        return BAD_ZIP
    if name == "state" and value not in STATES:
        return BAD_STATE
    if name in _LONGEST:
        return _length_fault(value, _LONGEST[name])
    return None


def _length_fault(value: str, longest: int) -> str | None:
    if _is_blank(value):
        return BLANK
    if len(value) > longest:
        return f"is too long (maximum is {longest} characters)"
    return None


def _is_locatable(body: Mapping[str, object]) -> bool:
    """The documented rule with its redundancy taken out: a street, and a ZIP or a city with its state."""
    given = {name for name in ("street1", "city", "state", "zip") if not _is_blank(body.get(name))}
    return "street1" in given and ("zip" in given or {"city", "state"} <= given)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_number_or_absent(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= 180


def _is_sync(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(agent in SYNC_AGENTS for agent in value))
