"""Signatures that hold a time, taken from a clock that all machines share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from itsdangerous import TimestampSigner


class ClockSigner(TimestampSigner):
    """Signs with the time of `clock`, in epoch seconds, instead of this machine's."""

    def __init__(self, *keys: Any, clock: Callable[[], float], **options: Any) -> None:
        super().__init__(*keys, **options)
        self._clock = clock

    def get_timestamp(self) -> int:
        """The time that a signature holds."""
        return int(self._clock())
