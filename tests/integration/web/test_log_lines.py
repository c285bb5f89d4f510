"""A lookup can be followed through the log: from the page to each call to Hum, and to its end."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.web.site import Site, open_site

pytestmark = pytest.mark.own_site


def lines(log_lines: io.StringIO, event: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    return [line for line in found if line["event"] == event]


def test_calls_name_the_request_and_the_lookup_and_its_end_is_one_line(log_lines: io.StringIO, site: Site) -> None:
    visitor = site.visitor(**{"X-Request-Id": "request-of-the-test"})
    page = visitor.look_up("fast")
    lookup_id = str(page.poller.get("data-hx-get", "") if page.poller is not None else "").split("/")[2]
    visitor.last(page)
    calls = lines(log_lines, "hum_call")
    assert [call["operation"] for call in calls] == ["create", "status", "internet"]
    assert {(call["request_id"], call["lookup"]) for call in calls} == {("request-of-the-test", lookup_id)}
    (ended,) = lines(log_lines, "lookup_ended")
    assert (ended["lookup"], ended["outcome"], ended["reason"]) == (lookup_id, "served", None)
    assert ended["request_id"] == "request-of-the-test"
    assert isinstance(ended["providers"], int)
    others = [line for line in lines(log_lines, "request") if "lookup" in line]
    assert others == [], "the lookup's name ends with what is about it"


@pytest.mark.parametrize(
    ("scenario", "outcome", "reason"), [("unauthorized", "refused", "not_authorized"), ("never", "still_unknown", None)]
)
def test_every_end_has_its_line(
    log_lines: io.StringIO, site: Site, scenario: str, outcome: str, reason: str | None
) -> None:
    visitor = site.visitor()
    page = visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up")
    if page.status == 303:
        visitor.last(visitor.follow(page))
    (ended,) = lines(log_lines, "lookup_ended")
    assert (ended["outcome"], ended["reason"]) == (outcome, reason)


def test_a_stopped_lookup_and_one_that_is_kept_checking_end_again(log_lines: io.StringIO, site: Site) -> None:
    visitor = site.visitor()
    page = visitor.last(visitor.look_up("never"))
    page = visitor.follow(visitor.press(page, "Keep checking"))
    visitor.follow(visitor.press(page, "Stop"))
    assert [line["outcome"] for line in lines(log_lines, "lookup_ended")] == ["still_unknown", "stopped"]


@pytest.fixture
def strict(log_lines: io.StringIO, tmp_path: Path) -> Iterator[Site]:
    opened = open_site(tmp_path, LOOKUPS_PER_MINUTE="1")
    yield opened
    opened.close()


def test_what_was_refused_and_which_limit_was_reached_is_told(log_lines: io.StringIO, strict: Site) -> None:
    visitor = strict.visitor()
    form = visitor.get("/")
    sent = form.values(form.form_with("Look up")) | {"street1": "1001 Woodward Ave", "zip": "48226"}
    assert visitor.post("/lookups", sent, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert visitor.post("/lookups", sent | {"csrf_token": "of another"}).status == 422
    assert visitor.post("/lookups", sent).status == 303
    again = visitor.get("/")
    assert visitor.press(again, "Look up", street1="500 Woodward Ave", zip="48226").status == 429
    told = [(line["why"], line["route"], line["who"]) for line in lines(log_lines, "refused")]
    assert told == [("FromAnotherSite", "lookups.create", None), ("FromAnOlderSession", "lookups.create", None)]
    (limit,) = lines(log_lines, "limit_reached")
    assert limit["limit"] == "viewer, a minute"
    (refused,) = [line for line in lines(log_lines, "request") if line["status"] == 429]
    assert limit["request_id"] == refused["request_id"]
    assert "Woodward" not in log_lines.getvalue()
