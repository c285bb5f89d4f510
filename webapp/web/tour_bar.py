"""The bar of the demo's tour, which stands on the pages that its stops show."""

from __future__ import annotations

from typing import Any

from webapp.web import presenter
from webapp.web.own_lookups import find_own, tour_stop


def tour_bar(lookup_id: str | None) -> dict[str, Any]:
    """What `demo/_stop.html` draws: the stop that this request's address names, None without one, and the lookup that
    it tells of, if it is the viewer's own.
    """
    stop = tour_stop()
    if stop is None:
        return {"stop": None}
    toured = find_own(lookup_id)
    return {
        "stop": stop,
        "toured": toured.id if toured else None,
        "speeds": presenter.SPEEDS,
        "speed": presenter.chosen_speed(),
    }
