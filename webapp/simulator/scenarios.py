"""The table of scenarios: the ways a lookup can go, as data.

The first 24 are the ones every client must survive; those marked `extra` are further variants. The order is the
picker's order.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from webapp.simulator.scenario import Catalog, FaultKind, Generation, PollFault, Scenario

_CORE = (
    Scenario(
        0,
        "instant",
        "Instant",
        "The providers are already in the answer to the create call; nothing needs polling.",
        generation=Generation.V3,
        immediate=True,
        geocoded_at=0.0,
        internet_at=0.0,
    ),
    Scenario(1, "fast", "Fast", "The address is matched after 1.2 seconds and the providers are there after 4."),
    Scenario(2, "slow", "Slow", "The address is matched after 1.2 seconds, the providers take 25.", internet_at=25.0),
    Scenario(
        3,
        "never",
        "Never ends",
        "The address is matched, but the provider search stays pending forever.",
        internet_at=None,
    ),
    Scenario(
        4,
        "accepted-then-ready",
        "202, then 200",
        (
            "Every call answers 202 until the providers are there after 5 seconds; the provider list has no data "
            "before that."
        ),
        accepted_until_ready=True,
        internet_at=5.0,
    ),
    Scenario(
        5,
        "multiple",
        "Ambiguous address",
        "More than one address matches; none is named, and the provider search fails.",
        geocoding="multiple",
        geocoded_at=1.5,
        internet="failed",
        internet_at=3.0,
    ),
    Scenario(
        6,
        "geocode-failed",
        "Address not recognized",
        "No address matches; the provider search never starts.",
        geocoding="failed",
        geocoded_at=1.5,
        internet_at=None,
    ),
    Scenario(
        7,
        "internet-failed",
        "Provider search fails",
        "The address is matched, then the provider search fails.",
        internet="failed",
    ),
    Scenario(
        8,
        "no-providers",
        "No providers",
        "The search succeeds, but no provider serves the address.",
        catalog=Catalog.NO_PROVIDERS,
    ),
    Scenario(
        9,
        "empty-catalog",
        "No plans",
        "Providers are found, but none of them lists a plan.",
        catalog=Catalog.NO_PRODUCTS,
    ),
    Scenario(
        10,
        "sixty-providers",
        "Sixty providers",
        "Sixty providers, every tenth of them with sixty plans.",
        catalog=Catalog.SIXTY,
    ),
    Scenario(
        11,
        "null-fields",
        "Nulls and odd values",
        "Logos, prices, phones and whole lists are null, missing or of an unexpected kind.",
        catalog=Catalog.SLOPPY,
    ),
    Scenario(
        12,
        "range-speeds",
        "Speeds as ranges",
        "Plans give their speeds as ranges and phrases, like 50-100 or Up to 1 Gig.",
        catalog=Catalog.RANGES,
    ),
    Scenario(
        13,
        "old-promo",
        "Older promotions",
        "Providers come at once in an older shape: flat promotion texts, speeds as whole numbers.",
        generation=Generation.V2,
        immediate=True,
        geocoded_at=0.0,
        internet_at=0.0,
    ),
    Scenario(
        14,
        "object-address",
        "Address as an object",
        "The oldest shape: the matched address is an object, the ZIP code a number, and providers list no plans.",
        generation=Generation.V1,
    ),
    Scenario(
        15,
        "other-house",
        "Another house",
        "The service matches a house number other than the one asked for.",
        other_house=True,
    ),
    Scenario(
        16,
        "unauthorized",
        "Key refused",
        "The create call answers 401, as for a wrong API key.",
        create_fault=FaultKind.UNAUTHORIZED,
    ),
    Scenario(
        17,
        "not-found",
        "Session not found",
        "The session is created, then every call about it answers 404.",
        poll_fault=PollFault(FaultKind.NOT_FOUND),
    ),
    Scenario(
        18,
        "gone-mid-poll",
        "Session gone",
        "The session works for 5 seconds, then every call answers 410.",
        internet_at=9.0,
        poll_fault=PollFault(FaultKind.GONE, 5.0),
    ),
    Scenario(
        19,
        "invalid",
        "Address refused",
        "The create call answers 422 with messages for the street, the ZIP code and the whole address.",
        create_fault=FaultKind.INVALID,
    ),
    Scenario(
        20,
        "rate-limited",
        "Rate limited",
        "Status calls answer 429 from second 2 to second 5, with the reset time; then all is well.",
        internet_at=6.0,
        poll_fault=PollFault(FaultKind.RATE_LIMITED, 2.0, 5.0),
    ),
    Scenario(
        21,
        "server-error-once",
        "Server error",
        "Status calls answer 500 from second 2 to second 4; then all is well.",
        internet_at=6.0,
        poll_fault=PollFault(FaultKind.SERVER_ERROR, 2.0, 4.0),
    ),
    Scenario(
        22,
        "html-error",
        "Gateway page",
        "Status calls answer 502 with an HTML page from second 2 to second 5; then all is well.",
        internet_at=6.0,
        poll_fault=PollFault(FaultKind.HTML, 2.0, 5.0),
    ),
    Scenario(
        23,
        "timeout",
        "No answer",
        "Status calls hang from second 2 to second 12; then all is well.",
        internet_at=6.0,
        poll_fault=PollFault(FaultKind.HANG, 2.0, 12.0),
    ),
)

_EXTRA = (
    Scenario(
        24,
        "late-plans",
        "Late plans",
        "Providers come after 4 seconds without plans; the plans follow at second 9.",
        extra=True,
        plans_at=9.0,
    ),
    Scenario(
        25,
        "create-timeout",
        "No answer to create",
        "The create call hangs for 30 seconds before it answers.",
        extra=True,
        create_fault=FaultKind.HANG,
    ),
    Scenario(
        26,
        "create-rate-limited",
        "Create rate limited",
        "The create call answers 429 with a reset 3 seconds ahead.",
        extra=True,
        create_fault=FaultKind.RATE_LIMITED,
    ),
    Scenario(
        27,
        "create-server-error",
        "Create server error",
        "The create call answers 500.",
        extra=True,
        create_fault=FaultKind.SERVER_ERROR,
    ),
    Scenario(
        28,
        "normal",
        "Normal",
        (
            "What any other address does: it is matched after 1.2 seconds, and the providers of its region come "
            "after 4 to 6."
        ),
        extra=True,
        internet_at=None,
        internet_by_address=True,
    ),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.key: scenario for scenario in (*_CORE, *_EXTRA)})
NORMAL = SCENARIOS["normal"]
