"""`/address-form`: the buttons and the live hints of the address form. Nothing is stored and nothing is sent to Hum."""

from __future__ import annotations

from flask import Blueprint, make_response, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.address_form.actions import Clipboard, act, take
from webapp.pages.address_form.reading import reading
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web.address_page import (
    advice_alone,
    allow_a_long_paste,
    count_request,
    news_of,
    next_place,
    refused,
    swapped_part,
    whole_page,
)
from webapp.web.forms import AddressForm
from webapp.web.security import see_other

views = Blueprint("address_form", __name__)


@views.post("/address-form")
def answer() -> Response:
    """Does what the pressed button (`do`) says, and shows the form again; without a button, the advice on what was
    typed.
    """
    allow_a_long_paste()
    form, action, by_htmx = AddressForm(), request.form.get("do", ""), bool(request.headers.get("HX-Request"))
    try:
        count_request(form)
    except QuotaExceeded as refusal:
        return refused(form, refusal)
    if not form.is_of_this_browser():
        page = swapped_part(form, focus="") if by_htmx else whole_page(form)
        return make_response(page, 422)
    if not action and by_htmx:
        return make_response(advice_alone(form))
    if action == "take":
        return _take(form, by_htmx)
    form.put(act(form.sheet, action))
    return _shown(form, action, by_htmx)


@views.get("/address-form")
def begin() -> Response:
    """Where a browser comes that opens the address of a form it has sent before."""
    return see_other(url_for("lookups.form"))


def _take(form: AddressForm, by_htmx: bool) -> Response:
    taken = take(form.sheet, Clipboard(form.pasted.data or "", form.street_was.data))
    if taken is None:
        # Just a street: it stays where the browser has put it, and so does the caret.
        return make_response("", 204)
    form.put(taken)
    return _shown(form, "split", by_htmx)


def _shown(form: AddressForm, action: str, by_htmx: bool) -> Response:
    is_split = action.startswith("split")
    if not by_htmx:
        return make_response(whole_page(form, focus=_place_after_load(form, action)))
    news = news_of(reading(form.sheet)) if is_split else "Undone." if action == "undo" else ""
    # The box or button that had the focus is still there after a split; after the others the button itself is gone.
    focus = "" if action == "split" else "paste" if action == "undo" else next_place(form)
    return make_response(swapped_part(form, focus=focus, news=news))


def _place_after_load(form: AddressForm, action: str) -> str:
    if action == "undo":
        return "paste"
    return "reading" if action.startswith("split") and reading(form.sheet) else next_place(form)
