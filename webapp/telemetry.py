"""Structured logs: one JSON line an event on standard output, with the request's id. Never streets, keys or tokens."""

from __future__ import annotations

import contextlib
import logging
import sys
from contextlib import AbstractContextManager
from typing import TextIO, cast

import structlog

from webapp.upstream.call import Call

log = structlog.get_logger("hum-isp-lookup")


class _Output:
    """A stream that may be closed or full: then the log line is lost, but the request goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Writes what can be written."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Hands on what can be handed on."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def configure_logging(level: str) -> None:
    """Sends our events as JSON lines to standard output; values are escaped by JSON, so no text can forge a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Output(sys.stdout))),
        cache_logger_on_first_use=False,
    )


def place_of(error: BaseException) -> str:
    """Where an exception was raised, as the innermost `file:line` pairs. Its text may hold what a person typed, and is
    never logged.
    """
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(frames[-6:])


def without_request_text(record: logging.LogRecord) -> bool:
    """A filter for gunicorn's error log: keeps what a request says out of it, since a URL or a header can hold an
    address.
    """
    text, error = str(record.msg), sys.exc_info()[1]
    kind = type(error).__name__
    if text.startswith("Invalid request from"):
        record.msg, record.args = f"A request could not be read: {kind}", ()
    elif text.startswith("Error handling") and error is not None:
        record.msg, record.args, record.exc_info = f"A request failed: {kind} at {place_of(error)}", (), None
    return True


def about_lookup(lookup_id: str) -> AbstractContextManager[None]:
    """Every log line of what happens inside names the lookup, those of its calls to Hum among them."""
    return structlog.contextvars.bound_contextvars(lookup=lookup_id)


def log_call(call: Call, event: str = "hum_call") -> None:
    """Observer of every exchange with a vendor: what was asked and how it went, without headers and bodies. `event`
    names the vendor.
    """
    facts = {
        "operation": call.operation,
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "ms": round(call.milliseconds, 1),
    }
    if call.error or (call.status or 500) >= 500:
        log.warning(event, **facts, error=call.error)
    else:
        log.info(event, **facts)
