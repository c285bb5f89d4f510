"""A worker's researches over an agent simulator in process, with one clock for both that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.integration.lookups.stage import Stage
from webapp.agent_simulator import SCENARIOS, create_app
from webapp.agent_simulator.app import AgentSimulator
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.recorded_calls import CallStore, RecordedCall, TurnKind
from webapp.research.client import AgentClient
from webapp.research.lifecycle import Research
from webapp.research.service import Researches
from webapp.research.store import ResearchStore
from webapp.research.task import Caps
from webapp.simulator import SimulatorAdapter
from webapp.upstream.call import Call
from webapp.upstream.transport import SIMULATOR_URL, open_http

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KEY = "hk-key-of-the-tests-0123456789"


class ResearchStage:
    """A lookup without service on a database, and what asks H Company about it. Every exchange with H is in `calls`.

    `before_answer` is called before the simulator answers a request: what happens while H is being asked.
    """

    def __init__(self, database_url: str) -> None:
        self.lookups = Stage(database_url)
        self.clock = self.lookups.clock
        self.calls: list[Call] = []
        self.before_answer: Callable[[str], None] = lambda _: None
        self.app = create_app(clock=self.clock, sleep=self.clock.sleep, api_key=KEY, limit=100)
        self.simulator: AgentSimulator = self.app.extensions["agent_simulator"]
        self.store = ResearchStore(self.lookups.engine)
        self.service = self.service_with(Caps())
        self.lookup = self.lookups.watch(self.lookups.start("no-providers"))

    def service_with(self, caps: Caps, key: str = KEY) -> Researches:
        """Another worker over the same database and the same H."""
        http = open_http(simulator_adapter=SimulatorAdapter(self._answer, sleep=self.clock.sleep))
        client = AgentClient(SIMULATOR_URL, key, http=http, observers=[self.calls.append], clock=self.clock)
        return Researches(
            self.store,
            client,
            agent="h/web-surfer-flash",
            caps=caps,
            secret=b"secret of the tests",
            find_lookup=self.lookups.service.find,
            calls=CallStore(self.lookups.engine),
            clock=self.clock,
        )

    def play(self, scenario: str) -> None:
        """What H does from here on."""
        self.simulator.default = SCENARIOS[scenario]

    def another_lookup(self, submit_key: str) -> Lookup:
        return self.lookups.watch(self.lookups.start("no-providers", submit_key=submit_key))

    def stored(self) -> Research:
        found = self.store.get(self.lookup.id)
        assert found is not None
        return found

    def refresh_when_due(self) -> Research:
        """Turns the clock to the next question, and asks it as an open page does."""
        research = self.stored()
        assert research.next_poll_at is not None
        self.clock.now = max(self.clock.now, research.next_poll_at)
        after = self.service.refresh(self.lookup)
        assert after is not None
        return after

    def watch(self) -> Research:
        """Refreshes until the research has ended."""
        for _ in range(100):
            research = self.stored()
            if not research.active:
                return research
            self.refresh_when_due()
        raise AssertionError(f"it would ask forever: {self.stored()}")

    def asked(self, operation: str) -> int:
        """How often H was asked for an operation."""
        return sum(call.operation == operation for call in self.calls)

    def recorded(self) -> list[RecordedCall]:
        """The calls of the research as the console has them."""
        kept = CallStore(self.lookups.engine).of_lookup(self.lookup.id)
        return [each for each in kept if each.turn.kind is TurnKind.RESEARCH]

    def close(self) -> None:
        self.lookups.close()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.before_answer(environ["REQUEST_METHOD"])
        return self.app(environ, start_response)
