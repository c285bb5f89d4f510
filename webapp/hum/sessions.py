"""A session of Hum's, and how it is read out of any generation of its answers: token, agents, matched address, and the
providers if they are there. Absent is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.hum.providers import ProviderList, providers_from
from webapp.hum.readers import coordinate, label, mapping, optional, provider_list
from webapp.texts import clean
from webapp.upstream.give_way import GiveWay, keep_on

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,128}")


class AgentState(StrEnum):
    """How far one of Hum's agents is. `UNKNOWN` is any word we do not know: in progress, as far as we can tell."""

    PENDING = "pending"
    MATCHED = "matched"
    MULTIPLE = "multiple"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """The address Hum matched, on one line; the coordinates come only in the oldest shape of the answer."""

    text: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A Hum session as one answer told it (create or status).

    The agents are None where the answer does not name them. `providers` is None unless the answer carries a list.
    `processing` means HTTP 202. `warning` is Hum's cleaned message when it calls the answer a warning.
    """

    token: str | None
    geocoding: AgentState | None = None
    internet: AgentState | None = None
    service_address: ServiceAddress | None = None
    providers: ProviderList | None = None
    processing: bool = False
    warning: str | None = None
    data_set: str | None = None

    def __repr__(self) -> str:
        shown = None if self.token is None else f"{self.token[:4]}…"
        return (
            f"Session(token={shown!r}, geocoding={self.geocoding!r}, internet={self.internet!r}, "
            f"processing={self.processing!r})"
        )


@dataclass(frozen=True, slots=True)
class InternetServices:
    """The answer about internet providers. `ready` is False while Hum still works (HTTP 202) or when the list is
    missing. The agents and the address are None where the answer does not name them.
    """

    ready: bool
    providers: ProviderList | None = None
    geocoding: AgentState | None = None
    internet: AgentState | None = None
    service_address: ServiceAddress | None = None
    warning: str | None = None
    data_set: str | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    """Whether Hum answers at all, whether it takes our key, and how long it took."""

    ok: bool
    key_accepted: bool
    milliseconds: int


def read_session(
    envelope: Mapping[str, object], *, token: str | None, processing: bool, give_way: GiveWay = keep_on
) -> Session:
    """One answer about a session. `envelope` has lost its secrets already, so the `token` is given beside it."""
    meta, data = mapping(envelope.get("meta")), mapping(envelope.get("data"))
    agents = mapping(meta.get("agent_status"))
    return Session(
        token=token,
        geocoding=agent_state(agents.get("geocoding")),
        internet=agent_state(agents.get("internet")),
        service_address=service_address(data.get("service_address")) or service_address(meta.get("service_address")),
        providers=_providers(envelope, give_way),
        processing=processing,
        warning=_warning(envelope),
        data_set=label(meta.get("hum_data_set")) or None,
    )


def read_internet(envelope: Mapping[str, object], *, processing: bool, give_way: GiveWay = keep_on) -> InternetServices:
    """One answer about internet services: ready when it is final and has its list, even an empty one."""
    told = read_session(envelope, token=None, processing=processing, give_way=give_way)
    found = told.providers
    if processing and found is not None and not found.providers:
        found = None
    return InternetServices(
        ready=found is not None and not processing,
        providers=found,
        geocoding=told.geocoding,
        internet=told.internet,
        service_address=told.service_address,
        warning=told.warning,
        data_set=told.data_set,
    )


def is_token(value: object) -> bool:
    """Whether a value has the form of a session token, so that it can do nothing in a path but name a session."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def tokens_in(envelope: Mapping[str, object], headers: Mapping[str, str]) -> list[str]:
    """Every session token an answer names, in the order to believe them: meta, data, header. Also malformed ones."""
    places = [mapping(envelope.get(part)).get("session_token") for part in ("meta", "data")]
    # A header that a proxy has sent twice arrives as one with a comma.
    repeated = (headers.get("session_token") or "").split(",")
    return [place for place in (*places, *(text.strip() for text in repeated)) if isinstance(place, str) and place]


def first_token(envelope: Mapping[str, object], headers: Mapping[str, str]) -> str | None:
    """The token of a new session; malformed ones are passed over."""
    return next((token for token in tokens_in(envelope, headers) if is_token(token)), None)


def agent_state(value: object) -> AgentState | None:
    """The state of an agent in any case; `UNKNOWN` for an unknown word; None when nothing is said."""
    if value is None:
        return None
    word = clean(value).lower()
    return AgentState(word) if word in set(AgentState) else AgentState.UNKNOWN


def service_address(value: object) -> ServiceAddress | None:
    """The matched address from a line or from the old object; None when there is no text in it."""
    if isinstance(value, str):
        line = clean(value)
        return ServiceAddress(line) if line else None
    if not isinstance(value, dict):
        return None
    parts: Mapping[str, object] = value
    text = clean(parts.get("normalized")) or _one_line(parts)
    if not text:
        return None
    latitude, longitude = coordinate(parts.get("latitude"), 90), coordinate(parts.get("longitude"), 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        # 0/0 is a point in the ocean: the mark of a program that had no coordinates.
        return ServiceAddress(text)
    return ServiceAddress(text, latitude, longitude)


def zip_text(value: object) -> str:
    """A ZIP that may have become a number on its way: 2139 is 02139 again."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000:
        return f"{value:05d}"
    return label(value)


def _one_line(parts: Mapping[str, object]) -> str:
    region = " ".join(part for part in (clean(parts.get("state")), zip_text(parts.get("zip"))) if part)
    return clean(", ".join(part for part in (clean(parts.get("street")), clean(parts.get("city")), region) if part))


def _providers(envelope: Mapping[str, object], give_way: GiveWay) -> ProviderList | None:
    found = provider_list(envelope.get("data"))
    if found is None:
        return None
    return providers_from(found, give_way)


def _warning(envelope: Mapping[str, object]) -> str | None:
    if clean(envelope.get("request_status")).lower() != "warning":
        return None
    return optional(envelope.get("message"))
