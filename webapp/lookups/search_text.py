"""What a lookup can be found by: its typed and its matched address, without case and accents, the same on every
database. Pure.
"""

from __future__ import annotations

from functools import lru_cache

from webapp.addresses.address import Address
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES
from webapp.lookups.lifecycle import Lookup
from webapp.texts import folded

LONGEST_QUERY = 200
MOST_WORDS = 12


def search_text(lookup: Lookup) -> str:
    """All words of the addresses in one line, for `search_words` to be looked for in; the state under its code and its
    name.
    """
    return _search_text(lookup.address, lookup.matched_address)


@lru_cache(maxsize=2_000)
def _search_text(address: Address, matched_address: str | None) -> str:
    # Remembered, because it is written with every poll and changes at most once.
    state = (STATES | ZIP_ONLY_STATES).get(address.state or "", "")
    return folded(" ".join(part for part in (address.one_line(), state, matched_address) if part))


def search_words(query: str) -> tuple[str, ...]:
    """The parts of a query that must each occur in a search text, anywhere in it; commas part words as blanks do."""
    return tuple(dict.fromkeys(folded(query[:LONGEST_QUERY]).replace(",", " ").split()))[:MOST_WORDS]
