"""The life of a lookup: its states, what an answer of Hum does to it, and what it means to a person. Pure and
monotonic.

    created -> geocoding -> internet -> plans -> done
          \\________\\__________\\________\\_____> failed | expired

States are ranked and `advance` takes the highest, so a flapping or unknown agent status never moves a lookup back.
"Too long" is no state: when the time for polling is spent, `next_poll_at` is None and a person may keep checking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from webapp.addresses.address import Address
from webapp.hum.providers import ProviderList
from webapp.hum.sessions import AgentState, InternetServices, Session
from webapp.plans.provider_figures import lowest_price

POLL_WINDOW = 30.0
"""Seconds Hum asks clients to poll for at most."""
PLANS_FOLLOW_AFTER = 5.0
"""Seconds after which a list without a single plan is read once more."""
UNWATCHED_AFTER = 4.0
"""Seconds after the moment it was due at which a poll shows that nobody was watching: a page asks within three."""
SILENT_AFTER = 2
"""Status polls that mention no agent, after which the list is asked for all the same."""
SLOWER_AFTER, GROWTH = 8.0, 1.4
"""Seconds after which the waits between status polls grow, and how many times longer each is than the one before."""


class State(StrEnum):
    """Where a lookup stands; `ACTIVE` states are still asked about."""

    CREATED = "created"
    GEOCODING = "geocoding"
    INTERNET = "internet"
    PLANS = "plans"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


ACTIVE = (State.CREATED, State.GEOCODING, State.INTERNET, State.PLANS)
_RANK = {state: rank for rank, state in enumerate(State)}


class Reason(StrEnum):
    """Why a lookup failed or pauses."""

    INVALID = "invalid"
    NOT_AUTHORIZED = "not_authorized"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    DOWN = "down"
    UNCERTAIN = "uncertain"
    REJECTED = "rejected"
    STOPPED = "stopped"


class Outcome(StrEnum):
    """What a lookup that is no longer asked about tells a person; each has its own words and next step."""

    SERVED = "served"
    NO_SERVICE = "no_service"
    NOT_RECOGNIZED = "not_recognized"
    AMBIGUOUS = "ambiguous"
    STILL_UNKNOWN = "still_unknown"
    EXPIRED = "expired"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One lookup as stored. Times are epoch seconds, None until they happen.

    `polls` counts claims and fences late answers; `window_polls` counts those of the current polling window.
    `token` is Hum's session token and secret. `geocoding` and `internet` keep the best agent status seen so far.
    `warning` is the newest note of Hum's. `lowest_price` is that of a month of the first year, in US cents.
    `plans_missing` counts providers that list no plan. `dropped_unit` is the unit that a person left out with *Look up
    without the unit*. `left_at` is since when Hum was not asked although it was time to, because nobody watched: the
    seconds of what was learned after it are not known. `batch_id` names the batch that it is a row of.
    """

    id: str
    viewer: str
    submit_key: str
    environment: str
    address: Address
    campaign_id: str | None
    created_at: float
    state: State = State.CREATED
    reason: Reason | None = None
    token: str | None = field(default=None, repr=False)
    geocoding: AgentState | None = None
    internet: AgentState | None = None
    matched_address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    warning: str | None = None
    data_set: str | None = None
    provider_count: int = 0
    plan_count: int = 0
    lowest_price: int | None = None
    plans_missing: int = 0
    left_out: int = 0
    snapshot_digest: str | None = None
    answered_at: float | None = None
    geocoded_at: float | None = None
    providers_at: float | None = None
    finished_at: float | None = None
    polls: int = 0
    window_polls: int = 0
    window_started_at: float = 0.0
    window_seconds: float = POLL_WINDOW
    next_poll_at: float | None = None
    claimed_at: float | None = None
    failures: int = 0
    dropped_unit: str | None = None
    left_at: float | None = None
    batch_id: str | None = None

    @property
    def active(self) -> bool:
        """Not finished: Hum may still have something to say."""
        return self.state in ACTIVE

    @property
    def being_asked(self) -> bool:
        """Active and scheduled: the page refreshes. False also while active but paused (time spent, or a failure)."""
        return self.next_poll_at is not None and self.state in ACTIVE

    @property
    def can_resume(self) -> bool:
        """Paused with a session that may still live: *Keep checking* continues it."""
        return self.next_poll_at is None and self.token is not None and self.state in ACTIVE

    @property
    def can_check_plans(self) -> bool:
        """Finished with a list, and the session may still live: *Check for more plans* asks for the list again."""
        has_list = self.state is State.DONE and self.provider_count > 0
        return has_list and self.token is not None and self.reason is None

    @property
    def window_ends_at(self) -> float:
        """When polling pauses unless the lookup ends before."""
        return self.window_started_at + self.window_seconds

    @property
    def outcome(self) -> Outcome | None:
        """What to tell the person; None while Hum is still being asked."""
        if self.being_asked:
            return None
        if self.provider_count:
            return Outcome.SERVED
        if self.reason is Reason.STOPPED:
            return Outcome.STOPPED
        if self.state is State.EXPIRED:
            return Outcome.EXPIRED
        return self._answered_outcome() if self.reason is None else Outcome.REFUSED

    def _answered_outcome(self) -> Outcome:
        if self.geocoding is AgentState.FAILED:
            return Outcome.NOT_RECOGNIZED
        if self.geocoding is AgentState.MULTIPLE:
            return Outcome.AMBIGUOUS
        return Outcome.NO_SERVICE if self.state is State.DONE else Outcome.STILL_UNKNOWN


