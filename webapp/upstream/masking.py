"""Secrets out: by the name of a key, at any depth, and by value wherever a known secret is repeated. Also makes JSON
storable.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from webapp.upstream.give_way import GiveWay, keep_on

HIDDEN = "[hidden]"
DEEPEST = 40
DEEPEST_LIST_OF_PROVIDERS = 3
SHORTEST_HIDDEN_ANYWHERE, SHORTEST_FOUND_SECRET = 6, 16
"""Characters. A shorter secret of our own is hidden where it stands by itself: inside longer words it is chance, and
tells nothing.
"""
MOST_SECRETS = 128
LARGEST_INTEGER = 10**18

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
    found: set[str] = set()
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting and len(found) < MOST_SECRETS:
        container, depth = waiting.pop()
        if depth > DEEPEST:
            continue
        if isinstance(container, Mapping):
            for key, item in container.items():
                if not isinstance(item, str):
                    waiting.append((item, depth + 1))
                elif len(item) >= SHORTEST_FOUND_SECRET and is_secret(str(key)):
                    found.add(item)
        elif isinstance(container, list | tuple):
            waiting.extend((item, depth + 1) for item in container if isinstance(item, Mapping | list | tuple))
    return frozenset(islice(found, MOST_SECRETS))


@dataclass(frozen=True, slots=True)
class Masked:
    """A JSON value in its two safe forms, which share every part that holds no secret: change neither.

    Both are storable: no known secret, no NUL, no lone surrogate, not too deep. In `kept` the keys of secrets are
    dropped; in `shown` they stay, with the first letters of the secret.
    """

    kept: object
    shown: object


class Mask:
    """Hides a fixed set of secret values, and whatever stands under a secret's name.

    `give_way` is called after each entry of a list near the top of a value: a provider, not a plan.
    """

    def __init__(self, secrets: Iterable[str | None], give_way: GiveWay = keep_on) -> None:
        self._give_way = give_way
        self._secrets = sorted({secret for secret in secrets if secret}, key=len)
        self._lengths = [len(secret) for secret in self._secrets]
        self._shortest = min(self._lengths, default=math.inf)
        self._names: dict[object, str] = {}
        """The keys met so far: the same few stand in every entry of a list."""

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
        if not text.isascii() or "\0" in text:
            text = storable(text)
        # Most texts of an answer are shorter than any secret.
        return text if len(text) < self._shortest else self.text(text)

    def raw_text(self, text: str) -> str:
        """Like `text`, for bodies that are not JSON: what follows a secret's name (as in a JSON body that was cut) goes
        too.
        """
        named = islice(
            (pair[2] for pair in _SECRET_PAIR.finditer(text) if len(pair[2]) >= SHORTEST_FOUND_SECRET), MOST_SECRETS
        )
        return _SECRET_PAIR.sub(lambda pair: f"{pair[1]}{HIDDEN}", Mask({*self._secrets, *named}).text(text))

    def masked(self, value: object) -> Masked:
        """Both forms of a JSON value, made in one walk."""
        return Masked(*self._masked(value, 0))

    def without_secrets(self, value: object) -> object:
        """The form of a JSON value that may be stored; see `Masked.kept`."""
        return self._masked(value, 0)[0]

    def _masked(self, value: object, depth: int) -> tuple[object, object]:
        if depth <= DEEPEST:
            if isinstance(value, Mapping):
                return self._masked_object(value, depth)
            if isinstance(value, list | tuple):
                return self._masked_list(value, depth)
        leaf = self._storable_text(value) if isinstance(value, str) else _storable_number(value)
        return leaf, leaf

    def _masked_object(self, value: Mapping[object, object], depth: int) -> tuple[object, object]:
        kept: dict[str, object] = {}
        shown: dict[str, object] = {}
        differ = False
        for key, item in value.items():
            name = self._names.get(key)
            if name is None:
                name = self._names[key] = self._storable_text(str(key))
            if is_secret(name):
                shown[name] = _hidden(item)
                differ = True
                continue
            # An answer has thousands of plain values: to call a function for each would be most of the work of a poll.
            is_plain = item is None
            if isinstance(item, int):
                is_plain = -LARGEST_INTEGER < item < LARGEST_INTEGER
            elif isinstance(item, str) and item.isascii() and "\0" not in item:
                is_plain = not [secret for secret in self._secrets if secret in item]
            if is_plain:
                kept[name] = shown[name] = item
            else:
                kept[name], shown[name] = self._masked(item, depth + 1)
                differ = differ or kept[name] is not shown[name]
        return kept, shown if differ else kept

    def _masked_list(self, value: Sequence[object], depth: int) -> tuple[object, object]:
        pairs = []
        for item in value:
            pairs.append(self._masked(item, depth + 1))
            if depth <= DEEPEST_LIST_OF_PROVIDERS:
                self._give_way()
        kept = [safe for safe, _ in pairs]
        if all(safe is visible for safe, visible in pairs):
            return kept, kept
        return kept, [visible for _, visible in pairs]


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
        return value if abs(value) < LARGEST_INTEGER else None
    if isinstance(value, float):
        return value if value - value == 0 else None
    return None
