"""Which state a ZIP code lies in, and a few known places. Enough to give each address a believable region; not a postal
reference.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place by ZIP code. City and coordinates are empty or None where only the state is known."""

    zip: str
    state: str
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None


_KNOWN = (
    Place("48034", "MI", "Southfield", 42.5017, -83.2863),
    Place("48226", "MI", "Detroit", 42.3317, -83.0479),
    Place("48201", "MI", "Detroit", 42.3466, -83.0575),
    Place("00907", "PR", "San Juan", 18.4539, -66.0806),
    Place("02139", "MA", "Cambridge", 42.3647, -71.1042),
    Place("20001", "DC", "Washington", 38.9109, -77.0163),
    Place("99501", "AK", "Anchorage", 61.2176, -149.8758),
    Place("99723", "AK", "Utqiagvik", 71.2906, -156.7886),
    Place("10118", "NY", "New York", 40.7484, -73.9857),
    Place("60604", "IL", "Chicago", 41.8784, -87.6298),
    Place("78701", "TX", "Austin", 30.2711, -97.7437),
    Place("64108", "MO", "Kansas City", 39.0845, -94.5853),
    Place("85004", "AZ", "Phoenix", 33.4515, -112.0685),
    Place("94102", "CA", "San Francisco", 37.7793, -122.4193),
    Place("98101", "WA", "Seattle", 47.6101, -122.3344),
    Place("33130", "FL", "Miami", 25.7673, -80.2044),
    Place("30303", "GA", "Atlanta", 33.7525, -84.3888),
)
_BY_ZIP = {place.zip: place for place in _KNOWN}
_BY_CITY = {(place.city.upper(), place.state): place for place in reversed(_KNOWN)}

_STATE_BY_PREFIX = (
    "005 NY,006-007 PR,008 VI,009 PR,010-027 MA,028-029 RI,030-038 NH,039-049 ME,050-059 VT,060-069 CT,070-089 NJ,"
    "100-149 NY,150-196 PA,197-199 DE,200 DC,201 VA,202-205 DC,206-219 MD,220-246 VA,247-268 WV,270-289 NC,290-299 SC,"
    "300-319 GA,320-349 FL,350-369 AL,370-385 TN,386-397 MS,398-399 GA,400-427 KY,430-459 OH,460-479 IN,480-499 MI,"
    "500-528 IA,530-549 WI,550-567 MN,570-577 SD,580-588 ND,590-599 MT,600-629 IL,630-658 MO,660-679 KS,680-693 NE,"
    "700-714 LA,716-729 AR,730-749 OK,750-799 TX,800-816 CO,820-831 WY,832-838 ID,840-847 UT,850-865 AZ,870-884 "
    "NM,885 TX,"
    "889-898 NV,900-961 CA,967-968 HI,969 GU,970-979 OR,980-994 WA,995-999 AK"
)


def _read_prefixes(text: str) -> tuple[tuple[int, int, str], ...]:
    rows = []
    for item in text.split(","):
        span, state = item.split()
        first, _, last = span.partition("-")
        rows.append((int(first), int(last or first), state))
    return tuple(rows)


_PREFIXES = _read_prefixes(_STATE_BY_PREFIX)


def state_of_zip(zip_code: str) -> str | None:
    """The state or territory of a well-formed ZIP code; None for prefixes the post does not use."""
    prefix = int(zip_code[:3])
    for first, last, state in _PREFIXES:
        if first <= prefix <= last:
            return state
    return None


def place_of(zip_code: str | None, city: str | None, state: str | None) -> Place | None:
    """What is known about where an address lies: by ZIP code first, else by city and state; None when nothing is."""
    if zip_code:
        known = _BY_ZIP.get(zip_code[:5])
        if known:
            return known
        by_prefix = state_of_zip(zip_code) or state
        if by_prefix is None:
            return None
        return Place(zip_code, by_prefix)
    if state is None:
        return None
    return _BY_CITY.get(((city or "").upper(), state)) or Place("", state)
