"""What Hum says, as facts: every generation of its answers ends in these few shapes. Absent is None."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.hum.providers import ProviderList, read_providers

__all__ = ["AgentState", "InternetServices", "Ping", "ProviderList", "ServiceAddress", "Session", "read_providers"]


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
    missing.
    """

    ready: bool
    providers: ProviderList | None = None
    warning: str | None = None
    data_set: str | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    """Whether Hum answers at all, whether it takes our key, and how long it took."""

    ok: bool
    key_accepted: bool
    milliseconds: int
