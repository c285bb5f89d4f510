"""Signatures that hold a time, taken from a clock that all machines share."""

from __future__ import annotations

from collections.abc import Callable

from itsdangerous import TimestampSigner


def signer_on(clock: Callable[[], float]) -> type[TimestampSigner]:
    """A signer that signs with the time of `clock`, in epoch seconds, instead of this machine's."""

    class ClockSigner(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(clock())

    return ClockSigner
