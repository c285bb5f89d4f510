"""The vocabulary of US addresses: street types, directions, route names, state spellings, unit words. Facts only.

Sources: USPS Publication 28 (street suffixes, secondary units, Puerto Rico), the AP stylebook's state abbreviations.
"""

from __future__ import annotations

import re
from functools import lru_cache

from webapp.addresses.address import MILITARY_STATES, STATES, ZIP_ONLY_STATES

DIRECTIONS = frozenset("n s e w ne nw se sw north south east west northeast northwest southeast southwest".split())

PLAIN_TYPES = frozenset(
    "st str street ave av avenue blvd boulevard rd road dr drv drive ln lane ct court pl place pkwy pky parkway cir "
    "circle ter terr terrace way wy hwy highway sq square plz plaza trl trail tpke tnpk turnpike aly alley xing "
    "crossing loop pike fwy freeway expy expressway cswy causeway byp bypass".split()
)
"""Street types that hardly ever mean anything else: what follows one of them is no longer the street's name."""

STREET_TYPES = PLAIN_TYPES | frozenset(
    "bend broadway bowery center centre close cmn common commons concourse corner corners cove cv cres crescent "
    "crest curve driveway embarcadero esplanade ext extension gdns garden gardens gateway glen green grove grv "
    "heights hts hill hills hollow isle jct junction knoll landing ldg mall manor meadow meadows mews oval park pass "
    "passage path point promenade pt quay rdg ridge row rte route run shore skyway speedway strand temple trce trace "
    "track vale view vis vista walk wharf wynd calle avenida paseo camino carr carretera callejon via".split()
)

ROUTE_WORDS = frozenset(
    "hwy highway route rte rt sr us cr fm rm interstate loop i market county state ranch carr carretera km old".split()
)
ROUTE_TOKEN = re.compile(r"(?:i|us|sr|cr|fm|rm|m|k|nc|th)-?[0-9]{1,4}[a-z]?", re.I)
LETTERED_STREETS = frozenset("avenue ave street st road rd highway hwy calle route rte loop county road".split())

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(), 1
    )
}

COUNTRY = re.compile(
    r"(?:the )?(?:u\.? ?s\.? ?a\.?|u\.? ?s\.?|united states(?: of america)?|america|estados unidos)", re.I
)
COUNTY = re.compile(r"[^\d]{2,40}\b(?:county|co|parish|borough|municipio|cnty)\b\.?", re.I)
MILITARY_POST = re.compile(r"\b[AFD]\.?P\.?O\b\.?", re.I)
URBANIZATION = re.compile(
    r"(?:urb|urbanizaci[oó]n|cond|condominio|res|residencial|bo|barrio|ext|extensi[oó]n|parc|parcelas|reparto|sect|sector)\b\.? +\D",
    re.I,
)

_NEWSPAPER = {
    "AL": "ala",
    "AK": "alas",
    "AZ": "ariz",
    "AR": "ark",
    "CA": "calif cal",
    "CO": "colo",
    "CT": "conn",
    "DE": "del",
    "DC": "dc",
    "FL": "fla",
    "GA": "ga",
    "IL": "ill",
    "IN": "ind",
    "KS": "kan kans",
    "KY": "ken",
    "MA": "mass",
    "MI": "mich",
    "MN": "minn",
    "MS": "miss",
    "MT": "mont",
    "NE": "neb nebr",
    "NV": "nev",
    "NM": "nmex",
    "NY": "",
    "ND": "ndak",
    "OK": "okla",
    "OR": "ore oreg",
    "PA": "penn penna",
    "PR": "",
    "SD": "sdak",
    "TN": "tenn",
    "TX": "tex",
    "WA": "wash",
    "WV": "wva",
    "WI": "wis wisc",
    "WY": "wyo",
}

STATE_CODES: dict[str, str] = {
    **{code.lower(): code for code in (*STATES, *ZIP_ONLY_STATES)},
    **{re.sub(r"[^a-z]", "", name.lower()): code for code, name in {**STATES, **ZIP_ONLY_STATES}.items()},
    **{word: code for code, words in _NEWSPAPER.items() for word in words.split()},
}
"""Every spelling of a state, letters only and lower case, to its code: `wva`, `michigan`, `dc`."""

MILITARY_CODES = frozenset(MILITARY_STATES)

ALSO_WORDS = frozenset(
    (
        "in or me hi ok oh id de pa ma al la co ct mi mt ne nd ar as pr md va sc miss wash mass cal ore del ill ind "
        "ark kan ken"
    ).split()
)
"""State spellings that are also plain words, street types or company forms: believed only next to a ZIP or a city of
that state.
"""

CITY_STATES = frozenset({"newyork", "washington"})
"""State names that, alone after a street, more likely name the city."""


@lru_cache(maxsize=4_096)
def bare(word: str) -> str:
    """A word as it is looked up in the sets above: lower case, no point or comma."""
    return word.strip(".,;:()\"'").casefold().replace(".", "")


def is_direction(word: str) -> bool:
    """Whether a word is a point of the compass, short or long."""
    return bare(word) in DIRECTIONS


def is_street_type(word: str) -> bool:
    """Whether a word is a street type such as Ave or Plaza."""
    return bare(word) in STREET_TYPES
