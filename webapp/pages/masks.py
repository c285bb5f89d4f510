"""What a presenter's audience must not read: house numbers, units, phones, tokens, hidden in any text or JSON that
holds them. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from webapp.addresses.address import Address
from webapp.addresses.address_words import AddressWords, words_of_address, words_of_line
from webapp.addresses.difference import Difference, Word
from webapp.hum.providers import ProviderList
from webapp.lookups.lifecycle import Lookup
from webapp.plans.model import Plan, Provider
from webapp.upstream.call import Call, is_secret

HIDDEN = "•••"

_ZIP_PLUS_FOUR = re.compile(r"(?<![0-9-])([0-9]{5})-[0-9]{4}(?![0-9-])")
_PHONE_IN_TEXT = re.compile(r"(?<![0-9])(?:\+?1[ .-]?)?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}(?![0-9])")
_PHONES = frozenset({"telephone", "phone"})
_WHOLLY_HIDDEN = frozenset({"street_range", "latitude", "longitude"})


def mask_phone(text: str) -> str:
    """A telephone number of which only the punctuation is left."""
    return re.sub(r"[0-9]", "•", text)


def hide(text: str, words: Collection[str]) -> str:
    """The text with these words, hidden wherever they stand alone, and any ZIP+4 cut to its five digits."""
    plain = _ZIP_PLUS_FOUR.sub(r"\1", text)
    found = sorted(map(re.escape, filter(None, words)), key=len, reverse=True)
    if not found:
        return plain
    return re.sub(rf"(?<![\w•])(?:{'|'.join(found)})(?!\w)", HIDDEN, plain, flags=re.IGNORECASE)


def identifying_words(lookup: Lookup) -> frozenset[str]:
    """House number and unit of a lookup, as typed and as matched."""
    dropped = _telling(words_of_address(Address(street2=lookup.dropped_unit)))
    matched = words_of_line(lookup.matched_address or "")
    return _telling(words_of_address(lookup.address)) | _telling(matched) | dropped


def masked_address(address: Address, words: Collection[str] | None = None) -> Address:
    """The same address without what tells the door; `words` are those to hide, by default its own."""
    if words is None:
        words = _telling(words_of_address(address))
    return replace(
        address,
        street1=_hidden(address.street1, words),
        street2=_hidden(address.street2, words),
        zip=_hidden(address.zip, words),
    )


def masked_lookup(lookup: Lookup) -> Lookup:
    """The lookup as an audience may see it. It is for drawing only and must never be stored."""
    words = identifying_words(lookup)
    return replace(
        lookup,
        address=masked_address(lookup.address, words),
        matched_address=_hidden(lookup.matched_address, words),
        dropped_unit=_hidden(lookup.dropped_unit, words),
        warning=_hidden(lookup.warning, words),
    )


def masked_difference(difference: Difference, words: Collection[str]) -> Difference:
    """The comparison with the same marks and warnings, but without the words that differ if they tell the door."""
    telling = frozenset(words)
    shown = []
    for word in difference.words:
        shown.append(Word(hide(word.text, telling), word.change, _hidden(word.was, telling)))
    warnings = tuple(hide(text, telling) for text in difference.warnings)
    return replace(difference, words=tuple(shown), warnings=warnings)


def masked_providers(listed: ProviderList) -> ProviderList:
    """The providers with telephones that cannot be read or dialed, wherever a provider has written them."""
    return replace(listed, providers=tuple(map(_masked_provider, listed.providers)))


def masked_call(call: Call, words: Collection[str] = (), *, in_json: bool = False) -> Call:
    """A call as an audience may see it: even the hint of a token goes. `words` are hidden in bodies that are no JSON,
    such as one that was cut, where only the lookup knows what tells the door; `in_json` says that they stand in JSON
    of no known form too, such as in a sentence to an agent.
    """
    request_body = call.request_body
    if request_body is not None:
        request_body = mask_body(request_body, words, in_json=in_json)
    return replace(
        call,
        request_headers=_masked_headers(call.request_headers),
        request_body=request_body,
        response_headers=_masked_headers(call.response_headers),
        response_body=mask_body(call.response_body, words, in_json=in_json),
    )


def _masked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    shown = dict(headers)
    for name in headers:
        if name.lower() == "session_token":
            shown[name] = HIDDEN
    return shown


def _masked_provider(provider: Provider) -> Provider:
    return replace(
        provider,
        telephone=None,
        telephone_text=mask_phone(provider.telephone_text),
        button_label=without_phones(provider.button_label),
        promo_text=without_phones(provider.promo_text),
        plans=tuple(map(_masked_plan, provider.plans)),
    )


def _masked_plan(plan: Plan) -> Plan:
    return replace(
        plan,
        description=without_phones(plan.description),
        info=without_phones(plan.info),
        promo_text=without_phones(plan.promo_text),
    )


def without_phones(text: str) -> str:
    """The text with its telephone numbers unreadable."""
    return _PHONE_IN_TEXT.sub(lambda found: mask_phone(found[0]), text)


def mask_body(text: str, words: Collection[str] = (), *, in_json: bool = False) -> str:
    """A request's or an answer's body. JSON keeps its shape; of any other text telephone numbers and `words` are
    hidden, which `in_json` does in JSON too.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return hide(re.sub(r"\+?[0-9][0-9 .()-]{8,}[0-9]", lambda found: mask_phone(found[0]), text), words)
    telling = frozenset(_telling_in(value))
    if in_json:
        telling |= frozenset(words)
    return json.dumps(_masked(value, telling), ensure_ascii=False)


def _hidden(text: str | None, words: Collection[str]) -> str | None:
    if text is None:
        return None
    return hide(text, words)


def _telling(words: AddressWords) -> frozenset[str]:
    """The written words of the house number (with its fraction) and of every unit's identifier."""
    places = set()
    for at in words.street[:1]:
        first = words.tokens[at]
        if first.text[:1].isdigit() and not first.key.endswith(("ST", "ND", "RD", "TH")):
            places.add(at)
    if words.number_at is not None:
        places.add(words.number_at)
        if " " in words.number:
            places.add(words.number_at + 1)
    for unit in words.units:
        places.add(unit.identifier_at)
    return frozenset(words.tokens[at].text.strip(",;") for at in places)


def _telling_in(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _telling(words_of_address(Address(_text(value, "street1"), _text(value, "street2"))))
        for name in ("service_address", "normalized"):
            yield from _telling(words_of_line(_text(value, name) or ""))
        for item in value.values():
            yield from _telling_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _telling_in(item)


def _text(members: Mapping[str, object], name: str) -> str | None:
    text = members.get(name)
    if not isinstance(text, str):
        return None
    return text


def _masked(value: object, words: frozenset[str], name: str = "") -> object:
    if isinstance(value, Mapping):
        return {key: _masked(item, words, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, words, name) for item in value]
    if value is not None and (name in _WHOLLY_HIDDEN or is_secret(name)):
        return HIDDEN
    if not isinstance(value, str):
        return value
    if name in _PHONES:
        return mask_phone(value)
    return hide(without_phones(value), words)
