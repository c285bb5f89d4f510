"""The address form drawn: as a whole page, as the part its buttons swap, or as the small part that changes while a person types."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request

from webapp.address import Address
from webapp.database import Unavailable
from webapp.web import errors, live, presenter
from webapp.web.assist.advice import advise
from webapp.web.assist.reading import LABELS, Reading, reading
from webapp.web.context import services
from webapp.web.errors import Trouble
from webapp.web.forms import AddressForm
from webapp.web.viewer import known_viewer


def whole_page(form: AddressForm, *, trouble: Trouble | None = None, focus: str = "street1") -> str:
    """The page of the form. `focus` is the id of the part to begin at; errors take the focus themselves."""
    recent = _recent_addresses()
    return render_template("lookups/form.html", **_view(form, trouble, focus), examples=services().examples(), recent=recent)


def swapped_part(form: AddressForm, *, focus: str, news: str = "") -> str:
    """The form alone, to replace the one on the page, and what is to be said of it. Without `focus` the focus stays where it is."""
    return render_template("lookups/asking.html", **_view(form, None, focus), news=news)


def advice_alone(form: AddressForm) -> str:
    """The advice beside the boxes, and its words for the ear unless the page has said them already (`said`)."""
    view = _view(form, None, "")
    return render_template("lookups/advice.html", **view, is_news=view["advice"].spoken != request.form.get("said"))


def next_place(form: AddressForm) -> str:
    """Where a person goes on after a button that is gone: to what is undecided, to what is missing, else to *Look up*."""
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


def _view(form: AddressForm, trouble: Trouble | None, focus: str) -> dict[str, Any]:
    sheet = form.sheet
    read = reading(sheet)
    advice = advise(sheet, read)
    down = errors.HUM_IS_DOWN if trouble is None and services().hum.is_down else None
    facts: dict[str, Any] = {"form": form, "trouble": trouble, "notice": down, "focus": focus}
    facts |= {"sheet": sheet, "read": read, "advice": advice, "labels": LABELS}
    return facts | {"faults": form.faults, "ticks": ticks(trouble)}


def ticks(trouble: Trouble | None) -> dict[str, bool]:
    """The boxes that stand above the button: whether to confirm that a lookup costs money, and that it may be a second one."""
    return {"cost": live.asks(), "repeat": trouble is not None and trouble.repeat_box}


def _recent_addresses() -> tuple[Address, ...]:
    viewer = known_viewer()
    try:
        return services().history.recent_addresses(viewer) if viewer and not presenter.active() else ()
    except Unavailable:
        # They only save typing; the form can be filled in without the database.
        return ()
