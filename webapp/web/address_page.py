"""The address form drawn: as a whole page, as the part its buttons swap, or as the small part that changes while a
person types.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.addresses.address import Address
from webapp.database import DatabaseUnavailable
from webapp.pages.address_form.advice import advise
from webapp.pages.address_form.reading import LABELS, Reading, reading
from webapp.pages.error_messages import HUM_IS_DOWN, ErrorMessage, form_asked_too_often
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import live, presenter
from webapp.web.context import services
from webapp.web.forms import AddressForm
from webapp.web.viewer import known_viewer


def whole_page(
    form: AddressForm, *, trouble: ErrorMessage | None = None, focus: str = "street1", is_read: bool = True
) -> str:
    """The page of the form. `focus` is the id of the part to begin at; errors take the focus themselves.

    Without `is_read` the pasted text is shown, but not what it was read as.
    """
    recent = _recent_addresses()
    return render_template(
        "lookups/form.html",
        **_view(form, trouble, focus, is_read=is_read),
        examples=services().examples(),
        recent=recent,
    )


def swapped_part(form: AddressForm, *, focus: str, news: str = "") -> str:
    """The form alone, to replace the one on the page, and what is to be said of it. Without `focus` the focus stays
    where it is.
    """
    return render_template("lookups/asking.html", **_view(form, None, focus), news=news)


def advice_alone(form: AddressForm) -> str:
    """The advice beside the boxes, and its words for the ear unless the page has said them already (`said`)."""
    view = _view(form, None, "")
    return render_template("lookups/advice.html", **view, is_news=view["advice"].spoken != request.form.get("said"))


def next_place(form: AddressForm) -> str:
    """Where a person goes on after a button that is gone: to what is undecided, to what is missing, else to *Look
    up*.
    """
    read = reading(form.sheet)
    advice = advise(form.sheet, read)
    return "assist" if advice.conflicts else advice.missing or "look-up"


def news_of(read: Reading | None) -> str:
    """What a split did, in one sentence for the ear."""
    if read is None:
        return ""
    if read.asked:
        return " ".join(question.text for question in read.asked)
    return f"Found: {', '.join(row.label for row in read.rows)}." if read.rows else "No address was found in this text."


def allow_a_long_paste() -> None:
    """A pasted text may be as long as a whole request; it is cut, and said to be, where it is read."""
    request.max_form_memory_size = current_app.config["MAX_CONTENT_LENGTH"]


def count_request(form: AddressForm) -> None:
    """Counts a request that may have a pasted text read; raises TooMany when there were too many."""
    longest = max(len(form.paste.data or ""), len(form.pasted.data or ""))
    services().form_requests.count(viewer=known_viewer(), address=request.remote_addr or "", characters=longest)


def refused(form: AddressForm, refusal: QuotaExceeded) -> Response:
    """The form as it came, with nothing read in it. A hint is left out: the page keeps the one it shows, and asks again
    by itself.
    """
    trouble = form_asked_too_often(refusal)
    if not request.headers.get("HX-Request"):
        page = whole_page(form, trouble=trouble, is_read=False)
    elif request.form.get("do"):
        page = render_template("lookups/asking.html", **_view(form, trouble, "", is_read=False), news=trouble.title)
    else:
        page = ""
    response = make_response(page, 429, trouble.headers)
    if not page:
        response.headers["HX-Reswap"] = "none"
    return response


def _view(form: AddressForm, trouble: ErrorMessage | None, focus: str, *, is_read: bool = True) -> dict[str, Any]:
    sheet = form.sheet
    read = reading(sheet) if is_read else None
    advice = advise(sheet, read)
    down = HUM_IS_DOWN if trouble is None and services().hum.is_down else None
    facts: dict[str, Any] = {"form": form, "trouble": trouble, "notice": down, "focus": focus}
    facts |= {"sheet": sheet, "read": read, "advice": advice, "labels": LABELS}
    return facts | {"faults": form.faults, "ticks": ticks(trouble)}


def ticks(trouble: ErrorMessage | None) -> dict[str, bool]:
    """The boxes that stand above the button: whether to confirm that a lookup costs money, and that it may be a second
    one.
    """
    return {"cost": live.asks(), "repeat": trouble is not None and trouble.repeat_box}


def _recent_addresses() -> tuple[Address, ...]:
    viewer = known_viewer()
    try:
        return services().history.recent_addresses(viewer) if viewer and not presenter.active() else ()
    except DatabaseUnavailable:
        # They only save typing; the form can be filled in without the database.
        return ()
