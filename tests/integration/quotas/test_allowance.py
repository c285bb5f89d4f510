"""However many workers there are, together they stay inside Hum's rate limit, and a pause of one is a pause of all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa
from requests.structures import CaseInsensitiveDict

from tests.integration.web.site import serve
from webapp.database import open_engine
from webapp.hum.client import HumClient
from webapp.hum.errors import HumError, RateLimited
from webapp.quotas.allowance import AllowanceStore
from webapp.simulator.app import create_app
from webapp.simulator.scenarios import SCENARIOS
from webapp.upstream.limits import RateLimiter

NOW = 1_763_800_000.0
LIMIT = 100


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def workers(engine: sa.Engine, clock: Clock) -> list[RateLimiter]:
    """Three workers that know nothing of each other but what is stored."""
    return [RateLimiter(clock, AllowanceStore(engine, "SANDBOX")) for _ in range(3)]


def heard(budget: RateLimiter, remaining: int, reset: float = NOW + 30) -> None:
    values = {"X-RateLimit-Limit": LIMIT, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": int(reset)}
    budget.update(CaseInsensitiveDict({name: str(value) for name, value in values.items()}), budget._clock())


def spent(workers: list[RateLimiter], *, interactive: bool) -> int:
    """How many calls they make in turn until all are held back."""
    calls, stuck = 0, 0
    while stuck < len(workers):
        stuck = 0
        for worker in workers:
            if worker.spend(interactive=interactive):
                stuck += 1
            else:
                calls += 1
        assert calls < 10 * LIMIT
    return calls


def test_together_they_spend_what_is_left_and_no_more(workers: list[RateLimiter]) -> None:
    heard(workers[0], 60)
    assert spent(workers, interactive=True) == 60


def test_what_is_no_lookup_leaves_a_fifth_to_lookups(workers: list[RateLimiter]) -> None:
    heard(workers[0], 60)
    assert spent(workers, interactive=False) == 40
    assert spent(workers, interactive=True) == 20


def test_what_a_batch_would_wait_is_known_without_a_call(workers: list[RateLimiter], clock: Clock) -> None:
    assert workers[0].wait_of_a_batch() == 0
    heard(workers[0], 21)
    assert workers[1].wait_of_a_batch() == workers[1].wait_of_a_batch() == 0
    workers[0].spend(interactive=False)
    assert workers[1].wait_of_a_batch() == pytest.approx(30)
    workers[0].pause(NOW + 45)
    assert workers[1].wait_of_a_batch() == pytest.approx(45)
    clock.now = NOW + 46
    assert workers[1].wait_of_a_batch() == 0


def test_a_new_window_is_shared_like_the_one_before(workers: list[RateLimiter], clock: Clock) -> None:
    heard(workers[0], 0)
    assert spent(workers, interactive=True) == 0
    assert 0 < workers[1].spend(interactive=True) <= 30
    clock.now += 31
    assert spent(workers, interactive=True) == LIMIT


def test_an_answer_that_knows_of_less_is_believed(workers: list[RateLimiter], clock: Clock) -> None:
    heard(workers[0], 60)
    workers[1].spend(interactive=True)
    clock.now += 2
    heard(workers[2], 10)
    assert spent(workers, interactive=True) == 10


def test_an_older_answer_that_comes_late_gives_nothing_back(workers: list[RateLimiter], clock: Clock) -> None:
    heard(workers[0], 5)
    clock.now += 2
    heard(workers[1], 50)
    assert spent(workers, interactive=True) == 5


def test_a_pause_of_one_is_a_pause_of_all(workers: list[RateLimiter], clock: Clock) -> None:
    heard(workers[0], 60)
    assert [worker.spend(interactive=True) for worker in workers] == [0, 0, 0]
    workers[0].pause(clock.now + 10)
    clock.now += 1.5
    assert [worker.spend(interactive=True) for worker in workers] == pytest.approx([8.5] * 3)
    clock.now += 9
    assert workers[1].spend(interactive=True) == 0


def test_environments_have_limits_of_their_own(engine: sa.Engine, clock: Clock) -> None:
    sandbox, live = (RateLimiter(clock, AllowanceStore(engine, name)) for name in ("SANDBOX", "LIVE"))
    heard(sandbox, 0)
    sandbox.pause(clock.now + 10)
    assert live.spend(interactive=True) == 0


@pytest.mark.own_database
def test_without_the_database_each_goes_by_what_it_hears(engine: sa.Engine, clock: Clock) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE allowance RENAME TO elsewhere"))
    budget = RateLimiter(clock, _Missing(engine, "SANDBOX"))
    assert budget.spend(interactive=True) == 0
    heard(budget, 0)
    budget.pause(clock.now + 5)
    assert budget.spend(interactive=True) == pytest.approx(5)


class _Missing(AllowanceStore):
    """On a table that is not there PostgreSQL names another error than SQLite; a lost connection is the same on
    both.
    """

    def __init__(self, engine: sa.Engine, environment: str) -> None:
        super().__init__(open_engine("sqlite:////nowhere/at/all.sqlite3"), environment)


def test_workers_that_ask_at_once_meet_no_429(engine: sa.Engine) -> None:
    simulator = create_app(rate_limit=LIMIT)
    with serve(simulator) as url:
        limiters = [RateLimiter(shared=AllowanceStore(engine, "CUSTOM")) for _ in range(3)]
        clients = [HumClient(url, "key", limiter=limiter) for limiter in limiters]
        token = clients[0].create_session(SCENARIOS["never"].address).facts.token
        assert token is not None

        def ask(client: HumClient) -> str:
            try:
                client.get_session(token)
            except RateLimited as held_back:
                return "429" if held_back.status else "held back"
            except HumError as error:
                return str(error)
            return "answered"

        with ThreadPoolExecutor(12) as pool:
            came = list(pool.map(ask, [clients[number % 3] for number in range(2 * LIMIT)]))
    assert set(came) == {"answered", "held back"}
    assert came.count("answered") == LIMIT - 1, "the last call is spent too"


def test_workers_count_429s_that_name_no_wait_together(engine: sa.Engine, clock: Clock) -> None:
    workers = [RateLimiter(clock, AllowanceStore(engine, "SANDBOX"), chance=lambda: 1.0) for _ in range(3)]
    waited = []
    for worker in (*workers, *workers):
        waited.append(worker.back_off(clock.now))
        assert {other.back_off(clock.now) for other in workers} == {waited[-1]}, "one burst of refusals counts once"
        clock.now += waited[-1]
    assert waited == [4, 8, 16, 32, 60, 60]


def test_an_answer_to_any_worker_ends_the_row_for_all(engine: sa.Engine, clock: Clock) -> None:
    refused, answered = (RateLimiter(clock, AllowanceStore(engine, "SANDBOX"), chance=lambda: 1.0) for _ in range(2))
    clock.now += refused.back_off(clock.now)
    clock.now += refused.back_off(clock.now) - 0.5
    assert answered.spend(interactive=True) > 0
    clock.now += 0.5
    assert answered.spend(interactive=True) == 0
    answered.answered(clock.now)
    assert refused.back_off(clock.now) == 4


def test_an_answer_that_names_the_windows_end_refuses_no_call_that_is_being_taken(
    engine: sa.Engine, workers: list[RateLimiter], clock: Clock
) -> None:
    """The first call of a window assumes its end. An answer may say the true one between the steps of another call."""
    first, second, third = workers
    heard(first, 50)
    clock.now += 40
    assert third.spend(interactive=False) == 0.0
    said, still_to_come = ThreadPoolExecutor(1), [True]

    @sa.event.listens_for(engine, "after_cursor_execute")
    def answer_comes(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT") and "reset_at" in statement and still_to_come:
            still_to_come.pop()
            # It is written at once, or when the call is taken: then it waits for that.
            wait([said.submit(heard, second, 99, clock.now + 30)], timeout=0.5)

    assert first.spend(interactive=False) == 0.0
    said.shutdown()
