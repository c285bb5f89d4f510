"""Presenter mode: until this browser switches it off, house numbers, units, phones and tokens are hidden on every page.

Views draw what these functions return; without presenter mode that is what went in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import session

from webapp.addresses.address import Address
from webapp.hum.providers import ProviderList
from webapp.lookups.history import Page
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.recorded_calls import RecordedCall
from webapp.pages.masks import (
    HIDDEN,
    identifying_words,
    masked_address,
    masked_call,
    masked_lookup,
    masked_providers,
)
from webapp.upstream.call import Call

TYPE_AGAIN = "Type the hidden part of the address again: the lookup it came from is no longer kept."

_KEY = "presenter"


def active() -> bool:
    """Whether this browser presents."""
    return session.get(_KEY) is True


def switch(*, on: bool) -> None:
    """Remembered in the browser's cookie, so that it holds in new tabs and after a restart."""
    if on:
        session.permanent = True
        session[_KEY] = True
    else:
        session.pop(_KEY, None)


def shown_lookup(lookup: Lookup) -> Lookup:
    """A lookup to draw, never to store."""
    if not active():
        return lookup
    return masked_lookup(lookup)


def shown_providers(listed: ProviderList) -> ProviderList:
    """A provider list to draw."""
    if not active():
        return listed
    return masked_providers(listed)


def shown_page(page: Page) -> Page:
    """A page of the list of lookups to draw."""
    if not active():
        return page
    return replace(page, entries=tuple(replace(entry, address=masked_address(entry.address)) for entry in page.entries))


def shown_call(call: Call) -> Call:
    """A call to show."""
    if not active():
        return call
    return masked_call(call)


def shown_calls(recorded: Sequence[RecordedCall], lookup: Lookup) -> Sequence[RecordedCall]:
    """The recorded calls of a lookup to show."""
    if not active():
        return recorded
    words = identifying_words(lookup)
    return [replace(each, call=masked_call(each.call, words)) for each in recorded]


def as_kept(shown: Address, kept: Lookup) -> Address:
    """The address of a form that was filled from a lookup: a part that comes back as it was masked stands for the part
    itself.
    """
    masked, entered = masked_lookup(kept).address.as_dict(), shown.as_dict()
    unchanged = {}
    for name, value in kept.address.as_dict().items():
        if value and entered[name] == masked[name]:
            unchanged[name] = value
    return replace(shown, **unchanged)


def is_masked(address: Address) -> bool:
    """Whether a part of it is still hidden, so that it names no place."""
    return HIDDEN in address.one_line()
