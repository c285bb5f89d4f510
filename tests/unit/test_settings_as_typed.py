"""Values as people and platforms write them: read as they are meant, or refused at the start in one message that says
what to change.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.integration.web.site import open_site
from webapp.settings import Settings, SettingsError, load

SECRET = "s" * 48
NO_LINKS = """
import sys

def refuse(event, args):
    if event in {"os.link", "os.symlink"}:
        raise PermissionError(1, "Operation not permitted")

sys.addaudithook(refuse)
from webapp.settings import load
print(load({"STATE_DIR": sys.argv[1]}).secret_key)
"""
"""A process on a file system without links: their system calls fail as they do there."""
SECRET_OF = """
import sys
from webapp.settings import load
print("asks", flush=True)
print(*{load({"STATE_DIR": sys.argv[1]}).secret_key for _ in range(3)})
"""
"""A process that asks for the secret three times, and says so before."""


def loaded(folder: Path, **environ: str) -> Settings:
    return load({"STATE_DIR": str(folder), **environ})


def started(script: str, folder: Path) -> subprocess.Popen[str]:
    """A process of Python that runs the script for this folder. (One of `multiprocessing` would import this file, and
    with it the whole app.)
    """
    command = [sys.executable, "-c", script, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def refusal(**environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return str(refused.value)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_that_an_env_file_keeps_are_taken_off(tmp_path: Path, quote: str) -> None:
    plain = {
        "HUM_API_KEY": "abc-0123456789",
        "SECRET_KEY": SECRET,
        "PORT": "9000",
        "HUM_API_URL": "production",
        "TRUSTED_HOSTS": "a.example",
    }
    quoted = {name: f"{quote}{value}{quote}" for name, value in plain.items()}
    assert loaded(tmp_path, **quoted) == loaded(tmp_path, **plain)
    assert loaded(tmp_path, HUM_API_KEY=quote * 2).demo


@pytest.mark.parametrize("name", ["HUM_API_KEY", "SECRET_KEY"])
def test_empty_quotes_are_no_key_and_no_secret(name: str) -> None:
    given = {"APP_ENV": "production", "HUM_API_KEY": "abc-0123456789", "SECRET_KEY": SECRET} | {name: '""'}
    assert f"{name} is required" in refusal(**given)


def test_a_quote_on_one_side_of_a_key_is_said(tmp_path: Path) -> None:
    assert "HUM_API_KEY holds characters that no key has" in refusal(
        STATE_DIR=str(tmp_path), HUM_API_KEY='"abc-0123456789'
    )


@pytest.mark.parametrize("name", ["CAMPAIGN_ID", "SECRET_KEY", "STATE_DIR", "HOST", "DATABASE_URL", "TRUSTED_HOSTS"])
@pytest.mark.parametrize("character", ["\n", "\x1b", "\udce9"], ids=["line break", "escape", "no UTF-8"])
def test_characters_that_would_fail_later_are_refused_at_once(tmp_path: Path, name: str, character: str) -> None:
    message = refusal(**{"STATE_DIR": str(tmp_path), name: f"a{SECRET}{character}b"})
    assert f"{name} holds characters that cannot be read" in message
    assert message.isprintable() or message.count("\n") == 1


LISTENING = {
    "[::]": ("::", "[::]:8000"),
    "::1": ("::1", "[::1]:8000"),
    "0.0.0.0": ("0.0.0.0", "0.0.0.0:8000"),
    "localhost": ("localhost", "localhost:8000"),
    "sales_tool": ("sales_tool", "sales_tool:8000"),
}
"""HOST as it is typed, as it is read, and where the server then listens."""


@pytest.mark.parametrize("given", LISTENING)
def test_an_address_to_listen_on_is_read_with_and_without_brackets(tmp_path: Path, given: str) -> None:
    assert loaded(tmp_path, HOST=given).host == LISTENING[given][0]


STARTS = """
import sys
import webapp.gunicorn_conf as conf
print(conf.bind)
for host in sys.argv[1:]:
    conf.chosen.host = host
    print(conf.with_port(host, conf.chosen.port))
    conf.when_ready(None)
