"""What holds for every call: keys, content types, error shapes, session life, rate limit, counting."""

from __future__ import annotations

import json
import math
import re

import pytest

from webapp.simulator import create_app

HALF_AN_HOUR = 30 * 60
DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")
RATE_HEADERS = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def is_shape_a(answer):
    body = answer.json
    return (
        body.keys() == {"message", "request_status", "meta"}
        and body["request_status"] == "error"
        and "session_token" not in body["meta"]
    )


class TestKey:
    @pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong-key", "Basic a2V5", "key-of-the-tests"])
    def test_calls_without_a_good_key_are_refused_without_naming_the_session(self, caller, header):
        answer = caller.call("GET", f"/sessions/{caller.token()}", headers={"Authorization": header})
        assert answer.status_code == 401
        assert is_shape_a(answer)
        assert "session_token" not in answer.headers

    def test_one_key_can_be_asked_for(self, caller, clock):
        web = create_app(clock=clock, api_key="the-one").test_client()
        answers = [
            web.get("/ping", headers={"Authorization": f"Bearer {key}"}).status_code
            for key in ("the-one", "another", "thé-one")
        ]
        assert answers == [200, 401, 401]

    def test_ping_needs_no_key_but_checks_one(self, caller):
        assert caller.web.get("/ping").status_code == 200
        assert caller.web.get("/ping", headers={"Authorization": "Bearer any"}).status_code == 200
        assert caller.web.get("/ping", headers={"Authorization": "Bearer wrong-key"}).status_code == 401


class TestContentType:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "/sessions"), ("GET", "/sessions/{}"), ("DELETE", "/sessions/{}"), ("GET", "/ping")],
    )
    def test_another_content_type_is_refused_in_hums_words(self, caller, method, path):
        answer = caller.call(method, path.format(caller.token()), headers={"Content-Type": "foo/bar"})
        assert answer.status_code == 406
        assert answer.json["message"].startswith("The content type 'foo/bar' is not supported.")
        assert "session_token" not in answer.headers

    def test_a_create_call_must_name_it_other_calls_may_leave_it_out(self, caller):
        key = {"Authorization": "Bearer k"}
        assert caller.web.post("/sessions", data=b"{}", headers=key).status_code == 406
        assert caller.web.get(f"/sessions/{caller.token()}", headers=key).status_code == 202

    def test_a_charset_is_no_other_content_type(self, caller):
        assert caller.create(headers={"Content-Type": "application/json; charset=utf-8"}).status_code == 201


class TestBody:
    @pytest.mark.parametrize("body", ["", "{", '{"street1": NaN}', "\xff", "[" * 50_000])
    def test_what_is_not_json_is_a_bad_request(self, caller, body):
        answer = caller.call("POST", "/sessions", data=body.encode("latin-1"))
        assert answer.status_code == 400
        assert is_shape_a(answer)

    @pytest.mark.parametrize("body", ["[]", "null", '"1001 Woodward Ave"', "7"])
    def test_what_is_no_object_is_a_bad_request(self, caller, body):
        assert caller.call("POST", "/sessions", data=body).status_code == 400

    def test_a_body_beyond_64_kb_is_refused(self, caller):
        answer = caller.create(street1="x" * 70_000, zip="48226")
        assert answer.status_code == 413
        assert is_shape_a(answer)


class TestAnswers:
    def test_created_names_the_token_in_data_meta_and_header(self, caller):
        answer = caller.create(
            street1="29090 Tiffany Drive E", city="Southfield", state="MI", zip="48034", latitude=42.5, campaign_id="c1"
        )
        assert answer.status_code == 201
        assert answer.json["message"] == "Session created successfully."
        assert (
            answer.json["data"]["session_token"]
            == answer.json["meta"]["session_token"]
            == answer.headers["session_token"]
        )
        assert answer.json["meta"]["session_params"] == {
            "street1": "29090 Tiffany Drive E",
            "city": "Southfield",
            "state": "MI",
            "zip": "48034",
            "latitude": 42.5,
            "campaign_id": "c1",
        }

    def test_two_sessions_for_one_address_at_one_moment_are_two(self, caller):
        assert caller.token() != caller.token()

    def test_dates_are_in_utc_with_milliseconds_and_updated_at_follows_the_agents(self, caller):
        token = caller.token("fast")
        caller.clock.advance(10)
        meta = caller.status(token).json["meta"]
        assert all(DATE.fullmatch(meta[name]) for name in ("created_at", "updated_at", "responded_at"))
        assert (meta["created_at"][-10:], meta["updated_at"][-10:], meta["responded_at"][-10:]) == (
            "13:20.123Z",
            "13:24.123Z",
            "13:30.123Z",
        )

    def test_ping_has_a_timestamp_and_no_meta(self, caller):
        body = caller.call("GET", "/ping").json
        assert body.keys() == {"message", "request_status", "data", "timestamp"}
        assert DATE.fullmatch(body["timestamp"])

    @pytest.mark.parametrize(
        ("method", "path", "code"), [("GET", "/nowhere", 404), ("PUT", "/sessions", 405), ("GET", "/sessions//x", 404)]
    )
    def test_unknown_paths_and_methods_answer_in_json_too(self, caller, method, path, code):
        answer = caller.call(method, path)
        assert answer.status_code == code
        assert is_shape_a(answer)

    def test_a_wrong_method_learns_the_right_ones(self, caller):
        assert set(caller.call("PATCH", "/sessions/abc").headers["Allow"].split(", ")) == {"DELETE", "GET", "HEAD"}

    def test_the_agents_named_in_sync_run_inside_the_create_call(self, caller):
        before = caller.clock.now
        geocoded = caller.create(street1="1001 Woodward Ave", zip="48226", sync=["geocode"]).json["meta"]
        assert geocoded["agent_status"] == {"geocoding": "matched", "internet": "pending", "checkout": "pending"}
        assert caller.clock.now - before == pytest.approx(1.2)
        searched = caller.create("fast", street1="1001 Woodward Ave", zip="48226", sync=["geocode", "internet"]).json[
            "meta"
        ]
        assert searched["agent_status"]["internet"] == "matched"


