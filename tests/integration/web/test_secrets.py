"""Keys, session tokens and providers' tokens stay on the server; what people typed stays out of the logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import MetaData, select, text

from tests.integration.web.clock import Clock
from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site, serve
from tests.integration.web.visitor import Visitor
from tests.sweeps import ENDS, few
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.brands import ALL
from webapp.simulator.catalog import security_token
from webapp.simulator.normalized import matched
from webapp.simulator.scenarios import SCENARIOS

KEY = "k3y-that-nobody-may-see-0123456789"
SECRET = "signing-secret-that-nobody-may-see-0123456789"


@pytest.fixture
def keyed(tmp_path: Path, log_lines: StringIO) -> Iterator[Site]:
    """The app with a key, in front of a simulator that it reaches over HTTP and that accepts no other key."""
    clock = Clock()
    simulator: Flask = create_simulator(clock=clock, sleep=clock.advance, api_key=KEY, rate_limit=100_000)
    with ExitStack() as stack:
        url = stack.enter_context(serve(simulator))
        site = open_site(tmp_path, clock, HUM_API_URL=url, HUM_API_KEY=KEY, SECRET_KEY=SECRET, TRY_LIVE="1")
        stack.callback(site.close)
        yield site


def everything_sent(pages: list[Page]) -> str:
    return "\n".join(
        page.html + "".join(f"{name}: {value}\n" for name, value in page.headers.items()) for page in pages
    )


def around(visitor: Visitor, path: str) -> list[Page]:
    """What else can be opened, saved, shared and tried of a lookup, and the pages that tell of all of them."""
    shares = visitor.follow(visitor.press(visitor.get(f"{path}/shares"), "Create a link"))
    links = [
        urlsplit(box.get("value", "")).path for box in shares.root.iter("input") if box.get("readonly") is not None
    ]
    coverage = visitor.press(visitor.get(f"{path}/coverage"), "Ask who serves Michigan")
    tried = visitor.get("/try")
    tries = [visitor.press(tried, "Ping", operation="ping")]
    if any(form.get("class") == "filters" for form in tried.root.iter("form")):
        buttons = {
            "status": "GET /sessions/{token}",
            "internet": "GET …/services/internet",
            "close": "DELETE /sessions/{token}",
        }
        tries += [visitor.press(tried, button, operation=operation) for operation, button in buttons.items()]
    paths = (*links, f"{path}/console", f"{path}/calls.har", f"{path}/coverage", "/lookups", "/status")
    return [shares, coverage, *tries, *(visitor.get(each) for each in paths)]


def dump(site: Site) -> str:
    """Every row of every table, but for the one column that has to hold the session's token."""
    tables = MetaData()
    tables.reflect(site.services.engine)
    with site.database() as connection:
        rows = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.tables.items()
        }
    assert {"lookup", "snapshot", "call", "share", "coverage"} <= rows.keys()
    for row in rows["lookup"]:
        del row["token"]
    return repr(rows)


@pytest.mark.parametrize("key", few(SCENARIOS, ENDS))
def test_no_secret_leaves_by_page_file_header_log_or_stored_row(
    keyed: Site, log_lines: StringIO, key: str, capfd: pytest.CaptureFixture[str]
) -> None:
    address = SCENARIOS[key].address
    visitor = keyed.visitor()
    pages = [visitor.press(visitor.get("/"), "Look up", **address)]
    if pages[0].status == 303:
        pages.append(visitor.follow(pages[0]))
        pages.extend(visitor.watch(pages[-1]))
        pages.append(visitor.get(pages[0].location))
        pages.extend(visitor.get(address) for address in pages[-1].addresses_below(pages[0].location))
        pages.append(visitor.get(pages[0].location))
        if "Keep checking" in pages[-1].ways_on:
            pages.append(visitor.follow(visitor.press(pages[-1], "Keep checking")))
        if "Stop" in pages[-1].ways_on:
            pages.append(visitor.follow(visitor.press(pages[-1], "Stop")))
        pages.append(visitor.press(pages[-1], "Look up again"))
    secrets = {KEY, SECRET, *keyed.secrets_of_sessions()}
    with keyed.database() as connection:
        (*_, newest) = connection.execute(text("SELECT id FROM lookup ORDER BY created_at")).scalars()
    pages.extend(around(visitor, f"/lookups/{newest}"))
    line = matched(address, other_house=SCENARIOS[key].other_house).line()
    secrets |= {security_token(brand.name, line) for brand in ALL}
    out, err = capfd.readouterr()
    said = everything_sent(pages) + log_lines.getvalue() + out + err + dump(keyed)
    assert "hum_call" in log_lines.getvalue(), "nothing was logged, so nothing was tested"
    assert not [secret for secret in secrets if secret in said]
    assert "Scenario" not in log_lines.getvalue()
    assert "Woodward" not in log_lines.getvalue()


def test_the_secrets_looked_for_are_the_ones_that_hum_sends(keyed: Site) -> None:
    visitor = keyed.visitor()
    page = visitor.last(visitor.look_up(**SCENARIOS["fast"].address))
    tokens = keyed.secrets_of_sessions()
    assert len(tokens) == 1
    services = keyed.services.hum.get_internet(tokens.pop()).facts
    assert services.providers is not None
    assert sorted(provider.name for provider in services.providers.providers) == sorted(page.provider_names)
    assert {provider.name for provider in services.providers.providers} <= {brand.name for brand in ALL}


def test_what_was_typed_and_refused_is_not_logged(log_lines: StringIO, site: Site) -> None:
    visitor = site.visitor()
    typed = {"street1": "77 Quiet Hollow Ln", "street2": "Unit Zebra", "city": "Nowhereville", "zip": "1234"}
    assert visitor.press(visitor.get("/"), "Look up", **typed).status == 422
    assert visitor.get("/nothing/77-Quiet-Hollow-Ln?street1=77+Quiet+Hollow").status == 404
    assert '"status": 422' in log_lines.getvalue()
    for word in ("Quiet", "Zebra", "Nowhereville", '1234"'):
        assert word not in log_lines.getvalue()


def test_the_error_page_of_a_refused_key_shows_no_key(keyed: Site, log_lines: StringIO) -> None:
    visitor = keyed.visitor()
    page = visitor.press(visitor.get("/"), "Look up", **SCENARIOS["unauthorized"].address)
    assert page.status == 503
    assert '"event": "hum_key_refused"' in log_lines.getvalue()
    assert '"level": "error"' in log_lines.getvalue()
