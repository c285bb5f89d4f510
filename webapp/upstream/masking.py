"""Secrets out: by the name of a key, at any depth, and by value wherever a known secret is repeated. Also makes JSON
storable.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice

HIDDEN = "[hidden]"
DEEPEST = 40
SHORTEST_HIDDEN_ANYWHERE, SHORTEST_FOUND_SECRET = 6, 16
"""Characters. A shorter secret of our own is hidden where it stands by itself: inside longer words it is chance, and
tells nothing.
"""
MOST_SECRETS = 128

_SECRET_ENDINGS = ("token", "secret", "password", "authorization", "apikey")
_SECRET_PAIR = re.compile(
    r'("[^"\\]{0,100}(?:token|secret|password|authorization|api[_-]?key)"\s*:\s*")((?:[^"\\]|\\.)*)', re.IGNORECASE
)


@lru_cache(maxsize=2_000)
def is_secret(key: str) -> bool:
    """Whether a key of this name holds a secret (`security_token`, `session_token`, `api_key` ...)."""
    return key[-100:].lower().replace("_", "").replace("-", "").endswith(_SECRET_ENDINGS)


def hint(secret: str) -> str:
    """Enough of a secret to tell two apart, too little to use it."""
    return f"{secret[:4]}…" if len(secret) >= SHORTEST_FOUND_SECRET else HIDDEN


def secrets_in(value: object) -> frozenset[str]:
    """The texts held under a secret's name, at any depth; the first 128 of them, since each costs time in every text
    that is masked.

    Short ones are no secrets, and hiding them would garble other texts.
    """
    return frozenset(islice(_named_secrets(value, 0), MOST_SECRETS))


def _named_secrets(value: object, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(item, str):
                yield from _named_secrets(item, depth + 1)
            elif len(item) >= SHORTEST_FOUND_SECRET and is_secret(str(key)):
                yield item
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _named_secrets(item, depth + 1)


class Mask:
    """Hides a fixed set of secret values, and whatever stands under a secret's name."""

    def __init__(self, secrets: Iterable[str | None]) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len)
        self._lengths = [len(secret) for secret in self._secrets]
        self._shortest = min(self._lengths, default=math.inf)

    def text(self, text: str) -> str:
        """The text with each known secret hidden, the longest first."""
        for secret in reversed(self._secrets[: bisect_right(self._lengths, len(text))]):
            if secret not in text:
                continue
            text = (
                text.replace(secret, HIDDEN) if len(secret) >= SHORTEST_HIDDEN_ANYWHERE else _without_word(text, secret)
            )
        return text

    def _storable_text(self, text: str) -> str:
        """Most texts of an answer are shorter than any secret, and plain: they stay what they are."""
        if len(text) < self._shortest and text.isascii() and "\0" not in text:
            return text
        return self.text(storable(text))

    def raw_text(self, text: str) -> str:
        """Like `text`, for bodies that are not JSON: what follows a secret's name (as in a JSON body that was cut) goes
        too.
        """
        named = islice(
            (pair[2] for pair in _SECRET_PAIR.finditer(text) if len(pair[2]) >= SHORTEST_FOUND_SECRET), MOST_SECRETS
        )
        return _SECRET_PAIR.sub(lambda pair: f"{pair[1]}{HIDDEN}", Mask({*self._secrets, *named}).text(text))

    def without_secrets(self, value: object) -> object:
        """A JSON value that may be stored: keys of secrets dropped, known secrets hidden, no NUL, no lone surrogate,
        not too deep.
        """
        return self._rebuilt(value, 0, drop=True)

    def with_hints(self, value: object) -> object:
        """A JSON value that may be shown: like `without_secrets`, but the keys stay, with the first letters of the
        secret.
        """
        return self._rebuilt(value, 0, drop=False)

    def _rebuilt(self, value: object, depth: int, *, drop: bool) -> object:
        if isinstance(value, str):
            return self._storable_text(value)
        if isinstance(value, Mapping) and depth <= DEEPEST:
            rebuilt: dict[str, object] = {}
            for key, item in value.items():
                name = self._storable_text(str(key))
                if not is_secret(name):
                    rebuilt[name] = self._rebuilt(item, depth + 1, drop=drop)
                elif not drop:
                    rebuilt[name] = _hidden(item)
            return rebuilt
        if isinstance(value, list | tuple) and depth <= DEEPEST:
            return [self._rebuilt(item, depth + 1, drop=drop) for item in value]
        return _storable_number(value)


def _without_word(text: str, secret: str) -> str:
    return re.sub(rf"(?<![A-Za-z0-9_-]){re.escape(secret)}(?![A-Za-z0-9_-])", HIDDEN, text)


def storable(text: str) -> str:
    """The text as any database and any UTF-8 file takes it."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "")


def _hidden(value: object) -> object:
    if isinstance(value, str):
        return hint(storable(value)) if value else value
    return value if value is None or isinstance(value, bool) else HIDDEN


def _storable_number(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**18 else None
    if isinstance(value, float):
        return value if value - value == 0 else None
    return None
