"""What the client makes of every fault; what a person sees of it, what is kept, what it may cost: the tables that are
tested and that docs/faults.md is written from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from webapp.simulator.faults.table import PREFIX


class Kept(StrEnum):
    """What is still there at the end; each holds what the one before it holds."""

    TYPED = "what was typed"
    ADDRESS = "address"
    PROVIDERS = "address, providers"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a lookup can end: a short name for it, its title on the page, words that make that precise, the button to
    press next.
    """

    name: str
    title: str
    says: str
    next_action: str


FOUND = Ending("found", "Providers found", "The provider confirms both at checkout", "Copy for email")
NO_MORE_PLANS = Ending(
    "found, plans missing", "Providers found", "Hum stopped answering before every plan was listed", "Keep checking"
)
SOME_LEFT_OUT = Ending(
    "found, rest counted",
    "Providers found",
    "400 entries in Hum's list could not be read or exceeded",
    "Copy for email",
)
UNKNOWN = Ending("still unknown", "Still unknown", "Hum is still searching after", "Keep checking")
EXPIRED = Ending(
    "expired", "This lookup has expired", "Hum closed the session before it had an answer", "Look up again"
)
GAVE_UP = Ending(
    "gave up", "Hum could not answer", "could not be reached, or its answers could not be read", "Keep checking"
)
NO_KEY = Ending("key refused", "Hum could not answer", "Hum does not accept this installation's key", "Keep checking")
TOO_MANY = Ending("slowed down", "Hum could not answer", "Hum is receiving too many requests from us", "Keep checking")
REJECTED = Ending(
    "refused for good", "Hum could not answer", "Hum refused to say more about this lookup", "Look up again"
)
MAYBE_STARTED = Ending(
    "perhaps started", "We do not know whether the lookup was started", "Hum may count it as a second lookup", "Look up"
)
NOT_STARTED = Ending("not started", "Hum cannot be reached right now", "Nothing was started", "Look up")
NOT_USABLE = Ending(
    "not started, unusable answer", "Hum gave an answer that cannot be used", "Nothing was started", "Look up"
)
NOT_ALLOWED = Ending(
    "not started, key refused", "Hum does not accept this installation's key", "Nothing was started", "Look up"
)
NOT_THIS_ADDRESS = Ending(
    "not started, address refused",
    "The address needs a change",
    "(from Hum)",
    "Look up",
)
NOT_NOW = Ending(
    "not started, slowed down",
    "Hum is receiving too many requests from us",
    "What you typed is kept; try again in",
    "Look up",
)
ENDINGS = (
    FOUND,
    NO_MORE_PLANS,
    SOME_LEFT_OUT,
    UNKNOWN,
    EXPIRED,
    GAVE_UP,
    NO_KEY,
    TOO_MANY,
    REJECTED,
    MAYBE_STARTED,
    NOT_STARTED,
    NOT_USABLE,
    NOT_ALLOWED,
    NOT_THIS_ADDRESS,
    NOT_NOW,
)


@dataclass(frozen=True, slots=True)
class End:
    """One row's end: how it ends, what is kept, and how many calls to Hum it costs at most, all told."""

    ending: Ending
    kept: Kept
    calls: int


@dataclass(frozen=True, slots=True)
class ExpectedOutcome:
    """The end of a fault for each moment it may strike at."""

    poll: End
    plans: End
    create: End


_FOUND = End(FOUND, Kept.PROVIDERS, 9)
_FOUND_AT_LAST = End(FOUND, Kept.PROVIDERS, 11)
_PLANS_MISSING = End(NO_MORE_PLANS, Kept.PROVIDERS, 8)
_GAVE_UP = End(GAVE_UP, Kept.ADDRESS, 5)
_MAYBE = End(MAYBE_STARTED, Kept.TYPED, 1)
_NOT_USABLE = End(NOT_USABLE, Kept.TYPED, 1)

_BROKEN = ExpectedOutcome(_GAVE_UP, _PLANS_MISSING, _MAYBE)
_REFUSED = ExpectedOutcome(_GAVE_UP, _PLANS_MISSING, _NOT_USABLE)
_UNREACHED = ExpectedOutcome(_GAVE_UP, _PLANS_MISSING, End(NOT_STARTED, Kept.TYPED, 2))
_NO_KEY = ExpectedOutcome(
    End(NO_KEY, Kept.ADDRESS, 3), End(NO_MORE_PLANS, Kept.PROVIDERS, 6), End(NOT_ALLOWED, Kept.TYPED, 1)
)
_ENDED = ExpectedOutcome(End(EXPIRED, Kept.ADDRESS, 3), End(FOUND, Kept.PROVIDERS, 6), _NOT_USABLE)
_TOO_MANY = ExpectedOutcome(
    End(TOO_MANY, Kept.ADDRESS, 10), End(NO_MORE_PLANS, Kept.PROVIDERS, 11), End(NOT_NOW, Kept.TYPED, 1)
)
_FINAL = ExpectedOutcome(End(REJECTED, Kept.ADDRESS, 3), End(FOUND, Kept.PROVIDERS, 4), _NOT_USABLE)
_READ = ExpectedOutcome(_FOUND, _FOUND, _FOUND)
_PENDING = ExpectedOutcome(End(UNKNOWN, Kept.ADDRESS, 11), _FOUND_AT_LAST, _FOUND)