"""
"""A process of its own, because the configuration patches the standard library for gevent."""


@pytest.mark.soak
def test_the_server_listens_where_it_is_told_and_prints_an_address_that_can_be_opened(tmp_path: Path) -> None:
    printed = {
        "127.0.0.1": "at http://127.0.0.1:8000/ (DEMO",
        "::1": "at http://[::1]:8000/ (DEMO",
        "localhost": "at http://localhost:8000/ (DEMO",
        "sales_tool": "at http://sales_tool:8000/ (DEMO",
        "0.0.0.0": "at http://127.0.0.1:8000/, and at every other address of this machine (DEMO",
        "::": "at http://[::1]:8000/, and at every other address of this machine (DEMO",
    }
    environment = {**os.environ, "HOST": "[::]", "STATE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", STARTS, *printed]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    bind, *lines = done.stdout.splitlines()
    assert bind == "[::]:8000"
    listening = dict(zip(printed, lines[::2], strict=True))
    assert listening == {"127.0.0.1": "127.0.0.1:8000", **dict(LISTENING.values())}
    for said, expected in zip(lines[1::2], printed.values(), strict=True):
        assert said.startswith(f"Hum ISP Lookup is ready {expected}")


@pytest.mark.parametrize("given", ["http://0.0.0.0", "0.0.0.0:80", "*", "[::]:80", "1.2.3", "300.1.1.1", "a b"])
def test_what_is_no_address_to_listen_on_is_said(tmp_path: Path, given: str) -> None:
    assert "HOST must be an address of this machine" in refusal(STATE_DIR=str(tmp_path), HOST=given)


TRUSTED = [
    ("https://lookup.example.com", "lookup.example.com"),
    ("http://lookup.example.com:8443/start", "lookup.example.com:8443"),
    ("Lookup.Example.COM", "lookup.example.com"),
    ("lookup.example.com:8000", "lookup.example.com:8000"),
    ("lookup.example.com.", "lookup.example.com"),
    ("other.example, lookup.example.com", "lookup.example.com"),
    (".example.com", "lookup.example.com"),
    ("bücher.example", "xn--bcher-kva.example"),
    ("10.1.2.3", "10.1.2.3:8000"),
]


@pytest.mark.parametrize(("given", "host"), TRUSTED)
def test_a_trusted_host_is_trusted_however_it_is_written(tmp_path: Path, given: str, host: str) -> None:
    site = open_site(tmp_path, TRUSTED_HOSTS=given)
    client = site.app.test_client()
    assert client.get("/", headers={"Host": host}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example.org"}).status_code == 400
    site.close()


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("*", "must be left empty to answer to any name"),
        ("*.example.com", ": .example.com"),
        ("https://*.example.com/", ": .example.com"),
        ("a..b", "must hold host names"),
        ("look up!", "must hold host names"),
        (f"{'a' * 64}.example", "must hold host names"),
        ("[::1]", "cannot hold IPv6 addresses"),
    ],
)
def test_what_would_refuse_every_request_is_refused_at_the_start(tmp_path: Path, given: str, advice: str) -> None:
    message = refusal(STATE_DIR=str(tmp_path), TRUSTED_HOSTS=given)
    assert "TRUSTED_HOSTS" in message
    assert advice in message


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://me:hunter2@h:abc/db",
        "postgresql://me:hunter2@h:99999/db",
        "postgresql:hunter2",
        "postgresql://me:hunter2@h/db?sslmod=require",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:hunter2?mode=memory&uri=true",
        "sqlite:////tmp/x.db?hunter2=1",
    ],
)
def test_a_database_url_that_cannot_work_is_refused_without_its_password(tmp_path: Path, given: str) -> None:
    message = refusal(STATE_DIR=str(tmp_path), DATABASE_URL=given)
    assert "DATABASE_URL" in message
    assert "hunter2" not in message


def test_an_odd_path_is_one_path(tmp_path: Path) -> None:
    folder = tmp_path / "what? 100% #1"
    settings = loaded(folder)
    assert make_url(settings.database_url).database == str(folder / "lookups.sqlite3")


def test_a_folder_in_the_home_folder_is_found_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loaded(Path("~/state")).state_dir == tmp_path / "state"
    assert "STATE_DIR names a home folder" in refusal(STATE_DIR="~no-such-user/state")


# Root may write wherever the file system lets anybody write, so these are places where it does not.
@pytest.mark.parametrize("place", ["/proc", "/proc/none/state", "{file}", "{file}/below"])
@pytest.mark.parametrize(
    "environ", [{}, {"SECRET_KEY": SECRET}, {"DATABASE_URL": "postgresql://127.0.0.1/x"}], ids=["none", "secret", "url"]
)
def test_a_state_folder_that_cannot_be_one_is_one_message(tmp_path: Path, place: str, environ: dict[str, str]) -> None:
    (tmp_path / "file").touch()
    message = refusal(STATE_DIR=place.format(file=tmp_path / "file"), **environ)
    assert message.count("\n") == 1
    assert "STATE_DIR must be a folder that can be written to" in message


def test_a_state_folder_that_is_not_needed_may_be_anything() -> None:
    given = {"STATE_DIR": "/proc/none", "SECRET_KEY": SECRET, "DATABASE_URL": "postgresql://127.0.0.1/x"}
    assert load(given).secret_key == SECRET


def test_a_secret_that_is_there_may_be_read_only(tmp_path: Path) -> None:
    kept = loaded(tmp_path).secret_key
    (tmp_path / "secret_key").chmod(0o400)
    assert loaded(tmp_path).secret_key == kept


@pytest.mark.parametrize("place", ["none/x.sqlite3", "file/x.sqlite3", "folder", "/proc/x.sqlite3"])
def test_a_place_where_no_database_can_be_is_one_message(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    message = refusal(STATE_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path / place}")
    assert message.count("\n") == 1
    assert "DATABASE_URL must name a file in a folder that exists and can be written to" in message


def test_a_folder_in_the_place_of_the_usual_database_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "lookups.sqlite3").mkdir()
    assert "lookups.sqlite3 is a folder" in refusal(STATE_DIR=str(tmp_path))


def test_places_are_named_together_with_all_other_faults() -> None:
    message = refusal(
        STATE_DIR="/proc/none", PORT="none", DATABASE_URL="sqlite:////no/such/folder/x.db", TRUSTED_HOSTS="*"
    )
    assert [line.split()[1] for line in message.splitlines()[1:]] == [
        "PORT",
        "DATABASE_URL",
        "STATE_DIR",
        "TRUSTED_HOSTS",
    ]


@pytest.mark.soak
def test_one_secret_comes_of_many_starts_on_a_file_system_without_links(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    starts = [started(NO_LINKS, folder) for _ in range(4)]
    said = [start.communicate(timeout=60) for start in starts]
    assert [start.returncode for start in starts] == [0] * 4, said
    assert len({out for out, _ in said}) == 1
    assert len(said[0][0].strip()) >= 32
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


@pytest.mark.soak
@pytest.mark.parametrize("left", [b"", b"half", b"\0" * 64], ids=["nothing", "a half", "zeros"])
def test_a_secret_left_half_is_made_anew_and_all_agree(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(left)
    starts = [started(SECRET_OF, tmp_path) for _ in range(2)]
    (said,) = {start.communicate(timeout=60)[0] for start in starts}
    (secret,) = said.removeprefix("asks").split()
    assert len(secret) >= 32
    assert (tmp_path / "secret_key").read_text() == secret


@pytest.mark.soak
def test_a_secret_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    """Another process holds the file, empty as it has just been made."""
    script = """
import fcntl, sys, time
with open(sys.argv[1], "x+") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.readline()
    file.write("t" * 64)
"""
    path = tmp_path / "secret_key"
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "held\n"
    waiting = started(SECRET_OF, tmp_path)
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "asks\n"
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=0.5)
    writer.communicate("go\n", timeout=30)
    assert waiting.communicate(timeout=60)[0].strip() == "t" * 64
