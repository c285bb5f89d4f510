"""The environment: what it means when nothing is set, and what a person is told when something cannot be used."""

from __future__ import annotations

import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy.engine import make_url

from tests.paths import ROOT
from tools.settings_docs import markdown_table
from webapp.hum.client import HumClient
from webapp.settings import VARIABLES, Settings, SettingsError, load
from webapp.settings.values import PRODUCTION_URL, SANDBOX_URL, SIMULATOR_URL

KEY = "hum-key-0123456789"
SECRET = "s" * 48
NEEDED_IN_PRODUCTION = {"APP_ENV": "production", "HUM_API_KEY": KEY, "SECRET_KEY": SECRET}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def loaded(folder: Path, **environ: str) -> Settings:
    return load({"STATE_DIR": str(folder), **environ})


def refusal(folder: Path, **environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        loaded(folder, **environ)
    return str(refused.value)


def kept_secret(folder: Path) -> str:
    return loaded(folder).secret_key


def test_nothing_set_is_a_demo_for_this_machine_only(folder: Path) -> None:
    settings = loaded(folder)
    assert (settings.host, settings.port, settings.app_env, settings.https, settings.proxy_hops) == (
        "127.0.0.1",
        8000,
        "development",
        False,
        0,
    )
    assert (settings.demo, settings.environment, settings.upstream_url) == (True, "DEMO", SIMULATOR_URL)
    assert settings.database_url == f"sqlite:///{folder / 'lookups.sqlite3'}"
    assert (settings.hum_sync, settings.trusted_hosts, settings.campaign_id) == ((), (), "")
    assert settings.poll_interval == 2.0


def test_an_empty_or_blank_variable_is_one_that_is_not_set(folder: Path) -> None:
    blank = {name: "  " for name in VARIABLES if name != "STATE_DIR"}
    assert loaded(folder, **blank) == loaded(folder)


def test_every_field_has_its_variable_and_its_reason(folder: Path) -> None:
    settings = loaded(folder)
    assert [name.lower() for name in VARIABLES] == [name for name, _ in settings]
    assert all(field.description for field in VARIABLES.values())


def test_what_is_set_arrives(folder: Path) -> None:
    settings = loaded(
        folder,
        HUM_API_KEY=f" {KEY}\n",
        HUM_API_URL="Production",
        HUM_SYNC="geocode, internet",
        TRUSTED_HOSTS="hum.example.com, www.example.com",
        HTTPS="Yes",
        PORT="9000",
        LOG_LEVEL="DEBUG",
        POLL_INTERVAL="0.2",
    )
    assert (settings.hum_api_key, settings.environment, settings.upstream_url) == (KEY, "LIVE", PRODUCTION_URL)
    assert settings.hum_sync == ("geocode", "internet")
    assert settings.trusted_hosts == ("hum.example.com", "www.example.com")
    assert (settings.https, settings.port, settings.log_level, settings.poll_interval) == (True, 9000, "debug", 0.2)


FAULTY = {
    "APP_ENV": "staging",
    "PORT": "65536",
    "HUM_API_KEY": "key with blanks",
    "HUM_API_URL": "ftp://hum.example.com",
    "HUM_SYNC": "geocoding",
    "CAMPAIGN_ID": "c" * 101,
    "HOST": "http://0.0.0.0",
    "TRUSTED_HOSTS": "*",
    "DATABASE_CONNECTIONS": "0",
    "DATABASE_URL": "mysql://localhost/hum",
    "SECRET_KEY": "too short",
    "HTTPS": "maybe",
    "PROXY_HOPS": "-1",
    "HUM_CONNECTIONS": "many",
    "LOG_LEVEL": "loud",
    "TIME_ZONE": "Mars/Olympus",
    "POLL_INTERVAL": "nan",
}


def test_every_fault_is_named_in_one_message(folder: Path) -> None:
    lines = refusal(folder, **FAULTY).splitlines()[1:]
    assert sorted(line.split()[1] for line in lines) == sorted(FAULTY)


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_alone_is_refused_before_anything_is_made(folder: Path, name: str) -> None:
    assert name in refusal(folder, **{name: FAULTY[name]})
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "８０００"),
        ("PORT", "8000.0"),
        ("POLL_INTERVAL", "inf"),
        ("POLL_INTERVAL", "0"),
        ("HUM_CONNECTIONS", "0"),
    ],
)
def test_numbers_outside_their_range_are_refused_with_what_was_given(folder: Path, name: str, value: str) -> None:
    message = refusal(folder, **{name: value})
    assert name in message
    assert value in message


@pytest.mark.parametrize(("given", "read"), [("", None), ("auto", None), ("Auto", None), ("0", 0), ("7", 7)])
def test_lookups_a_minute_are_a_number_or_follow_hum(folder: Path, given: str, read: int | None) -> None:
    assert loaded(folder, LOOKUPS_PER_MINUTE=given).lookups_per_minute == read


