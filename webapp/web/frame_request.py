"""Whether a request comes from a frame of another site's page; see `webapp.web.frames`."""

from __future__ import annotations

from typing import cast

from flask import request

from webapp.embedding.capability import Frame
from webapp.quotas.lookup_quota import LookupQuota
from webapp.settings import Settings

LONGEST_CAMPAIGN = 100
FRAME, ROOT, HOLDER, IS_NEW = "hum.frame", "hum.root", "hum.holder", "hum.frame_is_new"
"""Where the WSGI environment has the frame, the path of the whole site, who holds a frame that has ended, and whether
this request opens one.
"""


def frame_of_request() -> Frame | None:
    """The frame that this request comes from."""
    return cast("Frame | None", request.environ.get(FRAME))


def frame_is_new() -> bool:
    """This request opens a frame."""
    return IS_NEW in request.environ


def holder() -> str | None:
    """The site that may hold the answer in a frame, also where that only says that the frame has ended."""
    frame = frame_of_request()
    if frame is not None:
        return frame.origin
    return cast("str | None", request.environ.get(HOLDER))


def site_root() -> str:
    """The path that the whole site is served under, also within a frame: static files are the same for all."""
    return str(request.environ.get(ROOT, request.script_root))


def is_sandboxed_write() -> bool:
    """A frame without an origin of its own sends `null`, and the browser takes our own address for another site. There
    the capability, which no other site knows, and the form's token decide.
    """
    return frame_of_request() is not None and request.headers.get("Origin") == "null"


def campaign_of(settings: Settings) -> str | None:
    """The campaign that a lookup is sent with: the one that a frame's page names, or this site's own."""
    given = request.form.get("campaign_id", "").strip()
    if frame_of_request() is not None and given and given.isprintable() and len(given) <= LONGEST_CAMPAIGN:
        return given
    return settings.campaign_id or None


def count_frame(quota: LookupQuota) -> None:
    """Counts a lookup of a frame for the site that holds it, however many frames that has. Raises QuotaExceeded."""
    frame = frame_of_request()
    if frame is not None:
        quota.count_window(viewer=f"origin {frame.origin}", network="")
