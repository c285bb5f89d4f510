"""The two to four plans a reader chose to compare, by keys short and plain enough for a URL:
`?plan=3f2a91c04e&plan=...`. Pure.

A key is a digest of names and ids, so it survives a new order or a new price and never carries upstream text into a
URL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s

from webapp.plans.figures import plural
from webapp.plans.model import Plan, Provider

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class PlanRef:
    """One plan of a result, with its key. Equal twins get `-2`, `-3` in Hum's order."""

    key: str
    provider: Provider
    plan: Plan


@dataclass(frozen=True, slots=True)
class ChosenPlans:
    """The plans found for the wanted keys, in the order wanted. `faults` names in plain words what was left out or is
    missing.
    """

    refs: tuple[PlanRef, ...]
    faults: tuple[str, ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether there are enough plans to compare."""
        return len(self.refs) >= FEWEST


def plan_refs(providers: Iterable[Provider]) -> tuple[PlanRef, ...]:
    """Every plan of a result with its key, in Hum's order."""
    seen: Counter[str] = Counter()
    refs = []
    for provider in providers:
        for plan in provider.plans:
            digest = _digest(provider, plan)
            seen[digest] += 1
            key = digest
            if seen[digest] > 1:
                key = f"{digest}-{seen[digest]}"
            refs.append(PlanRef(key, provider, plan))
    return tuple(refs)


def choose(keys: Sequence[str], providers: Iterable[Provider]) -> ChosenPlans:
    """The plans behind these keys. Repeats count once; unknown keys and a fifth plan are left out, as faults say."""
    by_key = {ref.key: ref for ref in plan_refs(providers)}
    wanted = dict.fromkeys(filter(None, map(str.strip, keys)))
    found = [by_key[key] for key in wanted if key in by_key]
    faults = []
    if missing := len(wanted) - len(found):
        faults.append(f"{plural(missing, 'chosen plan is', 'chosen plans are')} not in this result any more.")
    if len(found) > MOST:
        faults.append(f"At most {MOST} plans fit side by side; the first {MOST} are shown.")
    if len(found) < FEWEST:
        faults.append(f"Choose {FEWEST} to {MOST} plans to compare.")
    return ChosenPlans(tuple(found[:MOST]), tuple(faults))


def _digest(provider: Provider, plan: Plan) -> str:
    parts = "\x1f".join((provider.id, provider.name, plan.id, plan.name, plan.category, plan.technology.value))
    return blake2s(parts.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
