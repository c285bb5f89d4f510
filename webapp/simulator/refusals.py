"""The one exception of the simulator: a call that ends in an error answer."""

from __future__ import annotations

from webapp.simulator.catalog import Json


class Refusal(Exception):
    """End the call with an error answer. `reset` (epoch seconds) overrides the rate-limit headers: nothing left until
    then.
    """

    def __init__(
        self,
        status: int,
        *,
        message: str | None = None,
        errors: Json | None = None,
        token: str | None = None,
        reset: int | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.message = message
        self.errors = errors
        self.token = token
        self.reset = reset
