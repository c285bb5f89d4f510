"""Presenter mode: on in this browser until it is switched off, it hides house numbers, units, phones and tokens from
every page.

Views draw what these functions give back; without presenter mode that is what went in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import session

from webapp.addresses.address import Address
from webapp.hum.providers import ProviderList
from webapp.lookups.history import Page
from webapp.lookups.lifecycle import Lookup
from webapp.pages.masks import (
    HIDDEN,
    mask_address,
    mask_body,
    mask_phone,
    masked_address,
    masked_lookup,
    masked_providers,
)

__all__ = [
    "TYPE_AGAIN",
    "active",
    "as_kept",
    "is_masked",
    "mask_address",
    "mask_phone",
    "shown_body",
    "shown_headers",
    "shown_lookup",
    "shown_page",
    "shown_providers",
    "switch",
]

TYPE_AGAIN = "Type the hidden part of the address again: the lookup it came from is not kept any more."

_KEY = "presenter"


def active() -> bool:
    """Whether this browser presents."""
    return session.get(_KEY) is True


def switch(*, on: bool) -> None:
    """Remembered in the browser's cookie, so that no new tab and no restart forgets it."""
    if on:
        session.permanent = True
        session[_KEY] = True
    else:
        session.pop(_KEY, None)


def shown_lookup(lookup: Lookup) -> Lookup:
    """A lookup to draw, never to store."""
    return masked_lookup(lookup) if active() else lookup


def shown_providers(listed: ProviderList | None) -> ProviderList | None:
    """A provider list to draw."""
    return masked_providers(listed) if listed is not None and active() else listed


def shown_page(page: Page) -> Page:
    """A page of the list of lookups to draw."""
    if not active():
        return page
    return replace(page, entries=tuple(replace(entry, address=masked_address(entry.address)) for entry in page.entries))


def shown_body(text: str) -> str:
    """A body of a call to show, JSON or not."""
    return mask_body(text) if active() else text


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of a call to show: even the hint of a token goes."""
    return {name: HIDDEN if active() and name.lower() == "session_token" else value for name, value in headers.items()}


def as_kept(shown: Address, kept: Lookup) -> Address:
    """The address of a form that was filled from a lookup: a part that comes back as it was masked stands for the part
    itself.
    """
    masked = masked_lookup(kept).address.as_dict()
    unchanged = {
        name: value for name, value in kept.address.as_dict().items() if value and shown.as_dict()[name] == masked[name]
    }
    return replace(shown, **unchanged)


def is_masked(address: Address) -> bool:
    """Whether a part of it is still hidden, so that it names no place."""
    return HIDDEN in address.one_line()
