"""The addresses of a lookup's pages for the viewer who started it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from webapp.pages.links import Links


class OwnerLinks(Links):
    """Every page and button of one lookup. `carried` are query arguments that stay on the lookup's page, such as the
    stop of the tour.
    """

    def __init__(self, lookup_id: str, carried: Mapping[str, Any] | None = None) -> None:
        self._id = lookup_id
        self._carried = carried or {}

    def page(self) -> str:
        return url_for("lookups.page", lookup_id=self._id)

    def refreshed_page(self) -> str:
        return url_for("lookups.page", lookup_id=self._id, refresh=1, **self._carried)

    def progress(self, seen: str) -> str:
        return url_for("lookups.progress", lookup_id=self._id, seen=seen)

    def stop(self) -> str:
        return url_for("lookups.stop", lookup_id=self._id)

    def keep_checking(self, seen: str) -> str:
        return url_for("lookups.keep_checking", lookup_id=self._id, seen=seen, **self._carried)

    def next_step(self, seen: str) -> str:
        return url_for("lookups.next_step", lookup_id=self._id, seen=seen, **self._carried)

    def again(self) -> str:
        return url_for("lookups.again", lookup_id=self._id)

    def edit(self, focus: str = "") -> str:
        arguments: dict[str, Any] = {"from": self._id, "focus": focus or None}
        return url_for("lookups.form", **arguments)

    def new_lookup(self) -> str:
        return url_for("lookups.form")

    def coverage(self) -> str:
        return url_for("coverage.page", lookup_id=self._id)

    def provider(self, number: int) -> str:
        return url_for("results.provider", lookup_id=self._id, number=number)

    def plan(self, key: str) -> str:
        return url_for("results.plan", lookup_id=self._id, key=key)

    def compare(self, keys: Sequence[str] = ()) -> str:
        return url_for("results.comparison", lookup_id=self._id, plan=list(keys))

    def export(self, kind: str) -> str:
        return url_for("results.export", lookup_id=self._id, kind=kind)

    def report(self) -> str:
        return url_for("results.report", lookup_id=self._id)

    def shares(self) -> str:
        return url_for("shares.page", lookup_id=self._id)

    def console(self, row: str = "") -> str:
        return url_for("console.page", lookup_id=self._id, _anchor=row or None)

    def refreshed_console(self) -> str:
        return url_for("console.page", lookup_id=self._id, refresh=1)

    def live_console(self, seen: int) -> str:
        return url_for("console.live", lookup_id=self._id, seen=seen)

    def har(self) -> str:
        return url_for("console.archive", lookup_id=self._id)
