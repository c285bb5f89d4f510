"""One exchange with Hum as observers see it: the API console, metrics, logs and traces all live on this record. No
secrets in it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

MAX_BODY_CHARACTERS = 256 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange, masked. `path` is the template, never a real path with a token in it.

    `started_at` is in epoch seconds, `size` the bytes of the answer's body as received (0 without an answer), `error`
    one short word (an `errors.Reason`) when no usable HTTP answer came. Bodies are texts with secrets masked, at most
    256 kB long.
    """

    operation: str
    method: str
    path: str
    status: int | None
    started_at: float
    milliseconds: int
    request_headers: Mapping[str, str]
    request_body: str | None
    response_headers: Mapping[str, str]
    response_body: str
    size: int
    error: str | None


Observer = Callable[[Call], None]


def tell(observers: Iterable[Observer], call: Call) -> None:
    """Hands the call to every observer; one that raises is logged and never breaks the call itself."""
    for observer in observers:
        try:
            observer(call)
        except Exception:
            log.warning("an observer of Hum calls failed", exc_info=True)
