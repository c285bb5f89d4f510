"""Who serves a state at all: Hum's /coverage, which needs no session and says nothing about any one address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from webapp.hum.providers import ProviderList, providers_from
from webapp.hum.readers import label, mapping, provider_list

_STATE = re.compile(r"[A-Z]{2}|[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The providers of the states asked for; each entry of `providers.raw` names its `matched_areas` as GEOIDs."""

    providers: ProviderList
    data_set: str | None = None


def states_query(states: Sequence[str]) -> str:
    """The query of a coverage call; ValueError unless there is at least one state, each a postal code (`MI`) or a FIPS
    code (`26`).
    """
    if not states or not all(_STATE.fullmatch(state) for state in states):
        raise ValueError("Coverage is asked for by two-letter postal codes or two-digit FIPS codes, at least one.")
    return urlencode([("states[]", state) for state in states])


def read_coverage(envelope: Mapping[str, object]) -> Coverage | None:
    """The answer of a coverage call that has lost its secrets already; None when it holds no list."""
    found = provider_list(envelope.get("data"))
    if found is None:
        return None
    return Coverage(providers_from(found), label(mapping(envelope.get("meta")).get("hum_data_set")) or None)
