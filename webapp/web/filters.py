"""How facts are written on the page. Money and speeds have one wording for page, print and export:
`webapp.plans.figures`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask

from webapp.addresses.address import Address
from webapp.pages.console.call_words import duration_text, size_text
from webapp.pages.console.json_folds import pretty_json
from webapp.plans.fees_and_discounts import discount_text
from webapp.plans.figures import data_text, mbps_text, money_text, plural, speed_text, speeds_text
from webapp.plans.model import Money
from webapp.plans.price_over_time import price_over_time
from webapp.web.forms import new_submit_key


def moment(value: float, zone: ZoneInfo) -> str:
    """`2026-11-22 09:33 EST`: the moment in a zone, named; the browser rewrites it to its own."""
    return datetime.fromtimestamp(value, zone).strftime("%Y-%m-%d %H:%M %Z")


def iso(value: float) -> str:
    """The machine-readable form for a `time` element."""
    return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")


def locality(address: Address) -> str:
    """The line under street and unit: `Southfield, MI 48034`."""
    return Address(city=address.city, state=address.state, zip=address.zip).one_line()


def is_amount(value: object) -> bool:
    """The test `is amount`: whether there is a figure, in whatever currency."""
    return isinstance(value, Money)


def is_free(value: object) -> bool:
    """The test `is free`: an amount of zero."""
    return isinstance(value, Money) and value.cents == 0


FILTERS = (
    data_text,
    discount_text,
    duration_text,
    iso,
    locality,
    mbps_text,
    money_text,
    plural,
    price_over_time,
    pretty_json,
    size_text,
    speed_text,
    speeds_text,
)


def register(app: Flask, zone: ZoneInfo) -> None:
    """Gives every template these filters, the icons and `new_key()`; moments are written in `zone`."""
    for function in FILTERS:
        app.add_template_filter(function)
    app.add_template_test(is_amount, "amount")
    app.add_template_test(is_free, "free")
    app.add_template_filter(partial(moment, zone=zone), "moment")
    app.jinja_env.globals["new_key"] = new_submit_key
    # Made once: an import in each template would look the whole environment through anew with every fragment.
    app.jinja_env.globals["icons"] = app.jinja_env.get_template("components/icons.html").module
