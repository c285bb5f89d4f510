"""The fault catalog, as data: one broken answer each, forever. Chosen like a scenario; `timing` decides when it
begins.

House numbers on Scenario Way from 930; a number is stored in tokens and is never reused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from webapp.simulator.faults import AnswerFault, broken_bodies, connections, odd_values, statuses
from webapp.simulator.scenario import Scenario

PREFIX = "fault-"
_MATCHED_AT = 0.2


def _fault(number: int, name: str, line: str, answer_fault: AnswerFault, *, before_http: bool = False) -> Scenario:
    """Its address is matched so early that a client knows it before the fault begins."""
    title = name.replace("-", " ").capitalize()
    return Scenario(
        number,
        PREFIX + name,
        title,
        line,
        geocoded_at=_MATCHED_AT,
        answer_fault=answer_fault,
        before_http=before_http,
    )


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Faults of one kind, for the documentation."""

    title: str
    faults: tuple[Scenario, ...]


GROUPS = (
    FaultGroup(
        "Before HTTP",
        (
            _fault(29, "refused", "The connection is refused.", connections.unreachable(), before_http=True),
            _fault(30, "no-such-host", "The host name has no address.", connections.unreachable(), before_http=True),
            _fault(31, "tls", "The TLS handshake fails.", connections.unreachable(certificate=True), before_http=True),
        ),
    ),
    FaultGroup(
        "Slow or silent",
        (
            _fault(32, "slow-headers", "A header line every tenth of a second.", connections.slow_headers),
            _fault(33, "slow-body", "A byte of the body every tenth of a second.", connections.slow_body),
            _fault(34, "slow-chunks", "A chunk of one byte every tenth of a second.", connections.slow_chunks),
            _fault(35, "interim", "100 Continue again and again, but never the answer.", connections.interim_answers),
            _fault(36, "hang", "Not one byte.", connections.silence),
            _fault(37, "hang-in-body", "Half of the answer, then nothing more.", connections.silence_in_body),
        ),
    ),
    FaultGroup(
        "Broken connections",
        (
            _fault(38, "reset", "The connection is reset.", connections.reset),
            _fault(39, "closed", "The connection is closed without an answer.", connections.closed),
            _fault(40, "cut", "The connection is closed in the middle of the answer.", connections.cut),
            _fault(41, "bad-chunks", "A chunk size that is not a number.", connections.bad_chunks),
            _fault(42, "not-http", "Bytes that are not HTTP.", connections.no_http),
            _fault(43, "two-lengths", "Two Content-Length headers that disagree.", connections.two_lengths),
            _fault(44, "many-headers", "300 headers too many.", connections.many_headers),
            _fault(45, "long-header", "A header of 100 kB.", connections.long_header),
            _fault(46, "doubled-headers", "Every header twice.", odd_values.doubled_headers),
        ),
    ),
    FaultGroup(
        "Statuses",
        (
            _fault(47, "401", "401, as for a key that was revoked.", statuses.refused(401)),
            _fault(48, "403", "403.", statuses.refused(403)),
            _fault(49, "404", "404: the session is not known.", statuses.refused(404)),
            _fault(50, "410", "410: the session has ended.", statuses.refused(410)),
            _fault(51, "500", "500.", statuses.refused(500)),
            _fault(52, "502", "502 with a gateway's page, which repeats the API key.", statuses.gateway_page(502)),
            _fault(53, "503", "503 with Retry-After.", statuses.busy),
            _fault(54, "504", "504 with a gateway's page.", statuses.gateway_page(504)),
            _fault(55, "204", "204, which has no body.", statuses.nothing),
            _fault(56, "redirect", "302 to another host.", statuses.redirect),
            _fault(57, "202", "202: every agent pending, forever.", odd_values.accepted),
            _fault(89, "400", "400.", statuses.refused(400)),
            _fault(90, "406", "406, although the content type is right.", statuses.unsupported),
            _fault(91, "422", "422 with errors.", statuses.unprocessable),
            _fault(58, "flapping", "Every other two seconds, nothing is matched anymore.", odd_values.flapping),
        ),
    ),
    FaultGroup(
        "Rate limits",
        (
            _fault(59, "429-reset", "429 with a reset 5 seconds ahead, each time.", statuses.limited_until_reset),
            _fault(60, "429-past", "429 with a reset a minute ago.", statuses.limited_until_past),
            _fault(61, "429-far", "429 with a reset tomorrow.", statuses.limited_until_tomorrow),
            _fault(62, "429-garbage", "429 with a reset that is not a time.", statuses.limited_until_garbage),
            _fault(63, "429-no-reset", "429 without a reset.", statuses.limited_without_reset),
            _fault(64, "429-retry-after", "429 with Retry-After, 5 seconds.", statuses.limited_with_retry_after),
        ),
    ),
    FaultGroup(
        "Bodies",
        (
            _fault(65, "html", "200 with a page to sign in, which repeats the API key.", statuses.page_with_200),
            _fault(66, "empty", "An empty body.", broken_bodies.empty),
            _fault(67, "truncated", "JSON that ends in the middle, its length right.", broken_bodies.truncated),
            _fault(68, "array", "A list where the object should be.", broken_bodies.in_a_list),
            _fault(69, "deep", "A list in a list, 100,000 deep.", broken_bodies.too_deep),
            _fault(70, "bom", "A byte order mark before the JSON.", broken_bodies.with_mark),
            _fault(71, "utf-16", "JSON in UTF-16.", broken_bodies.in_utf_16),
            _fault(72, "latin-1", "Texts in Latin-1.", odd_values.latin_1),
            _fault(73, "gzip-bomb", "400 kB of gzip that would unpack to 400 MB.", broken_bodies.gzip_bomb),
            _fault(74, "ten-megabytes", "A body of 10 MB, its length not announced.", broken_bodies.ten_megabytes),
            _fault(75, "many-plans", "500 providers of 60 plans each, 25 MB.", broken_bodies.many_plans),
            _fault(
                76,
                "many-lean-plans",
                "500 providers of 60 plans each, in just over 1 MB.",
                broken_bodies.many_lean_plans,
            ),
        ),
    ),
    FaultGroup(
        "Values",
        (
            _fault(77, "wrong-types", "Every value of another type than documented.", odd_values.wrong_kinds),
            _fault(78, "nan", "NaN for every number.", odd_values.not_numbers),
            _fault(79, "huge-numbers", "Numbers of 5,000 digits.", broken_bodies.huge_numbers),
            _fault(80, "unknown-words", "Unknown words for statuses and technologies.", odd_values.unknown_words),
            _fault(81, "markup", "A script in every text.", odd_values.markup),
            _fault(82, "surrogates", "Half a surrogate pair in every text.", odd_values.lone_surrogates),
            _fault(83, "nul", "NUL in every text.", odd_values.nul),
            _fault(84, "bidi", "Characters in every text that turn its direction.", odd_values.bidi),
            _fault(85, "other-session", "Answers about another session.", odd_values.another_session),
            _fault(86, "clock-ahead", "Dates and resets by a clock an hour ahead.", odd_values.clock_ahead),
            _fault(87, "clock-behind", "Dates and resets by a clock an hour behind.", odd_values.clock_behind),
            _fault(88, "unreadable-list", "Entries that are not providers.", odd_values.unreadable_list),
        ),
    ),
)


def _by_key() -> Mapping[str, Scenario]:
    faults = {}
    for group in GROUPS:
        for fault in group.faults:
            faults[fault.key] = fault
    return MappingProxyType(faults)


FAULTS = _by_key()
