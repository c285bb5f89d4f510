"""How many calls a lookup takes, how soon it knows what Hum knows, and how many lookups Hum's rate limit feeds. Nothing
waits: all times are simulated.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import mean

from webapp.addresses.address import Address
from webapp.hum.errors import HumError
from webapp.hum.providers import ProviderList, read_providers
from webapp.hum.sessions import AgentState, InternetServices, Session
from webapp.lookups.lifecycle import Findings, Lookup, PollSchedule, Question, State, advance, next_question, schedule
from webapp.lookups.polling import Request
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.services import Services, build_services
from webapp.settings import load
from webapp.simulator import SCENARIOS, SimulatorAdapter, create_app
from webapp.telemetry import configure_logging
from webapp.upstream.transport import SIMULATOR_URL, open_http

LOOKUPS = 2_000
LIMIT, MINUTE = 100, 60.0
"""Calls that Hum answers in a window of its rate limit, and the window's seconds."""
AT_ONCE = 18
TRY_AGAIN = 0.25
"""Seconds after which a person who was refused presses again."""
LATENCY = 0.3
"""Seconds that each answer of the fake takes; it says what is so when it leaves."""
GEOCODED = (0.8, 2.0)
SPANS = ((4.0, 15.0), (3.0, 8.0), (15.0, 30.0))
"""Seconds after the start between which the providers come, each moment equally likely."""
CORE = 24
"""The simulator's first scenarios, which every client must survive."""
LIST_TIMES = (
    PollSchedule().lists,
    (5.0, 8.0, 11.0, 15.5, 22.0),
    (5.5, 8.5, 12.0, 16.0, 25.0),
    (6.0, 9.0, 12.0, 16.0, 25.0),
    (6.0, 9.0, 12.5, 17.0, 25.0),
    (5.5, 8.5, 12.0, 15.5, 20.0, 25.0),
)
"""When the list could be asked for, in seconds after the start: ours first."""

_NEW = Lookup(
    id="lookup",
    viewer="viewer",
    submit_key="key",
    environment="DEMO",
    address=Address("1001 Woodward Ave", zip="48226"),
    campaign_id=None,
    created_at=0.0,
    state=State.GEOCODING,
    token="token-of-the-fake",  # noqa: S106  (opens nothing)
)


@dataclass(frozen=True, slots=True)
class Trip:
    """One lookup: its calls, the first included, and the seconds from Hum having providers to the lookup knowing them;
    None where they never came to be known.
    """

    calls: int
    lag: float | None


@dataclass(frozen=True, slots=True)
class FakeHum:
    """A session whose address is matched at `geocoded_at` and whose providers, with plans, come at `providers_at`."""

    geocoded_at: float
    providers_at: float

    def answer(self, question: Question, at: float) -> Findings:
        """What it says to a question that it answers at this second."""
        geocoding = AgentState.MATCHED if at >= self.geocoded_at else AgentState.PENDING
        is_ready = at >= self.providers_at
        internet = AgentState.MATCHED if is_ready else AgentState.PENDING
        if question is Question.STATUS:
            return Findings(session=Session(None, geocoding, internet))
        listed = _LIST if is_ready else None
        return Findings(services=InternetServices(is_ready, listed, geocoding, internet), digest="list")


def fakes(span: tuple[float, float]) -> list[FakeHum]:
    """The same ones in each run."""
    chance = random.Random(14)  # noqa: S311  (draws of a measurement)
    return [FakeHum(chance.uniform(*GEOCODED), chance.uniform(*span)) for _ in range(LOOKUPS)]


def list_alone(plan: PollSchedule, hum: FakeHum) -> Trip:
    """The app's own way: its pure functions, without the database."""
    lookup, calls = schedule(_NEW, plan, 0.0), 1
    while lookup.next_poll_at is not None:
        now, question = lookup.next_poll_at, None
        lookup = replace(lookup, polls=lookup.polls + 1, window_polls=lookup.window_polls + 1)
        while question := next_question(lookup, question, now):
            calls += 1
            now += LATENCY
            lookup = advance(lookup, hum.answer(question, now), now)
        lookup = schedule(lookup, plan, now)
    return Trip(calls, None if lookup.providers_at is None else lookup.providers_at - hum.providers_at)