class TestSessionLife:
    def test_closing_answers_an_empty_object_that_still_says_open(self, caller):
        answer = caller.close(caller.token())
        assert answer.status_code == 200
        assert answer.json["data"] == {}
        assert answer.json["meta"]["session_status"] == "open"

    def test_after_closing_every_call_says_gone(self, caller):
        token = caller.token()
        caller.close(token)
        for answer in (caller.status(token), caller.internet(token), caller.close(token)):
            assert answer.status_code == 410
            assert is_shape_a(answer)
            assert answer.headers["session_token"] == token

    def test_half_an_hour_without_use_ends_a_session(self, caller):
        token = caller.token()
        caller.clock.advance(HALF_AN_HOUR)
        assert caller.status(token).status_code == 410

    def test_use_begins_the_half_hour_again(self, caller):
        token = caller.token()
        for _ in range(3):
            caller.clock.advance(HALF_AN_HOUR - 1)
            assert caller.status(token).status_code == 200

    @pytest.mark.parametrize("token", ["XqCmeTVgYXrbWrZFZEymkD", "short", "a" * 128, "a" * 1_000, "%E2%82%AC", "..%2e"])
    def test_a_token_that_was_not_issued_is_not_found(self, caller, token):
        answer = caller.status(token)
        assert answer.status_code == 404
        assert is_shape_a(answer)

    def test_a_blank_token_is_missing(self, caller):
        answer = caller.status("%20")
        assert (answer.status_code, answer.json["message"]) == (400, "Missing session token")

    def test_any_process_with_the_secret_answers_and_no_other(self, caller, clock):
        token, key = caller.token(), {"Authorization": "Bearer k"}
        sibling, stranger = (
            create_app(clock=clock).test_client(),
            create_app(clock=clock, secret=b"other").test_client(),
        )
        assert sibling.get(f"/sessions/{token}", headers=key).status_code == 202
        assert stranger.get(f"/sessions/{token}", headers=key).status_code == 404


class TestRateLimit:
    @pytest.fixture
    def web(self, clock):
        return create_app(clock=clock, rate_limit=3, rate_window=60).test_client()

    def ping(self, web, key="k"):
        return web.get("/ping", headers={"Authorization": f"Bearer {key}"})

    def test_every_answer_says_what_is_left(self, web, clock):
        left = [self.ping(web).headers["X-RateLimit-Remaining"] for _ in range(3)]
        assert left == ["2", "1", "0"]
        assert self.ping(web).headers["X-RateLimit-Reset"] == str(math.ceil(clock.now + 60))

    def test_past_the_limit_calls_are_refused_until_the_reset(self, web, clock):
        for _ in range(3):
            assert self.ping(web).status_code == 200
        refused = self.ping(web)
        assert refused.status_code == 429
        assert is_shape_a(refused)
        clock.now = float(refused.headers["X-RateLimit-Reset"])
        assert self.ping(web).status_code == 200

    def test_each_key_has_its_own(self, web):
        for _ in range(4):
            self.ping(web)
        assert self.ping(web, "other").status_code == 200

    @pytest.mark.parametrize("path", ["/ping", "/sessions/unknown-token", "/nowhere", "/coverage"])
    def test_errors_carry_the_headers_too(self, caller, path):
        assert set(caller.call("GET", path).headers.keys()) >= RATE_HEADERS
        assert set(caller.web.get(path, headers={"Authorization": "Bearer wrong-key"}).headers.keys()) >= RATE_HEADERS


class TestCounting:
    def test_calls_are_counted_by_operation_even_when_refused(self, app, caller):
        token = caller.token()
        caller.create(street1="")
        caller.status(token)
        caller.internet(token)
        caller.close(token)
        caller.call("GET", "/ping", headers={"Authorization": "Bearer wrong-key"})
        assert app.extensions["simulator"].counts() == {"create": 2, "status": 1, "internet": 1, "close": 1, "ping": 1}

    def test_counting_can_begin_again(self, app, caller):
        caller.call("GET", "/ping")
        app.extensions["simulator"].reset()
        assert app.extensions["simulator"].counts() == {}


def test_the_description_is_served_to_everyone(caller):
    answer = caller.web.get("/openapi.json")
    assert answer.status_code == 200
    assert "/sessions/{token}/services/internet" in json.loads(answer.text)["paths"]