@pytest.mark.parametrize("given", ["automatic", "-1", "100001", "1.5"])
def test_lookups_a_minute_that_are_neither_are_refused(folder: Path, given: str) -> None:
    message = refusal(folder, LOOKUPS_PER_MINUTE=given)
    assert f"LOOKUPS_PER_MINUTE must be a whole number from 0 to 100000, or auto (it is '{given}')" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUM_API_KEY", "hunter2 has blanks"),
        ("HUM_API_KEY", "hunter2" * 100),
        ("SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "mysql://me:hunter2@localhost/hum"),
        ("HUM_API_URL", "https://me:hunter2@api.letshum.com"),
    ],
)
def test_no_secret_is_repeated_in_a_refusal(folder: Path, name: str, value: str) -> None:
    message = refusal(folder, **{name: value})
    assert name in message
    assert "hunter2" not in message


def test_no_secret_is_in_the_repr(folder: Path) -> None:
    settings = loaded(folder, HUM_API_KEY=KEY, SECRET_KEY=SECRET, DATABASE_URL="postgresql://me:hunter2@localhost/hum")
    for secret in (KEY, SECRET, "hunter2"):
        assert secret not in repr(settings)


def test_only_the_variables_that_are_handed_over_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / ".env").write_text("PORT=9001\nLOG_LEVEL=debug\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PORT", "9002")
    assert loaded(folder, port="9003", UNKNOWN="1") == loaded(folder)
    monkeypatch.setenv("STATE_DIR", str(folder))
    of_the_process = load()
    assert (of_the_process.port, of_the_process.log_level) == (9002, "info")


def test_a_refusal_holds_our_words_only(folder: Path) -> None:
    message = refusal(folder, **FAULTY)
    assert not [word for word in ("pydantic", "Value error", "input", "validation") if word in message]


def test_settings_do_not_change(folder: Path) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        loaded(folder).port = 9000  # type: ignore[misc]


@pytest.mark.parametrize("missing", ["HUM_API_KEY", "SECRET_KEY"])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_production_refuses_to_start_without_key_and_secret(folder: Path, missing: str, blank: str | None) -> None:
    environ = {name: value for name, value in NEEDED_IN_PRODUCTION.items() if name != missing}
    message = refusal(folder, **environ, **({} if blank is None else {missing: blank}))
    assert f"{missing} is required" in message
    assert message.count("\n") == 1


def test_production_starts_with_both(folder: Path) -> None:
    settings = loaded(folder, **NEEDED_IN_PRODUCTION)
    assert (settings.app_env, settings.environment, settings.upstream_url) == ("production", "SANDBOX", SANDBOX_URL)
    assert not (folder / "secret_key").exists()


@pytest.mark.parametrize(
    ("given", "upstream", "badge"),
    [
        ("", SANDBOX_URL, "SANDBOX"),
        ("sandbox", SANDBOX_URL, "SANDBOX"),
        ("PRODUCTION", PRODUCTION_URL, "LIVE"),
        (PRODUCTION_URL, PRODUCTION_URL, "LIVE"),
        (f"{PRODUCTION_URL}/", PRODUCTION_URL, "LIVE"),
        ("https://API.letshum.com", PRODUCTION_URL, "LIVE"),
        ("https://hum.example.com/v1/", "https://hum.example.com/v1", "CUSTOM"),
        ("http://localhost:8900", "http://localhost:8900", "CUSTOM"),
        ("http://127.0.0.1:8900/", "http://127.0.0.1:8900", "CUSTOM"),
        ("http://[::1]:8900", "http://[::1]:8900", "CUSTOM"),
    ],
)
def test_where_hum_is_reached_and_what_the_badge_says(folder: Path, given: str, upstream: str, badge: str) -> None:
    settings = loaded(folder, HUM_API_KEY=KEY, HUM_API_URL=given)
    assert (settings.upstream_url, settings.environment) == (upstream, badge)
    assert HumClient(settings.upstream_url, settings.hum_api_key).base_url == upstream


@pytest.mark.parametrize(
    "given",
    [
        "http://api.letshum.com",
        "http://10.0.0.1:8900",
        "api.letshum.com",
        "https://",
        "https://api.letshum.com?key=1",
        "https://api.letshum.com#top",
        "https://api.letshum.com:port",
        "https://api.letshum.com:0",
        "https://api letshum.com",
        "https://api.letshum.com/../other",
        "https:\\\\api.letshum.com",
        "file://localhost/etc/hosts",
    ],
)
def test_a_url_that_would_send_the_key_astray_is_refused(folder: Path, given: str) -> None:
    assert "HUM_API_URL must be sandbox, production" in refusal(folder, HUM_API_KEY=KEY, HUM_API_URL=given)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_urls_as_platforms_give_them_use_the_installed_driver(folder: Path, scheme: str) -> None:
    settings = loaded(folder, DATABASE_URL=f"{scheme}://me:pw@db.example.com:5433/hum?sslmode=require")
    url = make_url(settings.database_url)
    assert (url.drivername, url.username, url.password, url.host, url.port, url.database) == (
        "postgresql+psycopg", "me", "pw", "db.example.com", 5433, "hum",
    )  # fmt: skip
    assert url.query == {"sslmode": "require"}