def status_first(plan: PollSchedule, hum: FakeHum) -> Trip:
    """The other way: the status until it says that the search is over, then the list, once."""
    calls = 1
    for asked_at in (*plan.statuses, plan.window):
        calls += 1
        if asked_at + LATENCY >= hum.providers_at:
            return Trip(calls + 1, asked_at + 2 * LATENCY - hum.providers_at)
    return Trip(calls, None)


def measure(way: Callable[[PollSchedule, FakeHum], Trip], plan: PollSchedule, span: tuple[float, float]) -> list[Trip]:
    """All lookups of a span, taken one way."""
    return [way(plan, hum) for hum in fakes(span)]


def calls_by_scenario() -> dict[str, int]:
    """Calls of each scenario that ends with a list, through the whole service and the simulator."""
    with tempfile.TemporaryDirectory() as folder:
        clock = _Clock()
        services = build_services(load({"STATE_DIR": folder}), clock=clock, sleep=clock.sleep, monotonic=clock)
        try:
            return dict(_with_a_list(services, clock))
        finally:
            services.engine.dispose()


def finished_in_a_window() -> int:
    """Lookups that end with a list in one window of Hum's limit, when a new person presses as soon as one is let in."""
    with _limited_service() as (services, clock):
        began = clock.now
        running: list[Lookup] = []
        finished = people = 0
        press_at = began
        while True:
            due = min((lookup.next_poll_at or 0.0 for lookup in running), default=press_at)
            clock.now = max(clock.now, min(due, press_at))
            if clock.now >= began + MINUTE:
                return finished
            if press_at <= due:
                lookup = _started(services, people)
                if lookup is None:
                    press_at = clock.now + TRY_AGAIN
                    continue
                people += 1
                running.append(lookup)
                continue
            running, ended = _polled(services, running, clock.now)
            finished += sum(lookup.provider_count > 0 for lookup in ended)


def seconds_until_all_are_finished(people: int = AT_ONCE) -> list[float]:
    """When lookups that so many people start at once end with a list, in seconds, the earliest first."""
    with _limited_service() as (services, clock):
        began = clock.now
        started = [_started(services, number) for number in range(people)]
        running = [lookup for lookup in started if lookup is not None]
        seconds: list[float] = []
        while running:
            clock.now = max(clock.now, min(lookup.next_poll_at or 0.0 for lookup in running))
            running, ended = _polled(services, running, clock.now)
            seconds += [clock.now - began for lookup in ended if lookup.provider_count]
        return seconds


def _polled(services: Services, running: Sequence[Lookup], now: float) -> tuple[list[Lookup], list[Lookup]]:
    """The lookups that go on and those that have ended, after every poll that is due now."""
    going_on: list[Lookup] = []
    ended: list[Lookup] = []
    for lookup in running:
        after = lookup
        if lookup.next_poll_at is not None and lookup.next_poll_at <= now:
            after = services.lookups.refresh(lookup)
        if after.being_asked:
            going_on.append(after)
        else:
            ended.append(after)
    return going_on, ended


def _started(services: Services, number: int) -> Lookup | None:
    """The lookup of one more person; None when the limit does not let it start."""
    scenario = _SLOW_AND_FAST[number % len(_SLOW_AND_FAST)]
    person = f"person {number}"
    request = Request(Address(**scenario.address), person, "key", f"scenario:{scenario.key}", network=person)
    try:
        return services.lookups.start(request).lookup
    except (QuotaExceeded, HumError):
        return None


@contextmanager
def _limited_service() -> Iterator[tuple[Services, _Clock]]:
    """The app as it runs with a key, in front of a Hum with a rate limit."""
    with tempfile.TemporaryDirectory() as folder:
        clock = _Clock()
        hum = create_app(
            clock=clock, sleep=clock.sleep, rate_limit=LIMIT, rate_window=MINUTE, more_scenarios=_SLOW_AND_FAST
        )
        http = open_http(simulator_adapter=SimulatorAdapter(hum, sleep=clock.sleep))
        settings = load({"STATE_DIR": folder, "HUM_API_KEY": "key-of-the-bench", "HUM_API_URL": SIMULATOR_URL})
        services = build_services(settings, http=http, clock=clock, sleep=clock.sleep, monotonic=clock)
        try:
            yield services, clock
        finally:
            services.engine.dispose()


