"""Asks before the first lookup of a day that costs money, where `CONFIRM_LIVE` says so. Remembered in the browser until midnight."""

from __future__ import annotations

from datetime import datetime

from flask import request, session

from webapp.web.context import services
from webapp.web.errors import Trouble

BOX = "costs_money"
NOT_CONFIRMED = Trouble(
    "This lookup costs money",
    "It goes to the live Hum API. Nothing was started and what you typed is kept: tick the box above the button and press the button. "
    "You will be asked again tomorrow.",
)

_KEY = "confirmed_on"


def asks() -> bool:
    """Whether a lookup must be confirmed first."""
    settings = services().settings
    return settings.confirm_live and settings.environment == "LIVE" and session.get(_KEY) != _today()


def confirmed() -> bool:
    """Whether a lookup may be started: nothing is asked, or this request's form has the box ticked, which holds for the day."""
    if not asks():
        return True
    if not request.form.get(BOX):
        return False
    session[_KEY] = _today()
    return True


def _today() -> str:
    return datetime.fromtimestamp(services().clock(), services().settings.time_zone).date().isoformat()
