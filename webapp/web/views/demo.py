"""The demo's own pages: the scenario picker, the tour, and the speed of the simulated clock. They do not exist
where a real Hum answers.
"""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.addresses.address import Address
from webapp.lookups.polling import Request
from webapp.pages.scenario_groups import GROUPS
from webapp.pages.tour import STOPS
from webapp.simulator import SCENARIOS
from webapp.web import presenter
from webapp.web.context import current_viewer, services
from webapp.web.forms import AddressForm, AgainForm, FormToken, require_form_token
from webapp.web.lookup_form import start
from webapp.web.own_lookups import carried_arguments, find_own
from webapp.web.security import see_other

views = Blueprint("demo", __name__)


@views.before_request
def only_in_demo() -> None:
    """Without the demo there is no simulator to show."""
    if not services().settings.demo:
        abort(404)


@views.get("/scenarios")
def scenarios() -> str:
    """Every scenario with its description, a link that fills the form, and a button that runs it."""
    current_viewer()
    return render_template(
        "demo/scenarios.html",
        groups=GROUPS,
        # Called for each button, because each starts a lookup of its own.
        action=FormToken(),
        speeds=presenter.SPEEDS,
        speed=presenter.chosen_speed(),
    )


@views.get("/tour")
def tour_page() -> str:
    """The important scenarios in the order to show them, with what to say."""
    current_viewer()
    return render_template(
        "demo/tour.html",
        stops=STOPS,
        action=FormToken(),
        speeds=presenter.SPEEDS,
        speed=presenter.chosen_speed(),
    )


@views.post("/scenarios/<key>/run")
def run(key: str) -> Response:
    """*Run*: looks up the scenario's address, as if it had been typed."""
    if key not in SCENARIOS:
        abort(404)
    require_form_token()
    address = Address(**SCENARIOS[key].address)
    wanted = Request(address, current_viewer(), AgainForm().key, services().settings.campaign_id or None)
    carried = carried_arguments()
    if "tour" in carried:
        # An audience sees what happens at Hum, too.
        carried["calls"] = 1
    return start(AddressForm(address.as_dict()), wanted, **carried)


@views.post("/speed")
def choose_speed() -> Response:
    """A choice of the speed; its form anew, or the page that it stands on."""
    require_form_token()
    presenter.choose_speed(request.form.get("speed", ""))
    back = request.form.get("back", "")
    if back.isdecimal():
        return _back_to_stop(back)
    if request.headers.get("HX-Request"):
        return _speed_form(back)
    if back == "tour":
        return see_other(url_for("demo.tour_page"))
    return see_other(url_for("demo.scenarios"))


def _speed_form(back: str) -> Response:
    speed = presenter.chosen_speed()
    return make_response(
        render_template("demo/_speed.html", action=FormToken(), speeds=presenter.SPEEDS, speed=speed, back=back)
    )


def _back_to_stop(number: str) -> Response:
    """The page anew, because who asks next depends on the speed."""
    lookup = find_own(request.form.get("lookup"))
    if lookup is None:
        where = url_for("try_it.page", tour=number)
    else:
        where = url_for("lookups.page", lookup_id=lookup.id, calls=1, tour=number)
    if not request.headers.get("HX-Request"):
        return see_other(where)
    answer = make_response("", 204)
    answer.headers["HX-Redirect"] = where
    return answer