@dataclass(frozen=True, slots=True)
class Findings:
    """What one turn of asking learned: a session status, a list of services, or both; `digest` names the list's
    content.
    """

    session: Session | None = None
    services: InternetServices | None = None
    digest: str | None = None

    @property
    def providers(self) -> ProviderList | None:
        """The newest list of this turn, wherever Hum put it."""
        if self.services is not None and self.services.providers is not None:
            return self.services.providers
        return self.session.providers if self.session is not None else None


def advance(lookup: Lookup, findings: Findings, now: float) -> Lookup:
    """The lookup after an answer. Known results never vanish: statuses rank, texts are only filled, lists only replaced
    by fuller ones.
    """
    after = _learn_status(lookup, findings, now)
    after = _learn_providers(after, findings, now)
    state = max(lookup.state, _state_after(after, findings), key=_RANK.__getitem__)
    finished_at = now if state not in ACTIVE and lookup.finished_at is None else after.finished_at
    if (after.state, after.reason, after.failures, after.finished_at) == (state, None, 0, finished_at):
        return after
    return replace(after, state=state, reason=None, failures=0, finished_at=finished_at)


class Question(StrEnum):
    """What a poll asks Hum."""

    STATUS = "status"
    SERVICES = "services"


def next_question(lookup: Lookup, asked: Question | None, now: float) -> Question | None:
    """What to ask in this poll after `asked`, the question before; None when the poll has asked enough."""
    if not lookup.active:
        return None
    if asked is None:
        return Question.SERVICES if _address_is_decided(lookup) else Question.STATUS
    if asked is Question.STATUS and not lookup.provider_count:
        is_last_chance = now >= lookup.window_ends_at
        if lookup.internet is AgentState.MATCHED or is_last_chance or _is_silent(lookup):
            return Question.SERVICES
    return None


def is_left(next_poll_at: float | None, now: float) -> bool:
    """Whether a lookup's next poll was due so long ago that nobody has watched since."""
    return next_poll_at is not None and now - next_poll_at > UNWATCHED_AFTER


def noticed_late(lookup: Lookup, due: float, now: float) -> Lookup:
    """The lookup that is asked about now and was to be at `due`: if nobody watched meanwhile, it knows since when."""
    if now - due <= UNWATCHED_AFTER or lookup.left_at is not None:
        return lookup
    return replace(lookup, left_at=lookup.answered_at or lookup.created_at)


