"""The second reader: one line, labeled word by word by usaddress, as an address."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import usaddress

from webapp.addresses.address import Address, clean

MOST_CHARACTERS = 250
"""How long a line may be for the second reader: longer ones are no address on one line."""

_LABELS_BY_FIELD = {
    "street1": (
        "AddressNumberPrefix AddressNumber AddressNumberSuffix StreetNamePreModifier StreetNamePreDirectional "
        "StreetNamePreType StreetName StreetNamePostType StreetNamePostDirectional "
        "USPSBoxGroupType USPSBoxGroupID USPSBoxType USPSBoxID"
    ),
    "street2": "OccupancyType OccupancyIdentifier SubaddressType SubaddressIdentifier",
    "city": "PlaceName",
    "state": "StateName",
    "zip": "ZipCode",
}
FIELDS_BY_LABEL: dict[str, str] = {}
for _field, _labels in _LABELS_BY_FIELD.items():
    FIELDS_BY_LABEL.update(dict.fromkeys(_labels.split(), _field))
"""usaddress' label of a word -> the field it belongs to. Words of other labels (recipients, landmarks) belong to
none.
"""

_tagger = Lock()


@dataclass(frozen=True, slots=True)
class TaggedLine:
    """A line as usaddress reads it. `left_over` are the words that belong to no field. `in_order` says that the words
    of each field stand together; else the reading is torn and proves nothing.
    """

    address: Address
    left_over: tuple[str, ...]
    in_order: bool


def read_tagged(line: str) -> TaggedLine | None:
    """A line read by usaddress; None when it is empty or too long."""
    if not line or len(line) > MOST_CHARACTERS:
        return None
    with _tagger:  # it keeps the words it is reading, so only one thread may use it at a time
        labeled = usaddress.parse(line)
    words: dict[str, list[str]] = {}
    left_over = []
    in_order = True
    last = None
    for word, label in labeled:
        field = FIELDS_BY_LABEL.get(label)
        if field is None:
            left_over.append(word.strip(",;"))
        else:
            in_order = in_order and (field == last or field not in words)
            words.setdefault(field, []).append(word.strip(",;"))
        last = field
    address = clean({field: _as_written(" ".join(found), line) for field, found in words.items()})
    return TaggedLine(address, tuple(left_over), in_order)


def _as_written(words: str, line: str) -> str:
    """Words as they stand in the line: usaddress sets `#` and `&` apart (`# 4B`, `A & B`) wherever they stand."""
    if "# " in words and "# " not in line:
        words = words.replace("# ", "#")
    if " & " in words and " & " not in line:
        words = words.replace(" & ", "&")
    return words
