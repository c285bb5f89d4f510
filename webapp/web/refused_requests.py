"""The reasons why a button is refused, each in its own words: what happened, what is kept, what to do."""

from __future__ import annotations

from flask import g, request
from werkzeug.exceptions import Forbidden

from webapp.telemetry import log


def log_refusal(why: type[Refused]) -> None:
    """Tells whoever runs the site who was not allowed what, and why."""
    person = g.get("person")
    log.warning("refused", why=why.__name__, route=request.endpoint, who=person.subject if person else None)


class Refused(Forbidden):
    """A 403 that says its cause: the title of the page, and its text."""

    title = "This was refused"
    text = "Nothing was done. Go back, load the page again and press the button again."


class NotAMember(Refused):
    """Signed in, but in none of the groups that may use this site."""

    title = "Your account may not use this site"
    text = (
        "You are signed in, but not in a group that may look up addresses here. Ask whoever runs the site to add you; "
        "then sign out and in again."
    )


class ForOperators(Refused):
    """Signed in, but not as an operator."""

    title = "This page is for operators"
    text = "Nothing was done. Whoever runs the site can add you to the group of its operators."


class FromAnotherSite(Refused):
    """The browser itself says that another site's page sent this."""

    title = "This request did not come from this site"
    text = "Nothing was done. Open the page again and use its own buttons."


class FromAnotherName(Refused):
    """The browser names a site other than the one asked for: another site's page, or a proxy that changes the name on
    the way.
    """

    title = "This request did not come from this site"
    text = (
        "Nothing was done. Open the page again and use its own buttons. If the button was on this site, a proxy "
        "between it and your browser hides the name in the address bar. Whoever runs the site can make the proxy "
        "send that name, with its port, as the Host header. In nginx: proxy_set_header Host $http_host;"
    )


class WithoutCookie(Refused):
    """The form was drawn for a browser that should have a cookie by now, and it sends none."""

    title = "This page needs a cookie"
    text = (
        "Nothing was done: your browser did not send the cookie that ties your lookups to it. Allow cookies for this "
        "site, load the page again, then press the button again."
    )
    in_form = (
        "This page needs a cookie, and your browser did not send it. Nothing was looked up; everything you typed is "
        "kept. Allow cookies for this site, then press the button again."
    )


class WithoutSecureCookie(WithoutCookie):
    """The same where the cookie is Secure: over plain http browsers drop it."""

    text = (
        "Nothing was done: your browser did not send the cookie that ties your lookups to it, which it only keeps "
        "where the address begins "
        "with https://. Open the site that way, allow cookies for it, then press the button again."
    )
    in_form = (
        "This page needs a cookie, and your browser did not send it. Nothing was looked up. Browsers keep it only "
        "where the address begins with https://: open the site that way and allow cookies for it."
    )


class FromAnOlderSession(Refused):
    """The form's token is not of this browser's session."""

    title = "This page was open in an older session"
    text = "Nothing was done. Go back, load the page again, then press the button again."
    in_form = (
        "This page was open in an older session. Nothing was sent; everything you typed is kept. Press the "
        "button again."
    )


class SwitchedOff(Refused):
    """*Try the API* where its calls would cost money."""

    title = "Try the API is switched off here"
    text = (
        "Nothing was sent to Hum: its calls may cost what lookups cost. Whoever runs this site can allow them with "
        "TRY_LIVE=1."
    )