def settle_absence(after: Lookup) -> Lookup:
    """The lookup after the first poll since nobody watched: what that poll told came at a time that nobody knows. If it
    told nothing new, the seconds of what comes next are known.
    """
    left_at = after.left_at
    if left_at is None or (after.answered_at or 0.0) <= left_at:
        return after
    for learned_at in (after.geocoded_at, after.providers_at, after.finished_at):
        if learned_at is not None and learned_at > left_at:
            return after
    return replace(after, left_at=None)


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """When the questions of one window are asked, in seconds after it began; the last comes at its end.

    The session's status tells early whether the address is known. Once it is, the list of services is asked for alone:
    its answer says as well whether the search has failed. Most lists are there after 4 to 15 seconds, so `lists` are
    densest then. Hum's advice is to ask every 2 to 3 seconds, to back off, and to stop after 30. Whatever fails, at
    most `polls` are made.
    """

    window: float = POLL_WINDOW
    interval: float = 2.0
    lists: tuple[float, ...] = (5.5, 8.5, 12.0, 15.5, 25.0)
    polls: int = 9

    @property
    def statuses(self) -> tuple[float, ...]:
        """When the status is asked for while the address is not decided."""
        times, wait = [self.interval], self.interval
        while times[-1] + wait < self.window:
            if times[-1] >= SLOWER_AFTER:
                wait *= GROWTH
            times.append(times[-1] + wait)
        return tuple(time for time in times if time < self.window)

    def next_status(self, elapsed: float, polls: int) -> float | None:
        """When to ask for the status next, `elapsed` seconds into the window and after so many polls of it; None when
        the window is used up.
        """
        return self._next(self.statuses, elapsed, polls)

    def next_list(self, elapsed: float, polls: int) -> float | None:
        """When to ask for the list next; None when the window is used up."""
        return self._next(self.lists, elapsed, polls)

    def _next(self, times: Iterable[float], elapsed: float, polls: int) -> float | None:
        if elapsed >= self.window or polls >= self.polls:
            return None
        if polls < self.polls - 1:
            for time in times:
                if time >= elapsed + self.interval / 2:
                    return time
        return self.window


def schedule(after: Lookup, plan: PollSchedule, now: float) -> Lookup:
    """The lookup with the moment of its next poll: none when it has ended or the window is used up, for a person may
    then keep checking.
    """
    if not after.active:
        return replace(after, next_poll_at=None)
    if after.state is State.PLANS:
        return _schedule_plans(after, now)
    # Time for which Hum made the lookup wait has lengthened the window; the schedule goes on where it was.
    began = after.window_ends_at - plan.window
    upcoming = plan.next_list if _address_is_decided(after) else plan.next_status
    due = upcoming(now - began, after.window_polls)
    return replace(after, next_poll_at=None if due is None else began + due)


def _schedule_plans(after: Lookup, now: float) -> Lookup:
    """Providers are there: their address is asked for at once where it is missing, plans once more where there are none
    and the window is not over.
    """
    if after.polls == 0 and after.matched_address is None:
        return replace(after, next_poll_at=now)
    plans_at = (after.providers_at or now) + PLANS_FOLLOW_AFTER
    if now < plans_at and now < after.window_ends_at:
        return replace(after, next_poll_at=plans_at)
    return replace(after, state=State.DONE, finished_at=now, next_poll_at=None)


def _address_is_decided(lookup: Lookup) -> bool:
    """Whether the status has nothing more to say about the address."""
    if lookup.provider_count:
        return lookup.matched_address is not None or lookup.window_polls > 1
    return lookup.geocoding in _GEOCODED or lookup.internet is AgentState.MATCHED or _is_silent(lookup)


def _is_silent(lookup: Lookup) -> bool:
    return lookup.geocoding is None and lookup.internet is None and lookup.window_polls >= SILENT_AFTER


def _learn_status(lookup: Lookup, findings: Findings, now: float) -> Lookup:
    """What the agents say, and the address; both kinds of answers tell them."""
    if findings.session is not None:
        lookup = replace(lookup, token=lookup.token or findings.session.token)
    answers = [answer for answer in (findings.session, findings.services) if answer is not None]
    for answer in answers:
        lookup = _learn_answer(lookup, answer, now)
    for answer in answers:
        lookup = _learn_place(lookup, answer)
    return lookup


def _learn_answer(lookup: Lookup, answer: Session | InternetServices, now: float) -> Lookup:
    geocoding = _better(_GEOCODING_RANK, lookup.geocoding, answer.geocoding)
    return replace(
        lookup,
        geocoding=geocoding,
        internet=_better(_INTERNET_RANK, lookup.internet, answer.internet),
        warning=answer.warning or lookup.warning,
        data_set=answer.data_set or lookup.data_set,
        answered_at=now,
        geocoded_at=lookup.geocoded_at or (now if geocoding in _GEOCODED else None),
    )


