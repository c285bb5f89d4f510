"""The state at the end of a text: `Detroit Mich.`, `austin texas`, `W. Va.`; believed only where it is unlikely to be
something else.
"""

from __future__ import annotations

import re

from webapp.addresses import places
from webapp.addresses.pastes.street_lines import ends_in_city, street_start
from webapp.addresses.pastes.tokens import (
    bare,
    is_clear_suffix,
    is_direction,
    is_house_number,
    is_street_suffix,
    tokens_of,
)
from webapp.addresses.usps import CODES_BY_STATE_SPELLING, STATES_LIKE_WORDS
from webapp.texts import has_digit, has_letter, letters_only

_LONGEST_NAME = 3
_LONGEST_CITY = 4
_BETWEEN_NAMES = re.compile(r"\s*[()/,:-]+\s*")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)", re.I)


def state_code(text: str) -> str | None:
    """The code of a text that is nothing but a state, in any spelling; None otherwise."""
    if len(text) > 30 or has_digit(text) or "#" in text:
        return None
    return CODES_BY_STATE_SPELLING.get(letters_only(text))


def state_in_cell(text: str) -> str | None:
    """The code of a cell that may say it twice or with the country: `Michigan (MI)`, `MI - Michigan`, `US-MI`."""
    codes = set()
    for part in _BETWEEN_NAMES.split(text):
        if part and part.upper() not in {"US", "USA"}:
            codes.add(state_code(part))
    if len(codes) == 1:
        return codes.pop()
    return state_code(text)


def cut_state(text: str, *, beside_zip: bool) -> tuple[str, str | None]:
    """A text and the state it ends in as (the rest, code); (the text, None) when it ends in none."""
    whole = state_code(text)
    if whole:
        return "", whole
    words = text.split()
    for count in range(min(_LONGEST_NAME, len(words) - 1), 0, -1):
        name = " ".join(words[-count:])
        code = state_code(name)
        if code is None:
            continue
        rest = " ".join(words[:-count]).strip(" ,")
        if _is_believed(rest, name, code, beside_zip=beside_zip):
            return rest, code
    return text, None


def _is_believed(rest: str, name: str, code: str, *, beside_zip: bool) -> bool:
    if not has_letter(rest):
        return False
    tokens = tokens_of(rest)
    # "5th Fl" is a floor.
    if bare(name) == "fl" and tokens and _ORDINAL.fullmatch(bare(tokens[-1])):
        return False
    if not beside_zip and _is_whole_street_name(tokens, code):
        return False
    doubtful = is_street_suffix(name) or is_direction(name)
    # "30 Mill Road Newtowne CT 06755": the street has its suffix already.
    if beside_zip and not (doubtful and street_start(tokens) and not any(map(is_clear_suffix, tokens[2:-1]))):
        return True
    # Capitals among lower-case letters are deliberate: "Sometown MI", unlike "SOMETOWN IN" or "call me".
    is_capital_code = len(name) == 2 and name.isupper() and not doubtful
    if is_capital_code and (bare(name) not in STATES_LIKE_WORDS or not rest.isupper()):
        return True
    return ends_in_city(rest, code)


def _is_whole_street_name(tokens: list[str], code: str) -> bool:
    """Whether a city of the state is all there is behind the house number, so that it must be the street's name: `12
    Avon Ct` is no address in Avon, Connecticut.
    """
    if len(tokens) < 2 or not is_house_number(tokens[0]):
        return False
    name = [token for token in tokens[1:] if not is_direction(token)]
    return len(name) <= _LONGEST_CITY and places.is_city(" ".join(name), code)