_FATES: Mapping[str, ExpectedOutcome] = {
    **dict.fromkeys(("refused", "no-such-host", "tls"), _UNREACHED),
    **dict.fromkeys(("slow-headers", "slow-body", "slow-chunks", "interim", "hang", "hang-in-body"), _BROKEN),
    **dict.fromkeys(
        ("reset", "closed", "cut", "bad-chunks", "not-http", "two-lengths", "many-headers", "long-header"), _BROKEN
    ),
    **dict.fromkeys(("401", "403"), _NO_KEY),
    "404": replace(_ENDED, poll=End(EXPIRED, Kept.ADDRESS, 4)),
    "410": _ENDED,
    "406": _FINAL,
    **dict.fromkeys(("400", "422"), replace(_FINAL, create=End(NOT_THIS_ADDRESS, Kept.TYPED, 1))),
    **dict.fromkeys(("500", "503", "redirect"), _REFUSED),
    **dict.fromkeys(("502", "504", "204"), _BROKEN),
    "202": _PENDING,
    "flapping": ExpectedOutcome(_FOUND_AT_LAST, _FOUND_AT_LAST, _FOUND),
    **dict.fromkeys(("429-reset", "429-past", "429-far", "429-garbage", "429-no-reset", "429-retry-after"), _TOO_MANY),
    **dict.fromkeys(("html", "empty", "truncated", "array", "deep", "utf-16", "gzip-bomb", "ten-megabytes"), _BROKEN),
    **dict.fromkeys(("bom", "latin-1", "doubled-headers"), _READ),
    # The status is read well, only the list is not.
    "many-plans": ExpectedOutcome(End(GAVE_UP, Kept.ADDRESS, 9), _PLANS_MISSING, _MAYBE),
    "many-lean-plans": ExpectedOutcome(*(End(SOME_LEFT_OUT, Kept.PROVIDERS, calls) for calls in (5, 6, 2))),
    "wrong-types": _PENDING,
    "unreadable-list": ExpectedOutcome(End(UNKNOWN, Kept.ADDRESS, 17), _FOUND_AT_LAST, _FOUND),
    "unknown-words": ExpectedOutcome(_FOUND_AT_LAST, _FOUND, _FOUND),
    **dict.fromkeys(
        ("nan", "huge-numbers", "markup", "surrogates", "nul", "bidi", "clock-ahead", "clock-behind"), _READ
    ),
    "other-session": ExpectedOutcome(_GAVE_UP, _PLANS_MISSING, End(EXPIRED, Kept.TYPED, 2)),
}
FATES: Mapping[str, ExpectedOutcome] = {PREFIX + name: fate for name, fate in _FATES.items()}


@dataclass(frozen=True, slots=True)
class ClientError:
    """What the client makes of a fault in each answer: `read`, or the kind of failure and its reason."""

    status: str
    internet: str
    create: str


def _every_time(failure: str, at_create: str = "") -> ClientError:
    """The same failure for each call. A create whose answer is missing may have opened a session all the same."""
    return ClientError(failure, failure, at_create or f"{failure} uncertain")


_NOT_JSON = _every_time("Unusable not-json")
_READABLE = _every_time("read", "read")
_UNEXPECTED = "Unusable unexpected-status"
_CLIENT: Mapping[str, ClientError] = {
    **dict.fromkeys(
        ("slow-headers", "slow-body", "slow-chunks", "interim", "hang", "hang-in-body"),
        _every_time("Unavailable timeout"),
    ),
    **dict.fromkeys(
        ("reset", "closed", "cut", "bad-chunks", "not-http", "two-lengths", "many-headers", "long-header"),
        _every_time("Unavailable connection"),
    ),
    **dict.fromkeys(("401", "403"), _every_time("NotAuthorized", "NotAuthorized")),
    "404": _every_time("SessionNotFound", _UNEXPECTED),
    "410": _every_time("SessionGone", _UNEXPECTED),
    "406": _every_time("Rejected", _UNEXPECTED),
    **dict.fromkeys(("400", "422"), _every_time("Rejected", "InvalidAddress")),
    **dict.fromkeys(("500", "503"), _every_time("Unavailable server-error", "Unavailable server-error")),
    **dict.fromkeys(("502", "504"), _every_time("Unavailable server-error")),
    "204": _every_time(_UNEXPECTED),
    "redirect": _every_time("Unusable redirect", "Unusable redirect"),
    **dict.fromkeys(
        ("429-reset", "429-past", "429-far", "429-garbage", "429-no-reset", "429-retry-after"),
        _every_time("RateLimited", "RateLimited"),
    ),
    **dict.fromkeys(("html", "empty", "truncated", "deep", "utf-16"), _NOT_JSON),
    "array": _every_time("Unusable not-an-object"),
    "gzip-bomb": _every_time("Unusable encoded"),
    "ten-megabytes": _every_time("Unusable too-large"),
    "many-plans": ClientError("read", "Unusable too-large", "Unusable too-large uncertain"),
    "other-session": ClientError("Unusable other-session", "Unusable other-session", "read"),
    **dict.fromkeys(("202", "flapping", "doubled-headers", "bom", "latin-1", "many-lean-plans"), _READABLE),
    **dict.fromkeys(("wrong-types", "nan", "huge-numbers", "unknown-words", "markup", "surrogates"), _READABLE),
    **dict.fromkeys(("nul", "bidi", "clock-ahead", "clock-behind", "unreadable-list"), _READABLE),
}
CLIENT: Mapping[str, ClientError] = {PREFIX + name: error for name, error in _CLIENT.items()}
