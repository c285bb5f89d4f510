"""Which sites may frame the lookup. An origin is a scheme, a host and a port, as browsers write it; `*.` before a
domain stands for every name below it, and not for the domain itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<any>\*\.)?(?P<host>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::(?P<port>[1-9][0-9]{0,4}))?"
)
_THIS_MACHINE = re.compile(r"localhost|[a-z0-9-]+\.localhost|127(?:\.[0-9]{1,3}){3}")
_USUAL_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of EMBED_ORIGINS. `port` is empty for the one that the scheme has anyway."""

    scheme: str
    host: str
    port: str = ""
    any_name_below: bool = False

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError with the end of a sentence for what is no origin, or one that anybody on the way could
        play.
        """
        found = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
        if found is None or ".." in found["host"]:
            raise ValueError("must hold origins such as https://intranet.example.com or https://*.example.com")
        if found["scheme"] == "http" and not _THIS_MACHINE.fullmatch(found["host"]):
            raise ValueError("must hold https origins: over http anybody on the way could change the page")
        if found["any"] and "." not in found["host"]:
            raise ValueError("must name a domain after *. and not a whole top-level domain")
        port = found["port"] or ""
        if port == _USUAL_PORTS[found["scheme"]]:
            port = ""
        return cls(found["scheme"], found["host"], port, bool(found["any"]))

    def __str__(self) -> str:
        below = "*." if self.any_name_below else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{below}{self.host}{port}"

    def allows(self, origin: Pattern) -> bool:
        """Whether an exact origin is this one, or below it."""
        if (self.scheme, self.port) != (origin.scheme, origin.port):
            return False
        if self.any_name_below:
            return origin.host.endswith(f".{self.host}")
        return origin.host == self.host


def read_origin(text: str) -> Pattern | None:
    """An exact origin; None for anything else, `null` and patterns among it."""
    try:
        origin = Pattern.read(text)
    except ValueError:
        return None
    if origin.any_name_below or str(origin) != text.strip().lower().removesuffix("/"):
        return None
    return origin


def may_frame(origin: Pattern | None, allowed: Sequence[Pattern]) -> bool:
    """Whether pages of this origin may hold the lookup in a frame."""
    return origin is not None and any(pattern.allows(origin) for pattern in allowed)
