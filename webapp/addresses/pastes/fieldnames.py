"""What the field names of other programs stand for: `BillingPostalCode`, `addr1`, `City/State/Zip`. Facts and one
rule.
"""

from __future__ import annotations

import re
from functools import lru_cache

Record = dict[str, str]
"""Role to text. Roles: street1, full (a whole address), number before road type after (a street in pieces), street2,
city, state, zip, tail (city, state and ZIP in one), skip (county, country), left (names none of ours)."""

_ROLE_WORDS = {
    "street1": "street street1 address1 addressline1 addr1 line1 streetaddress streetaddress1 streetline1 deliveryline1 addressline "
    "streetline thoroughfare lines addresslines primaryline",
    "full": (
        "address addr fulladdress formattedaddress displayname location addressfull oneline onelineaddress "
        "addresstext where text"
    ),
    "number": "housenumber houseno number streetnumber streetno addressnumber housenum",
    "before": "predirectional predirection predir streetpredirection streetpredirectional",
    "road": "road streetname route thoroughfarename",
    "type": "streetsuffix streettype suffix",
    "after": "postdirectional postdirection postdir streetpostdirection streetpostdirectional",
    "street2": "street2 address2 addressline2 addr2 line2 unit unitnumber unitno apt apartment aptsuite aptno aptnumber suite ste "
    "secondary secondaryline floor subpremise aptunit unitapt suiteapt streetaddress2 extendedaddress aptsuiteunit aptsuiteetc",
    "city": "city town locality municipality addresslocality placename cityname village hamlet posttown",
    "state": "state region st stateprovince stateorprovince addressregion statecode province administrativearea stateabbr "
    "administrativearealevel1",
    "zip": "zip zipcode postalcode postcode zip5 postal zip4 zipplus4 zipcodeplus4 zipcode5",
    "tail": "citystatezip lastline citystzip citystate citystatezipcode cityst",
    "skip": "county country countrycode addresscountry countryregion",
}
_ROLES = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}
_OWNERS = re.compile(
    r"^(?:service|svc|shipping|shipto|ship|billing|billto|bill|mailing|mail|site|install|installation|customer|cust|property|delivery|"
    r"premise|home|work|office|contact|account|company|primary|physical|loc|my|the)+(?=[a-z])"
)


@lru_cache(maxsize=2_048)
def role_of(name: str) -> str | None:
    """The role of a field name in any spelling, whoever's address it is; None when it is none of ours."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return _ROLES.get(plain) or _ROLES.get(_OWNERS.sub("", plain))


def record_of(pairs: list[tuple[str | None, str]]) -> Record:
    """Pairs of role and text as one record; the first text of a role counts, texts without a role are kept as
    `left`.
    """
    record: Record = {}
    for role, text in pairs:
        value, name = text.strip(), role or "left"
        if value and name in record and name in {"left", "skip", "street2"}:
            record[name] += f"\n{value}"
        elif value:
            record.setdefault(name, value)
    return record
