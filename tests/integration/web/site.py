"""The whole app under test, on a clock that the test turns; without a key it stands on the simulator in this
process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, text
from werkzeug.routing import Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from whitenoise import WhiteNoise
from whitenoise.responders import Headers

from tests import migrated
from tests.integration.web.clock import Clock, Traffic
from tests.integration.web.visitor import Visitor
from webapp import create_app
from webapp.agent_simulator import create_app as create_agent_simulator
from webapp.services import Services, build_services
from webapp.settings import Settings, load
from webapp.simulator import Scenario
from webapp.simulator.adapter import SimulatorAdapter
from webapp.simulator.app import create_app as create_simulator
from webapp.upstream.transport import open_http
from webapp.web import static_files
from webapp.web.application import Application


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all the apps of a test run: compiling them is most of what making an app costs."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        known = self._compiled.get((bucket.key, bucket.checksum))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class CompiledRule(Rule):
    """A route whose URL builders are compiled once for all the apps of a test run: once templates are compiled, that is
    most of what making an app costs.
    """

    _compiled: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        # All that the code of a builder is made of; the rule itself is handed to it with each call.
        key = (self.rule, *self._trace, append_unknown)
        if key not in self._compiled:
            self._compiled[key] = super()._compile_builder(append_unknown)
        return self._compiled[key]


class ReadOnce(WhiteNoise):
    """Static files looked through once for all the apps of a test run that send them with the same headers."""

    _known: ClassVar[dict[tuple[str | None, str], dict[str, object]]] = {}

    def add_files(self, root: str, prefix: str | None = None) -> None:
        headers = Headers()
        self.add_headers_function(headers, "", "")
        files = self._known.setdefault((prefix, f"{headers} {self.allow_all_origins}"), {})
        if not files:
            super().add_files(root, prefix)
            files.update(self.files)
        self.files.update(files)


Application.jinja_options = {**Application.jinja_options, "bytecode_cache": CompiledTemplates()}
Flask.url_rule_class = CompiledRule
static_files.WhiteNoise = ReadOnce


@dataclass(frozen=True)
class Site:
    """An app, its clock, and people who open its pages."""

    app: Flask
    services: Services
    clock: Clock
    traffic: Traffic
    simulator: Flask | None = None
    agents: Flask | None = None

    def visitor(self, **headers: str) -> Visitor:
        """A new browser: no cookie yet. `headers` go with each of its requests."""
        return Visitor(self.app, self.clock, headers)

    def turn(self, seconds: float) -> None:
        """Turns the clock between two requests. One under way would take an answer of before for one of after, and not
        ask again.
        """
        with self.traffic.held():
            self.clock.advance(seconds)

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """A transaction of the test's own, to look at rows or to break them."""
        with self.services.engine.begin() as connection:
            yield connection

    def secrets_of_sessions(self) -> set[str]:
        """Hum's session tokens, as stored."""
        with self.database() as connection:
            return set(connection.execute(text("SELECT token FROM lookup WHERE token IS NOT NULL")).scalars())

    def upstream_calls(self, operation: str) -> int:
        """How often the simulator was asked: create, status, internet, close."""
        assert self.simulator is not None, "this site was opened without a simulator at hand"
        counts: dict[str, int] = self.simulator.extensions["simulator"].counts()
        return counts.get(operation, 0)

    def close(self) -> None:
        self.services.engine.dispose()


def open_site(folder: Path, clock: Clock | None = None, **environment: str) -> Site:
    """The app with `environment` on top of the defaults; all it keeps lies in `folder`."""
    clock = clock or Clock()
    services = build_services(_settings(folder, environment), clock=clock, monotonic=clock)
    return _site(services, clock)


def open_site_where_waiting_takes_no_time(
    folder: Path, *, faults: bool = False, more_scenarios: Sequence[Scenario] = (), **environment: str
) -> Site:
    """The keyless app on a simulator at hand, whose hanging answers turn the clock instead of sleeping; with `faults`
    it has the fault catalog too, and `more_scenarios` can be chosen as well.
    """
    clock = Clock()
    simulator = create_simulator(
        clock=clock, sleep=clock.advance, rate_limit=100_000, faults=faults, more_scenarios=more_scenarios
    )
    agents = create_agent_simulator(clock=clock, sleep=clock.advance, limit=100)
    services = build_services(
        _settings(folder, environment),
        http=open_http(simulator_adapter=SimulatorAdapter(simulator, sleep=clock.advance)),
        agent_http=open_http(simulator_adapter=SimulatorAdapter(agents, sleep=clock.advance)),
        clock=clock,
        sleep=clock.advance,
        monotonic=clock,
    )
    return _site(services, clock, simulator, agents)


def _settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    settings = load({"STATE_DIR": str(folder), **environment})
    migrated.begin(settings.database_url)
    return settings


def _site(services: Services, clock: Clock, simulator: Flask | None = None, agents: Flask | None = None) -> Site:
    app = create_app(services=services)
    traffic = Traffic(app.wsgi_app)
    app.wsgi_app = traffic  # type: ignore[method-assign]
    return Site(app, services, clock, traffic, simulator, agents)


@contextmanager
def serve(app: Flask, request_handler: type[WSGIRequestHandler] | None = None) -> Iterator[str]:
    """The URL of a WSGI app on a free loopback port, one thread a request."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=request_handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
