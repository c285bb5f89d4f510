"""One exchange with a vendor as everything else sees it, and the masking that takes secrets out of it first.

The API console, metrics and logs all live on this record.

It holds no secrets: headers come by an allow-list, bodies masked and clamped; what is not named here is never recorded.
"""

from __future__ import annotations

import json
import logging
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from webapp.texts import clean
from webapp.upstream.give_way import GiveWay, keep_on

MAX_BODY_CHARACTERS = 256 * 1024

REQUEST_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent", "X-Simulator-Scenario")
RESPONSE_HEADERS = (
    "Age",
    "Cache-Control",
    "Content-Length",
    "Content-Type",
    "Date",
    "Retry-After",
    "Server-Timing",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One of a vendor's endpoints: our short name for it, its method and the template of its path."""

    name: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange, masked. `path` is the template, never a real path with a token in it.

    `started_at` is in epoch seconds, `size` the bytes of the answer's body as received (0 without an answer), `error`
    one short word (a `transport.Fault`) when no usable HTTP answer came. Bodies are texts with secrets masked, at most
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


def notify(observers: Iterable[Observer], call: Call) -> None:
    """Hands the call to every observer; one that raises is logged and never breaks the call itself."""
    for observer in observers:
        try:
            observer(call)
        except Exception:
            log.warning("an observer of calls failed", exc_info=True)


def shown_request_headers(headers: Mapping[str, str], mask: Mask) -> dict[str, str]:
    """The request's headers as they may be recorded. They are ours, so each is one clean line already."""
    sent = {name: headers[name] for name in REQUEST_HEADERS if name in headers}
    return {"Authorization": f"Bearer {HIDDEN}", **mask.texts(sent)}


def shown_response_headers(headers: Mapping[str, str], secret_headers: Iterable[str], mask: Mask) -> dict[str, str]:
    """The answer's headers as they may be recorded; of `secret_headers` only the first letters."""
    shown = mask.texts({name: clean(headers[name]) for name in RESPONSE_HEADERS if name in headers})
    for name in secret_headers:
        if name in headers:
            shown[name] = hint(clean(headers[name]))
    return shown


def shown_json(value: object) -> str:
    """A masked JSON body as text."""
    return json.dumps(value, ensure_ascii=False)[:MAX_BODY_CHARACTERS]


def shown_bytes(body: bytes, mask: Mask) -> str:
    """A body that is not JSON as text."""
    return mask.raw_text(storable(body.decode("utf-8", "replace")))[:MAX_BODY_CHARACTERS]


# Masking: secrets out by the name of a key, at any depth, and by value wherever a known secret is repeated.

HIDDEN = "[hidden]"
DEEPEST = 40
DEEPEST_LIST_OF_PROVIDERS = 3
SHORTEST_HIDDEN_ANYWHERE, SHORTEST_FOUND_SECRET = 6, 16
"""Characters. A shorter secret of our own is hidden where it stands by itself: inside longer words it is chance, and
tells nothing.
"""
MOST_SECRETS = 128
LARGEST_INTEGER = 10**18

Container = dict[str, Any] | list[Any] | tuple[Any, ...]
_CONTAINERS = (dict, list, tuple)
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


def secrets_in(value: object, members: frozenset[str] = frozenset()) -> frozenset[str]:
    """The texts held under a secret's name, or under one of `members`, at any depth; the first 128 of them, since each
    costs time in every text that is masked.

    Short ones are no secrets, and hiding them would garble other texts.
    """
    if not isinstance(value, _CONTAINERS):
        return frozenset()
    contents = _contents_of(value)
    names = (members & contents.names) | set(filter(is_secret, contents.names))
    if not names:
        return frozenset()
    found: set[str] = set()
    for container in contents.containers:
        if isinstance(container, dict) and not names.isdisjoint(container):
            found.update(_secrets_of(container, names))
        if len(found) >= MOST_SECRETS:
            break
    return frozenset(islice(found, MOST_SECRETS))


def _secrets_of(container: Mapping[str, Any], names: Set[str]) -> list[str]:
    found = []
    for name, item in container.items():
        if name not in names:
            continue
        # One secret, or a list of them.
        texts = item if isinstance(item, list) else [item]
        found += [text for text in texts if isinstance(text, str) and len(text) >= SHORTEST_FOUND_SECRET]
    return found


class _Contents(NamedTuple):
    """What a container holds at any depth: the names of the objects' members, all items, and the containers, itself
    first. Where something is left out, `is_whole` is False.
    """

    names: set[str]
    items: list[Any]
    containers: list[Container]
    is_whole: bool


def _contents_of(container: Container, depth: int = 0, *, plain_only: bool = False) -> _Contents:
    """What lies below the level `DEEPEST` is left out; with `plain_only` also what lies below the first name of a
    secret, or the first number that cannot be stored.
    """
    names: set[str] = set()
    items: list[Any] = []
    containers: list[Container] = []
    level = [container]
    while level and depth <= DEEPEST:
        containers += level
        inside: list[Any] = []
        here: set[str] = set()
        for opened in level:
            if isinstance(opened, dict):
                here.update(opened)
                inside.extend(opened.values())
            else:
                inside.extend(opened)
        new = here - names
        names |= new
        items += inside
        level = [item for item in inside if isinstance(item, _CONTAINERS)]
        if plain_only:
            # A NaN is no number between the two.
            numbers = [item for item in inside if isinstance(item, int | float)]
            is_storable = all(-LARGEST_INTEGER < number < LARGEST_INTEGER for number in numbers)
            if not is_storable or any(map(is_secret, new)):
                return _Contents(names, items, containers, is_whole=False)
        depth += 1
    return _Contents(names, items, containers, is_whole=not level)


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
        self._plain_names: set[str] = set()
        """Names met so far that are no secret's and are storable: the same few stand in every entry of a list."""

    def text(self, text: str) -> str:
        """The text with each known secret hidden, the longest first."""
        for secret in reversed(self._secrets[: bisect_right(self._lengths, len(text))]):
            if secret not in text:
                continue
            text = (
                text.replace(secret, HIDDEN) if len(secret) >= SHORTEST_HIDDEN_ANYWHERE else _without_word(text, secret)
            )
        return text

    def texts(self, named: dict[str, str]) -> dict[str, str]:
        """Several texts by name, each as `text` gives it."""
        if self._is_plain_text("\n".join(named.values())):
            return named
        return {name: self.text(text) for name, text in named.items()}

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
            if isinstance(value, dict):
                return self._masked_object(value, depth)
            if isinstance(value, list | tuple):
                return self._masked_list(value, depth)
        leaf = self._storable_text(value) if isinstance(value, str) else _storable_number(value)
        return leaf, leaf

    def _masked_object(self, value: dict[str, Any], depth: int) -> tuple[object, object]:
        public = {name: item for name, item in value.items() if not is_secret(name)}
        is_plain = self._is_plain(public, depth)
        if is_plain and len(public) == len(value):
            return value, value
        kept: dict[str, object] = {}
        shown: dict[str, object] = {}
        for key, item in value.items():
            name = key if key in self._plain_names else self._storable_text(key)
            if key not in public:
                shown[name] = _hidden(item)
            elif is_plain:
                kept[name] = shown[name] = item
            else:
                kept[name], shown[name] = self._masked(item, depth + 1)
        return kept, shown

    def _masked_list(self, value: Sequence[Any], depth: int) -> tuple[object, object]:
        kept, shown = [], []
        for item in value:
            safe, visible = self._masked(item, depth + 1)
            kept.append(safe)
            shown.append(visible)
            if depth <= DEEPEST_LIST_OF_PROVIDERS:
                self._give_way()
        return kept, shown

    def _is_plain(self, value: dict[str, Any], depth: int) -> bool:
        """Whether nothing in an object has to be hidden and all of it is storable, so that it is both of its own forms.

        Most of an answer is. Its texts are searched together: one by one would cost most of the time of a poll.
        """
        contents = _contents_of(value, depth, plain_only=True)
        if not contents.is_whole:
            return False
        if not self._plain_names.issuperset(contents.names) and not self._are_plain_names(contents.names):
            return False
        return self._is_plain_text("\n".join(item for item in contents.items if isinstance(item, str)))

    def _are_plain_names(self, names: set[str]) -> bool:
        new = names - self._plain_names
        if any(map(is_secret, new)) or not self._is_plain_text("\n".join(new)):
            return False
        self._plain_names |= new
        return True

    def _is_plain_text(self, text: str) -> bool:
        if (not text.isascii() or "\0" in text) and storable(text) != text:
            return False
        return not any(secret in text for secret in self._secrets)


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
