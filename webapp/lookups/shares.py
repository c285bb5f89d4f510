"""A share link: a read-only look at one lookup that its owner gave away for some days. Pure."""

from __future__ import annotations

from dataclasses import dataclass

DAYS = (1, 7, 30)
"""How long a link can be made to live."""
USUAL_DAYS = 7
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Share:
    """One link. `id` is 128 random bits, `viewer` the owner of link and lookup; times are epoch seconds."""

    id: str
    lookup_id: str
    viewer: str
    created_at: float
    expires_at: float
    revoked_at: float | None = None

    def is_valid(self, now: float) -> bool:
        """Opens the lookup now: neither revoked nor past its end."""
        return self.revoked_at is None and now < self.expires_at
