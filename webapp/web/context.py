"""What every view and template may reach: the services of this application and the page-wide facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import current_app

from webapp.pages.maps import StateMap
from webapp.services import Services
from webapp.web import presenter
from webapp.web.forms import FormToken, new_submit_key
from webapp.web.viewer import known_viewer


def services() -> Services:
    """The services this application was built with."""
    return cast(Services, current_app.extensions["services"])


def state_maps() -> Mapping[str, StateMap]:
    """How places are found on the pictures of the states."""
    return cast("Mapping[str, StateMap]", current_app.extensions["state_maps"])


def page_facts() -> dict[str, Any]:
    """What the layout of every page shows."""
    return {
        "environment": services().settings.environment,
        "presenting": presenter.active(),
        "banner_token": FormToken(),
        "new_submit_key": new_submit_key,
        # A browser that was given no cookie yet gets none for a box it may never use.
        "offers_lookup": bool(known_viewer()),
    }
