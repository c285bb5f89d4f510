"""What kind of cost a `*_fee` of Hum's pricing is, read from its key, so that nothing is added up that nobody may have
to pay.

Source: HUM_API 2.7a knows four fee keys and says that the rest is unknown; a key that says neither when nor why stays
UNCLEAR.
"""

from __future__ import annotations

import re
from enum import StrEnum

from webapp.plans.model import Charge


class FeeKind(StrEnum):
    """When a fee is due."""

    ONCE = "once"
    MONTHLY = "monthly"
    CONDITIONAL = "conditional"
    UNCLEAR = "unclear"


PROFESSIONAL_INSTALLATION = "professional_installation_fee"
SELF_INSTALLATION = "self_installation_fee"
INSTALLATION_CHOICE = frozenset({PROFESSIONAL_INSTALLATION, SELF_INSTALLATION})
"""A customer pays one of these two, never both."""

_CONDITIONAL = frozenset(
    {"additional", "extra", "overage", "late", "returned", "unreturned", "restocking"}
) | frozenset(
    {"cancel", "cancellation", "disconnect", "disconnection", "reconnect", "reconnection", "suspension", "termination"}
)
_MONTHLY = frozenset({"month", "monthly", "mrc", "recurring"})
_ONCE = frozenset({"activation", "connection", "enrollment", "install", "installation", "setup", "shipping"})


def fee_kind(charge: Charge) -> FeeKind:
    """The kind of a fee by the words of its key. A condition outweighs a period: `monthly_late_fee` is not due every
    month.
    """
    words = key_words(charge)
    if words & _CONDITIONAL:
        return FeeKind.CONDITIONAL
    if words & _MONTHLY:
        return FeeKind.MONTHLY
    return FeeKind.ONCE if words & _ONCE else FeeKind.UNCLEAR


def key_words(charge: Charge) -> frozenset[str]:
    """The words of a pricing key: `extra_data_fee` -> extra, data, fee."""
    return frozenset(re.findall(r"[a-z]+", charge.key.lower()))