def table() -> list[str]:
    """All figures as lines of Markdown."""
    configure_logging("critical")
    plan = PollSchedule()
    lines = ["| Providers come after | Way | Calls, mean | Calls, most | Lag, mean |", "|---|---|---|---|---|"]
    for span in SPANS:
        for name, way in (("list alone (ours)", list_alone), ("status, then one list", status_first)):
            trips = measure(way, plan, span)
            lines.append(f"| {span[0]:g} to {span[1]:g} s | {name} | {_row(trips)} |")
    lines += ["", *_candidates()]
    calls = calls_by_scenario()
    core = [count for key, count in calls.items() if SCENARIOS[key].number < CORE]
    lines += ["", "| Scenario that ends with a list | Calls |", "|---|---|"]
    lines += [f"| `{key}` | {count} |" for key, count in calls.items()]
    lines.append(f"| most / mean of the first {CORE} scenarios | {max(core)} / {mean(core):.2f} |")
    finished = seconds_until_all_are_finished()
    lines += ["", f"| With {LIMIT} calls in {MINUTE:g} s, providers after 4 to 15 s | |", "|---|---|"]
    lines.append(f"| Lookups finished in a window | {finished_in_a_window()} |")
    lines.append(
        f"| {AT_ONCE} lookups started at once: finished, the last after | {len(finished)}, {finished[-1]:.1f} s |"
    )
    return lines


def _candidates() -> list[str]:
    """What other list times would cost and bring."""
    heads = [f"Providers after {span[0]:g} to {span[1]:g} s: calls, mean, most; lag" for span in SPANS]
    lines = [f"| List asked for after | {' | '.join(heads)} | `slow` (25 s): calls |", "|---" * (len(SPANS) + 2) + "|"]
    for times in LIST_TIMES:
        plan = PollSchedule(lists=times)
        cells = [_row(measure(list_alone, plan, span)).replace(" | ", ", ") for span in SPANS]
        slow = list_alone(plan, FakeHum(geocoded_at=1.2, providers_at=25.0))
        said = ", ".join(f"{time:g}" for time in times)
        lines.append(f"| {said} | {' | '.join(cells)} | {slow.calls} |")
    return lines


def _row(trips: Sequence[Trip]) -> str:
    calls = [trip.calls for trip in trips]
    lags = [trip.lag for trip in trips if trip.lag is not None]
    missed = f" ({len(trips) - len(lags)} never)" if len(lags) < len(trips) else ""
    return f"{mean(calls):.2f} | {max(calls)} | {mean(lags):.2f} s{missed}"


def _with_a_list(services: Services, clock: _Clock) -> Iterator[tuple[str, int]]:
    for key, scenario in SCENARIOS.items():
        try:
            lookup = services.lookups.start(Request(Address(**scenario.address), "bench", key)).lookup
        except HumError:
            # Refused at the first call. Some of these tell us to wait, or leave Hum for down.
            clock.sleep(120.0)
            continue
        while lookup.being_asked and lookup.next_poll_at is not None:
            clock.now = max(clock.now, lookup.next_poll_at)
            lookup = services.lookups.refresh(lookup)
        if lookup.provider_count:
            yield key, len(services.calls.of_lookup(lookup.id))
        clock.sleep(120.0)


_SLOW_AND_FAST = tuple(
    replace(SCENARIOS["fast"], number=200 + second, key=f"after-{second}", internet_at=float(second))
    # Mixed, so that those who come first are not the fastest.
    for second in (9, 4, 14, 7, 12, 5, 10, 15, 6, 11, 8, 13)
)


class _Clock:
    """Epoch seconds that move when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def _one_list() -> ProviderList:
    listed = read_providers([{"provider_name": "Fiber", "product_catalog": [{"products": [{"name": "Plan"}]}]}])
    return listed or ProviderList(())


_LIST = _one_list()


if __name__ == "__main__":
    print("\n".join(table()))
