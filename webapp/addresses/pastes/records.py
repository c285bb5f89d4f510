"""Addresses whose fields have names: in JSON, in a table with a header row, in a vCard, in lines such as `City:
Detroit`.

JSON may be nested in any way, lack its outer braces or be a Python dictionary. The names are those that other programs
use: `BillingPostalCode`, `addr1`, `City/State/Zip`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from webapp.addresses.address import EMPTY_WORDS
from webapp.addresses.pastes.parsed import MOST_ADDRESSES

Record = dict[str, str]
"""Role to text. Roles: street1, full (a whole address), number before road type after (a street in pieces), street2,
city, state, zip, tail (city, state and ZIP in one), skip (county, country), left (no name that we know)."""

_ROLE_WORDS = {
    "street1": (
        "street street1 address1 addressline1 addr1 line1 streetaddress streetaddress1 streetline1 deliveryline1 "
        "addressline streetline thoroughfare lines addresslines primaryline streetaddressline1"
    ),
    "full": (
        "address addr fulladdress formattedaddress displayname location addressfull oneline onelineaddress "
        "addresstext where text"
    ),
    "number": "housenumber houseno number streetnumber streetno streetnum addressnumber addressno housenum",
    "before": "predirectional predirection predir streetpredirection streetpredirectional",
    "road": "road streetname route thoroughfarename",
    "type": "streetsuffix streettype suffix",
    "after": "postdirectional postdirection postdir streetpostdirection streetpostdirectional",
    "street2": (
        "street2 address2 addressline2 addr2 line2 unit unitnumber unitno apt apartment aptsuite aptno aptnumber suite "
        "ste secondary secondaryline floor subpremise aptunit unitapt suiteapt streetaddress2 extendedaddress "
        "aptsuiteunit aptsuiteetc suitenumber suiteno stenumber floornumber unitsuite suiteunit streetaddressline2"
    ),
    "city": "city town locality municipality addresslocality placename cityname village hamlet posttown",
    "state": (
        "state region st stateprovince stateorprovince addressregion statecode province administrativearea stateabbr "
        "administrativearealevel1 stateregion regionstate provincestate stateterritory stateprovinceregion"
    ),
    "zip": (
        "zip zipcode postalcode postcode zip5 postal zip4 zipplus4 zipcodeplus4 zipcode5 zippostalcode zippostcode "
        "zippostal postalzip postalzipcode postalcodezip postcodezip zipcodepostalcode"
    ),
    "tail": (
        "citystatezip lastline citystzip citystate citystatezipcode cityst citystateprovincezip citystzipcode "
        "citystatepostalcode citystateandzip citystateandzipcode"
    ),
    "skip": "county country countrycode addresscountry countryregion",
}
_ROLES: dict[str, str] = {}
for _role, _words in _ROLE_WORDS.items():
    _ROLES.update(dict.fromkeys(_words.split(), _role))
_OWNERS = re.compile(
    r"^(?:service|svc|shipping|shipto|ship|billing|billto|bill|mailing|mail|site|install|installation|customer|cust|"
    r"property|delivery|premise|home|work|office|contact|account|company|primary|physical|loc|my|the)+(?=[a-z])"
)

_MAX_DEPTH = 12
_MAX_BRACKETS = 400
_PLACE_ROLES = frozenset({"street1", "full", "number", "road", "city", "zip", "tail"})

_FRAGMENT = re.compile(r"[\"'][\w@ ]+[\"']\s*:")
_OWNER = re.compile(r"ship|bill|mail", re.I)
_SINGLE_QUOTED = re.compile(r"'([^'\"\\]*)'(?=\s*[:,}\]])")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")

_DELIMITERS = "\t;|,"
_NAMED_LINE = re.compile(r"^\s*[\"']?([A-Za-z][A-Za-z0-9 /_.,+#&-]{0,40}?)[\"']?\s*[:=](.*)$")
_VCARD_ADDRESS = re.compile(r"^(?:[\w-]{1,20}\.)?ADR(?:;[^:\n]{0,200})?:(.{0,400})$", re.M | re.I)
_VCARD_ROLES = ("left", "street2", "street1", "city", "state", "zip", "skip")
_NAMES_INSIDE = re.compile(r"(?<=[\s,;&])((?:[A-Za-z][A-Za-z0-9/_+]* )?)([A-Za-z][A-Za-z0-9/_+]*)(?=\s*[:=])")
_RULE_LINE = re.compile(r"[\s|:+-]+")


def from_json(text: str) -> list[Record]:
    """The records of a JSON text; empty when the text is not JSON or holds no address."""
    body = text.strip().rstrip(",;")
    if body.count("{") + body.count("[") > _MAX_BRACKETS:
        return []
    if not body.startswith(("{", "[")):
        if not _FRAGMENT.match(body):
            return []
        body = "{" + body.rstrip("}") + "}"
    return list(_walk(_parsed(body), 0))[:MOST_ADDRESSES]


def _parsed(body: str) -> Any:
    plain = re.sub(r"\bNone\b", "null", _TRAILING_COMMA.sub("", _SINGLE_QUOTED.sub(r'"\1"', body)))
    for candidate in (body, plain):
        try:
            return json.loads(candidate, parse_int=str, parse_float=str, strict=False)
        except ValueError:
            continue
    return None


def _walk(value: Any, depth: int) -> Iterator[Record]:
    if isinstance(value, Mapping):
        for group in _by_owner(value):
            record = record_of(group)
            if record.keys() & _PLACE_ROLES:
                yield record
    inner: Iterable[Any] = ()
    if isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    if depth < _MAX_DEPTH:
        for item in inner:
            yield from _walk(item, depth + 1)


def _by_owner(value: Mapping[str, Any]) -> list[list[tuple[str | None, str]]]:
    # One object may hold a shipping and a billing address side by side, told apart by the beginning of their keys.
    groups: defaultdict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for key, inner in value.items():
        text = _text(key, inner)
        if text is None:
            continue
        owner = ""
        match = _OWNER.match(key)
        if match:
            owner = match[0].lower()
        groups[owner].append((role_of(key), text))
    return list(groups.values())


def _text(key: str, value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, Mapping) and role_of(key) in {"street1", "road"} and {"number", "name"} <= value.keys():
        return f"{value['number']} {value['name']}"
    return None


def from_table(text: str) -> list[Record]:
    """One record for each row under a header row that names at least two of our fields, or a full address among
    others.
    """
    lines = []
    for line in text.split("\n"):
        if line and not _RULE_LINE.fullmatch(line):
            lines.append(line.strip(" ").removeprefix("|").removesuffix("|"))
    if len(lines) < 2:
        return []
    for delimiter in _DELIMITERS:
        if delimiter not in lines[0]:
            continue
        roles = list(map(role_of, _first_row(lines[:1], delimiter)))
        if len(set(roles) - {None}) >= 2 or (len(roles) > 1 and "full" in roles):
            return _rows(lines[1:], delimiter, roles)
    return []


def _first_row(lines: list[str], delimiter: str) -> list[str]:
    return next(_cells(lines, delimiter), [])


def _rows(lines: list[str], delimiter: str, roles: list[str | None]) -> list[Record]:
    records = []
    for cells in _cells(lines, delimiter):
        records.append(record_of(list(zip(roles, cells, strict=False))))
        if len(records) == MOST_ADDRESSES:
            break
    return records


def from_vcard(text: str) -> list[Record]:
    """One record for each `ADR` line of a vCard; empty when there is none."""
    records = []
    for match in _VCARD_ADDRESS.finditer(text.replace("\\,", ",").replace("\\;", ",")):
        cells = match[1].split(";")
        if len(cells) >= len(_VCARD_ROLES) - 1:
            records.append(record_of(list(zip(_VCARD_ROLES, cells, strict=False))))
    return records[:MOST_ADDRESSES]


def from_named_lines(text: str) -> list[Record]:
    """The record of lines such as `Street: ...` and `City: ...`, or the same on one line; empty unless both kinds are
    named.
    """
    pairs: list[tuple[str | None, str]] = []
    named = set()
    for line in _named_lines(text):
        role, value = None, line
        match = _NAMED_LINE.match(line)
        if match:
            role, value = role_of(match[1]), match[2].strip().strip(" ,;&\"'")
        pairs.append((role, value))
        if value:
            named.add(role)
    if named & {"city", "zip", "tail"} and named & {"street1", "full", "number"}:
        return [record_of(pairs)]
    return []


def _named_lines(text: str) -> list[str]:
    """The lines of a text, with a line of its own for each name inside one."""
    lines = []
    for line in text.split("\n"):
        match = _NAMED_LINE.match(line)
        head = 0
        if match and role_of(match[1]):
            head = match.end(1)
        lines.extend((line[:head] + _NAMES_INSIDE.sub(_on_own_line, line[head:])).split("\n"))
    return lines


def _on_own_line(match: re.Match[str]) -> str:
    before, name = match[1], match[2]
    if role_of(before + name):
        return f"\n{before}{name}"
    if role_of(name):
        return f"{before}\n{name}"
    return match[0]


def _cells(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """The cells of each row. A quoted cell may go on over several lines, as a copy from a spreadsheet has it."""
    quoted = "\n".join(lines)
    if quoted.count('"') % 2:
        # A single mark is an inch or a slip: it must not swallow the rows that follow.
        quoted = quoted.replace('"', "")
    try:
        for cells in csv.reader(io.StringIO(quoted), delimiter=delimiter, skipinitialspace=True):
            if cells:
                yield list(map(str.strip, cells))
    except csv.Error:
        return


@lru_cache(maxsize=2_048)
def role_of(name: str) -> str | None:
    """The role of a field name in any spelling, with or without its owner (`Billing`); None when we do not know it."""
    plain = re.sub(r"[^a-z0-9]", "", re.sub(r"(?<=\w) ?#$", "number", name.lower()))
    return _ROLES.get(plain) or _ROLES.get(_OWNERS.sub("", plain))


def record_of(pairs: list[tuple[str | None, str]]) -> Record:
    """Pairs of role and text as one record; the first text of a role counts, texts without a role are kept as
    `left`.
    """
    record: Record = {}
    for role, text in pairs:
        value, name = text.strip(), role or "left"
        if value.lower().strip("()[]<>") in EMPTY_WORDS:
            continue
        if value and name in record and name in {"left", "skip", "street2"}:
            record[name] += f"\n{value}"
        elif value:
            record.setdefault(name, value)
    return record
