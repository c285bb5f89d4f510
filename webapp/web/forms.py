"""The forms. What an address must be is the rule of `webapp.addresses.address`; here it meets boxes, messages and the
form token.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from webapp.addresses import address
from webapp.addresses.address import Address
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES
from webapp.pages.address_form.form_state import FormState, memory_of
from webapp.web.refused_requests import FromAnOlderSession, WithoutCookie, WithoutSecureCookie, log_refusal

BOXES = ("street1", "street2", "zip", "city", "state")
"""The boxes of an address in the order of the form."""

_STATES = STATES | ZIP_ONLY_STATES
_STATE_CHOICES = (("", "Choose…"), *sorted(_STATES.items(), key=itemgetter(1)))
_SUBMIT_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


def new_submit_key() -> str:
    """What makes two clicks on one button one lookup."""
    return secrets.token_urlsafe(18)


def is_submit_key(text: str) -> bool:
    """Whether a text can be a submit key."""
    return _SUBMIT_KEY.fullmatch(text) is not None


def as_pasted(text: object) -> str:
    """A pasted text with its line breaks and tabs, as every browser writes them, but without what cannot be shown."""
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    if lines.replace("\n", "").replace("\t", "").isprintable():
        return lines
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Cn"})


class AddressForm(FlaskForm):
    """The paste box and the five boxes of an address, a submit key against double clicks, and the lookup that this one
    replaces.

    `memory` is what the form remembers of a split; `pasted` and `street_was` tell of a paste into the street box.
    """

    paste = TextAreaField("Address", filters=[as_pasted])
    street1 = StringField("Street address", filters=[address.clean_text])
    street2 = StringField("Apartment, suite or unit", filters=[address.clean_text])
    zip = StringField("ZIP code", filters=[address.clean_zip])
    city = StringField("City", filters=[address.clean_text])
    state = SelectField("State", filters=[address.clean_state], validate_choice=False)
    submit_key = HiddenField()
    replaces = HiddenField()
    memory = HiddenField()
    pasted = HiddenField(filters=[as_pasted])
    street_was = HiddenField(filters=[address.clean_text])
    form_errors: list[str]

    def __init__(self, given: Mapping[str, str | None] | None = None) -> None:
        # What is given is shown; only a form without it is filled from the request.
        if given is None:
            super().__init__()
        else:
            super().__init__(formdata=None, data=given)
        self._offer_states()
        if not is_submit_key(self.submit_key.data or ""):
            self.renew_submit_key()

    @property
    def address(self) -> Address:
        """The address in the boxes, cleaned by their filters."""
        return Address(
            street1=self.street1.data,
            street2=self.street2.data,
            city=self.city.data,
            state=self.state.data,
            zip=self.zip.data,
        )

    @property
    def form_state(self) -> FormState:
        """The form as the help with filling it in sees it."""
        return FormState(self.address, self.paste.data or "", memory_of(self.memory.data or ""))

    @property
    def url_arguments(self) -> dict[str, Any]:
        """What names this form in a URL: its submit key, and the lookup that it was filled from or comes after."""
        relation = "from"
        if "after" in request.args:
            relation = "after"
        return {"sent": self.submit_key.data, relation: self.replaces.data or None}

    def put(self, state: FormState) -> None:
        """Puts into the form what a button of it has done."""
        for name, entry in state.boxes.as_dict().items():
            self[name].data = entry
        self.paste.data = state.paste
        self.memory.data = ""
        if state.memory:
            self.memory.data = state.memory.as_text()
        self._offer_states()

    def _offer_states(self) -> None:
        self.state.choices = list(_STATE_CHOICES)
        if self.state.data and self.state.data not in _STATES:
            self.state.choices.append((self.state.data, f"{self.state.data} (not in the list)"))

    def renew_submit_key(self) -> None:
        """A form shown again after a refusal is a new attempt."""
        self.submit_key.data = new_submit_key()

    def is_of_this_browser(self) -> bool:
        """Applies the form token only; a form without it says so."""
        if super().validate():
            return True
        refusal = _why_refused()
        log_refusal(refusal)
        self.form_errors = [refusal.in_form]
        return False

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Applies the form token and the one address rule."""
        if not self.is_of_this_browser():
            return False
        for fault in address.faults(self.address):
            self.add_fault(fault.field, fault.message)
        return not self.faults

    def add_fault(self, field: str | None, message: str) -> None:
        """Puts a message at its box, or on the form when no box or an unknown one is named."""
        if field in address.FIELDS:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors = [*self.form_errors, message]

    def add_refusal(self, by_field: Mapping[str, tuple[str, ...]], base: tuple[str, ...]) -> None:
        """Puts Hum's own messages where they belong. Each names its field, because the list above the form repeats
        texts like "can't be blank" away from their boxes, and says that it is Hum's.
        """
        if not base and not by_field:
            self.add_fault(None, "Hum refused this address without saying why.")
        for message in base:
            self.add_fault(None, f"{message} (from Hum)")
        for field, messages in by_field.items():
            name = field
            if field in address.FIELDS:
                name = self[field].label.text
            for message in messages:
                self.add_fault(field, f"{name}: {message} (from Hum)")

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the box to go to, message) in the order of the form; a fault of the combination leads to the ZIP
        box, or to the street while that is missing.
        """
        combination = "street1"
        if self.street1.data:
            combination = "zip"
        found = [(combination, message) for message in self.form_errors]
        for name in BOXES:
            found += [(name, message) for message in self[name].errors]
        return found


def require_form_token() -> None:
    """Raises Refused, which says why, unless a button that changes something came with the form token of this browser's
    session.
    """
    if not FlaskForm().validate_on_submit():
        raise _why_refused()


def _why_refused() -> type[WithoutCookie | FromAnOlderSession]:
    """A browser that was given a token was given a cookie with it."""
    cookies = current_app.session_interface
    if cookies.get_cookie_name(current_app) in request.cookies or not request.form.get("csrf_token"):
        return FromAnOlderSession
    if cookies.get_cookie_secure(current_app):
        return WithoutSecureCookie
    return WithoutCookie


class FormToken:
    """The form token of buttons as pages draw it. A whole form for one hidden box would cost a tenth of a progress
    fragment.
    """

    def csrf_token(self, id: str) -> Markup:
        """The hidden box, under an id of its own."""
        return Markup('<input id="{}" name="csrf_token" type="hidden" value="{}">').format(id, generate_csrf())


class AgainForm(FlaskForm):
    """*Look up again*: the form token and a submit key against double clicks."""

    submit_key = HiddenField()

    @property
    def key(self) -> str:
        """The key that came with the click, or a new one for a click without."""
        given = str(self.submit_key.data or "")
        if is_submit_key(given):
            return given
        return new_submit_key()
