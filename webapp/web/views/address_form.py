"""`/address-form`: the buttons and the live hints of the address form. Nothing is stored and nothing is sent to Hum."""

from __future__ import annotations

from flask import Blueprint, make_response, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.address_form.actions import Clipboard, absorb_paste, act
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web.forms import AddressForm
from webapp.web.lookup_form import (
    advice_alone,
    allow_a_long_paste,
    count_request,
    form_page,
    refused,
    swapped_part,
    whole_page,
)
from webapp.web.security import see_other

views = Blueprint("address_form", __name__)


@views.post("/address-form")
def answer() -> Response:
    """Does what the pressed button (`do`) says, and shows the form again; without a button, the advice on what was
    typed.
    """
    allow_a_long_paste()
    form = AddressForm()
    try:
        count_request(form)
    except QuotaExceeded as refusal:
        return refused(form, refusal)
    if not form.is_of_this_browser():
        return make_response(_refused_form(form), 422)
    return _answer(form, request.form.get("do", ""))


@views.get("/address-form")
def begin() -> Response:
    """For a browser that opens the address of a form it has sent: back to the form."""
    return see_other(url_for("lookups.form"))


def _answer(form: AddressForm, action: str) -> Response:
    if not action and _is_by_htmx():
        return make_response(advice_alone(form))
    after = act(form.form_state, action)
    if action == "take":
        absorbed = absorb_paste(form.form_state, Clipboard(form.pasted.data or "", form.street_was.data))
        if absorbed is None:
            # Just a street: it stays where the browser has put it, and so does the caret.
            return make_response("", 204)
        after, action = absorbed, "split"
    form.put(after)
    return make_response(_changed_form(form, action))


def _changed_form(form: AddressForm, action: str) -> str:
    view = form_page(form)
    if _is_by_htmx():
        return swapped_part(form, view, focus=view.focus_after(action), news=view.news_of(action))
    return whole_page(form, focus=view.focus_after_load(action))


def _refused_form(form: AddressForm) -> str:
    if _is_by_htmx():
        return swapped_part(form, form_page(form))
    return whole_page(form)


def _is_by_htmx() -> bool:
    return bool(request.headers.get("HX-Request"))
