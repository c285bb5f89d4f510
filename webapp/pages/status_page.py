"""What the operator's status page draws: Hum's answer to a ping in words, and the versions that are installed. Pure."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from webapp.health.service import CRITICAL_MS, EXPECTED_MS, WARNING_MS, Health
from webapp.health.store import Pinged
from webapp.tracing.client import Cause
from webapp.tracing.store import TraceSummary

PACKAGES = ("flask", "requests", "sqlalchemy", "gunicorn")


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line of the status: `tone` picks icon and color."""

    name: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The status at a moment in epoch seconds. `has_worker` is None where the database does not tell, `traces`
    where none are sent.
    """

    health: Health
    now: float
    has_worker: bool | None
    traces: TraceSummary | None = None

    @property
    def traces_line(self) -> StatusLine | None:
        """Whether traces arrive; None where none are sent."""
        if self.traces is None:
            return None
        return traces_line(self.traces)

    @property
    def grades(self) -> tuple[StatusLine, ...]:
        """API, key and response time; nothing before the first ping was answered."""
        if self.health.pinged is None:
            return ()
        return grades(self.health.pinged)

    @property
    def worker(self) -> StatusLine:
        """Whether a worker was alive in the last minute, and what waits for one."""
        if self.has_worker is None:
            return StatusLine("Worker", "warn", "Not known: the database did not answer.")
        if self.has_worker:
            return StatusLine("Worker", "good", "A worker was alive in the last minute.")
        return StatusLine(
            "Worker",
            "warn",
            "None was alive in the last minute. Batches wait for one, lookups that nobody watches are not finished and "
            "old ones not deleted. Start it with: python -m webapp.worker",
        )

    @property
    def age(self) -> float:
        """Seconds since Hum was asked."""
        if self.health.pinged is None:
            return 0.0
        return max(0.0, self.now - self.health.pinged.asked_at)

    @property
    def versions(self) -> dict[str, str]:
        """Name -> version; the app itself says `checkout` where it is not installed as a package."""
        found = {"Hum ISP Lookup": _version("hum-isp-lookup", "checkout"), "Python": platform.python_version()}
        for package in PACKAGES:
            found[package] = _version(package, "not installed")
        return found


def grades(pinged: Pinged) -> tuple[StatusLine, ...]:
    """API, key and response time."""
    if not pinged.answers:
        return (StatusLine("API", "bad", "Hum does not answer."),)
    api = StatusLine("API", "good", "Hum is responding.")
    key = _key(pinged.key_accepted)
    if pinged.key_accepted is None or pinged.milliseconds is None:
        return (api, key)
    return (api, key, _response_time(pinged.milliseconds))


_TRACE_ERRORS = {
    Cause.KEY: "HoneyHive does not accept the key (HONEYHIVE_API_KEY).",
    Cause.RATE_LIMIT: "HoneyHive is receiving too many requests from us.",
    Cause.REFUSED: "HoneyHive refuses some of them.",
    Cause.OTHER_SESSION: "HoneyHive gives them other ids than ours.",
}


def traces_line(traces: TraceSummary) -> StatusLine:
    """How many wait, and why."""
    if traces.error is not None:
        told = _TRACE_ERRORS.get(Cause(traces.error), "HoneyHive does not answer as it should.")
        return StatusLine("Traces", "bad", f"{traces.waiting:,} waiting. {told} They are tried again for a day.")
    if traces.waiting:
        return StatusLine("Traces", "good", f"{traces.waiting:,} waiting for the worker.")
    return StatusLine("Traces", "good", "None is waiting.")


def _key(accepted: bool | None) -> StatusLine:
    if accepted is None:
        return StatusLine("Key", "warn", "Not known: Hum is receiving too many requests from us.")
    if accepted:
        return StatusLine("Key", "good", "The key is accepted.")
    return StatusLine("Key", "bad", "Hum does not accept the key.")


def _response_time(milliseconds: int) -> StatusLine:
    took = f"{milliseconds:,} ms"
    if milliseconds > CRITICAL_MS:
        return StatusLine("Response time", "bad", f"{took}: critical, above {CRITICAL_MS:,} ms.")
    if milliseconds > WARNING_MS:
        return StatusLine("Response time", "warn", f"{took}: slow, above {WARNING_MS} ms.")
    if milliseconds > EXPECTED_MS:
        return StatusLine(
            "Response time",
            "good",
            f"{took}: slower than the {EXPECTED_MS} ms that Hum expects, but no cause for alarm.",
        )
    return StatusLine("Response time", "good", f"{took}: as Hum expects, at most {EXPECTED_MS} ms.")


def _version(package: str, missing: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return missing
