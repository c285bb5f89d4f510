"""The database locked, full, read-only, gone and back, damaged: nothing is lost, nothing is paid for twice, the page
says what happens.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.integration.storage.troubles import TROUBLES, Trouble
from tests.integration.storage.upstream import Place, address_of
from webapp.lookups.polling import CREATE_LEASE, POLL_LEASE

HTMX = {"HX-Request": "true"}
ALIKE = {
    "postgresql full",
    "postgresql read-only",
    "postgresql locked",
    "sqlite no database any more",
    "sqlite read-only",
    "sqlite moved away",
}
"""Others of the same kind stand for these in `make test`."""
EACH = [
    pytest.param(kind, trouble, id=f"{kind} {name}", marks=[pytest.mark.soak] if f"{kind} {name}" in ALIKE else [])
    for kind, troubles in TROUBLES.items()
    for name, trouble in troubles.items()
]


each_trouble = pytest.mark.parametrize(("database_url", "trouble"), EACH, indirect=["database_url"])


@each_trouble
def test_while_it_lasts_everything_is_said_and_kept_and_afterwards_goes_on(place: Place, trouble: Trouble) -> None:
    visitor, upstream, clock = place.visitor, place.upstream, place.site.clock
    running = visitor.look_up(**address_of("normal"))
    clock.advance(running.poll_delay)
    running = visitor.poll(running)
    path = running.poller.get("data-hx-get", "").split("/progress")[0] if running.poller is not None else ""
    session = place.tokens()
    typed = address_of("fast")
    form, form_to_edit = visitor.get("/"), visitor.get(f"/?from={path.rpartition('/')[2]}")
    clock.advance(10)

    with trouble.begin(place.site):
        fragment = visitor.poll(running)
        assert fragment.status == 503
        assert fragment.is_fragment
        assert fragment.text.startswith("The database cannot be reached right now")
        assert int(fragment.headers["Retry-After"]) > 0

        for before in (form_to_edit, form):
            refused = visitor.press(before, "Look up", **typed)
            assert refused.status == 503
            assert "The lookup cannot be saved right now" in refused.text_of("trouble")
            kept = refused.values(refused.form_with("Look up"))
            assert {name: kept[name] for name in typed} == typed
            assert kept["submit_key"] == before.values(before.form_with("Look up"))["submit_key"]
        form = visitor.press(refused, "Look up")
        assert form.status == 503
        assert form.values(form.form_with("Look up"))["submit_key"] == kept["submit_key"]

        without_script = visitor.get(f"{path}?refresh=1")
        assert (without_script.status, without_script.headers.get("Refresh")) == (503, "5")
        assert visitor.get(path).status == (200 if trouble.reading_works else 503)
        assert visitor.get("/").status == 200
        machine = place.site.app.test_client()
        with machine.get(_stylesheet(form.html)) as stylesheet:
            assert stylesheet.status_code == 200
        health = machine.get("/healthz")
        assert (health.status_code, health.text) == (
            (503, "degraded\n") if trouble.noticed else (200, "ok\nno worker\n")
        )
    assert upstream.sessions == 1, "nothing is bought that cannot be kept"

    assert machine.get("/healthz").text.startswith("ok\n")
    second = visitor.follow(visitor.press(form, "Look up", **typed))
    clock.advance(POLL_LEASE)
    # The browser still shows the fragment from before, which asks again by itself.
    assert "every 10s" in (running.poller.get("data-hx-trigger", "") if running.poller is not None else "")
    assert visitor.last(running).provider_names
    assert visitor.last(second).provider_names
    assert session.items() <= place.tokens().items(), "the same session, not a new one"
    assert upstream.sessions == 2


@each_trouble
def test_between_hums_answer_and_writing_it_the_token_is_lost_and_no_second_session_is_paid_for_unasked(
    place: Place, trouble: Trouble
) -> None:
    visitor, upstream = place.visitor, place.upstream
    visitor.last(visitor.look_up(**address_of("fast")))
    typed = address_of("normal")
    with ExitStack() as trouble_lasts:
        upstream.then = ("POST", lambda: trouble_lasts.enter_context(trouble.begin(place.site)))
        refused = visitor.press(visitor.get("/"), "Look up", **typed)
        assert refused.status == 503
        assert "The lookup cannot be saved right now" in refused.text_of("trouble")
        assert upstream.sessions == 2

    page = visitor.follow(visitor.press(refused, "Look up", **typed))
    assert page.poller is not None
    assert page.heading.startswith(typed["street1"])
    place.site.clock.advance(CREATE_LEASE)
    ended = visitor.poll(page)
    assert "we do not know whether Hum began it" in ended.text_of("outcome")
    assert upstream.sessions == 2
    assert len(place.tokens()) == 1

    asked = visitor.press(ended, "Look up again")
    assert (asked.status, upstream.sessions) == (422, 2)
    again = visitor.press(asked, "Look up", start_again="1")
    assert visitor.last(visitor.follow(again)).provider_names
    assert upstream.sessions == 3, "a decision, and it was said that it counts"


@each_trouble
def test_between_asking_and_writing_the_answer_it_is_asked_again_when_the_lease_has_ended(
    place: Place, trouble: Trouble
) -> None:
    visitor, upstream, clock = place.visitor, place.upstream, place.site.clock
    page = visitor.look_up(**address_of("normal"))
    session = place.tokens()
    clock.advance(5)
    with ExitStack() as trouble_lasts:
        upstream.then = ("GET", lambda: trouble_lasts.enter_context(trouble.begin(place.site)))
        assert visitor.poll(page).status == 503

    asked = upstream.asked.total()
    waiting = visitor.poll(page)
    assert waiting.status == 200
    assert waiting.poller is not None
    assert upstream.asked.total() == asked, "nobody knows yet that the answer got lost"
    clock.advance(POLL_LEASE)
    assert visitor.last(waiting).provider_names
    assert place.tokens() == session
    assert upstream.sessions == 1


def _stylesheet(html: str) -> str:
    return html.partition('rel="stylesheet" href="')[2].partition('"')[0]