def _learn_place(lookup: Lookup, answer: Session | InternetServices) -> Lookup:
    """The matched address. Hum's description demands an address in every answer; only the agent says whether it is a
    match.
    """
    place = answer.service_address
    said = answer.geocoding or lookup.geocoding
    if place is None or said is not AgentState.MATCHED:
        return lookup
    return replace(
        lookup,
        matched_address=place.text or lookup.matched_address,
        latitude=lookup.latitude if place.latitude is None else place.latitude,
        longitude=lookup.longitude if place.longitude is None else place.longitude,
    )


def _learn_providers(lookup: Lookup, findings: Findings, now: float) -> Lookup:
    listed = findings.providers
    if listed is None or (lookup.provider_count and not listed.providers):
        return lookup
    after = _with_list(lookup, listed, findings.digest)
    if is_poorer(after, lookup) or findings.digest == lookup.snapshot_digest:
        return lookup
    return replace(after, providers_at=lookup.providers_at or (now if listed.providers else None))


def is_poorer(after: Lookup, before: Lookup) -> bool:
    """Whether the list of `after` tells less: fewer providers or plans, or as many without any of the prices."""
    fewer = after.provider_count < before.provider_count or after.plan_count < before.plan_count
    as_many = (after.provider_count, after.plan_count) == (before.provider_count, before.plan_count)
    return fewer or (as_many and after.lowest_price is None and before.lowest_price is not None)


def with_checked_list(lookup: Lookup, listed: ProviderList, digest: str, *, is_newest: bool, now: float) -> Lookup:
    """A finished lookup after *Check for more plans*, whose list is `listed` now. `is_newest` says that all of it is of
    the answer that came now, and not partly of an earlier one.
    """
    after = _with_list(lookup, listed, digest)
    if is_poorer(after, lookup):
        return lookup
    if is_newest:
        after = replace(after, answered_at=now)
    if (after.provider_count, after.plan_count) == (lookup.provider_count, lookup.plan_count):
        return after
    # They came some time since the answer before; nobody knows when.
    left_at = lookup.left_at or lookup.finished_at
    return replace(after, finished_at=now, left_at=left_at)


def _with_list(lookup: Lookup, listed: ProviderList, digest: str | None) -> Lookup:
    plan_count = sum(len(provider.plans) for provider in listed.providers)
    prices = [price for provider in listed.providers if (price := lowest_price(provider)) is not None]
    return replace(
        lookup,
        provider_count=len(listed.providers),
        plan_count=plan_count,
        lowest_price=min(prices, default=None),
        plans_missing=sum(not provider.plans for provider in listed.providers),
        left_out=listed.left_out,
        snapshot_digest=digest,
    )


def _state_after(lookup: Lookup, findings: Findings) -> State:
    if lookup.provider_count:
        return State.DONE if _is_complete(lookup, findings) else State.PLANS
    if lookup.geocoding is AgentState.FAILED or lookup.internet is AgentState.FAILED:
        return State.DONE
    if findings.services is not None and findings.services.ready and _readable(findings.services.providers):
        return State.DONE
    if lookup.geocoding in _GEOCODED:
        return State.INTERNET
    return State.GEOCODING if lookup.token else lookup.state


def _readable(listed: ProviderList | None) -> bool:
    """A list, even an empty one; entries of which not one could be read say nothing about service."""
    return listed is not None and (bool(listed.providers) or not listed.left_out)


def _is_complete(lookup: Lookup, findings: Findings) -> bool:
    """Whether a lookup with providers needs no further answer. The create's own may leave the address open; a list
    without a single plan is read once more.
    """
    if lookup.polls == 0 and lookup.token and lookup.matched_address is None:
        return False
    was_read_before = lookup.state is State.PLANS and findings.services is not None
    return lookup.plan_count > 0 or was_read_before


def _better(rank: dict[AgentState | None, int], known: AgentState | None, news: AgentState | None) -> AgentState | None:
    return max(known, news, key=rank.__getitem__)


_GEOCODED = (AgentState.MATCHED, AgentState.MULTIPLE)
_GEOCODING_RANK: dict[AgentState | None, int] = {
    None: 0,
    AgentState.UNKNOWN: 1,
    AgentState.PENDING: 2,
    AgentState.FAILED: 3,
    AgentState.MULTIPLE: 4,
    AgentState.MATCHED: 5,
}
_INTERNET_RANK: dict[AgentState | None, int] = {
    None: 0,
    AgentState.UNKNOWN: 1,
    AgentState.PENDING: 2,
    AgentState.MULTIPLE: 2,
    AgentState.FAILED: 3,
    AgentState.MATCHED: 4,
}