def test_a_sqlite_url_is_taken_as_it_is(folder: Path) -> None:
    url = f"sqlite:///{folder.parent / 'hum.sqlite3'}"
    assert loaded(folder, DATABASE_URL=url).database_url == url


def test_the_generated_secret_is_long_kept_and_for_its_owner_only(folder: Path) -> None:
    first = kept_secret(folder)
    path = folder / "secret_key"
    assert len(first) >= 32
    assert kept_secret(folder) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret_key"], "no draft is left behind"
    assert loaded(folder, SECRET_KEY=SECRET).secret_key == SECRET
    assert loaded(folder.with_name("another")).secret_key != first


@pytest.mark.soak
def test_processes_that_start_at_once_share_one_generated_secret(folder: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert len(set(pool.map(kept_secret, [folder] * 6))) == 1
    assert [file.name for file in folder.iterdir()] == ["secret_key"]


def test_each_purpose_has_a_key_of_its_own(folder: Path) -> None:
    settings = loaded(folder, SECRET_KEY=SECRET)
    keys = {
        settings.derived_secret("simulator"),
        settings.derived_secret("links"),
        loaded(folder, SECRET_KEY="t" * 48).derived_secret("links"),
    }
    assert len(keys) == 3
    assert all(len(key) == 32 and SECRET.encode() not in key for key in keys)
    assert settings.derived_secret("links") == settings.derived_secret("links")


def test_the_readme_shows_the_settings_as_they_are() -> None:
    assert markdown_table() in (ROOT / "README.md").read_text()


def test_the_table_has_a_row_for_each_variable() -> None:
    rows = markdown_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(VARIABLES)
    assert all(row.count("|") == 4 for row in rows), "no text breaks its cell"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("/", ""),
        ("/isp", "/isp"),
        ("isp", "/isp"),
        ("/isp/", "/isp"),
        ("/tools/isp-lookup", "/tools/isp-lookup"),
    ],
)
def test_a_path_prefix_is_read_as_meant(tmp_path: Path, given: str, read: str) -> None:
    assert load({"STATE_DIR": str(tmp_path), "SCRIPT_NAME": given}).script_name == read


@pytest.mark.parametrize("given", ["https://example.com/isp", "/a//b", "/..", "/is p", "/isp?x", "/<b>"])
def test_a_path_prefix_that_is_no_path_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="SCRIPT_NAME must be a path such as /isp"):
        load({"STATE_DIR": str(tmp_path), "SCRIPT_NAME": given})


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("H_API_URL", "http://agents.example.com", "must be eu, us, an https URL or an http URL of this machine"),
        ("H_API_URL", "https://me:hunter2@agp.example.com", "must be eu, us, an https URL"),
        ("H_API_KEY", "hk with blanks", "holds characters that no key has"),
        ("H_AGENT", "a b", "must be the name of an agent such as h/web-surfer-flash"),
        ("H_MAX_SECONDS", "91", "must be a whole number from 20 to 90"),
        ("H_MAX_STEPS", "0", "must be a whole number from 1 to 200"),
        ("H_MAX_COST", "0", "must be US dollars from 0.01 to 100"),
        ("H_MAX_COST", "nan", "must be US dollars from 0.01 to 100"),
        ("H_MAX_COST", "1e1", "must be US dollars from 0.01 to 100"),
        ("H_CONCURRENCY", "0", "must be a whole number from 1 to 50"),
    ],
)
def test_what_a_web_search_cannot_be_given_is_said_without_secrets(
    folder: Path, name: str, given: str, said: str
) -> None:
    message = refusal(folder, **{name: given})
    assert f"{name} {said}" in message
    assert "hunter2" not in message
    assert "hk with" not in message


def test_the_web_is_searched_in_a_demo_and_with_a_key_of_its_own(folder: Path) -> None:
    assert loaded(folder).researches
    assert not loaded(folder, HUM_API_KEY=KEY).researches
    with_key = loaded(folder, HUM_API_KEY=KEY, H_API_KEY="hk-0123456789", H_MAX_COST="0.25")
    assert with_key.researches
    assert (with_key.h_max_seconds, with_key.h_max_steps, with_key.h_max_cost, with_key.h_concurrency) == (
        90,
        30,
        0.25,
        2,
    )
    assert "hk-0123456789" not in repr(with_key)
