"""The files beside nginx's: settings and units say what the program understands."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.web.site import Site, open_site
from tools import nginx, proxied
from webapp.settings import VARIABLES, load
from webapp.worker.program import LAST_CALLS

UNITS = proxied.DEPLOY / "systemd"


def unit(name: str) -> configparser.ConfigParser:
    """A unit file as sections of keys."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((UNITS / name).read_text())
    return parser


def test_every_setting_exists_and_fits(tmp_path: Path) -> None:
    shipped = proxied.shipped_environment()
    assert set(shipped) <= set(VARIABLES)
    settings = load({**shipped, "STATE_DIR": str(tmp_path), "HUM_API_KEY": "a-key", "SECRET_KEY": "s" * 32})
    assert settings.https
    assert settings.proxy_hops == 1
    assert settings.trusted_hosts == (proxied.NAME,)
    assert f"server {settings.host}:{settings.port};" in proxied.SITE_FILE.read_text()


def test_the_service_starts_what_the_procfile_starts() -> None:
    lines = dict(line.split(": ", 1) for line in (proxied.ROOT / "Procfile").read_text().splitlines())
    assert list(lines) == ["web", "worker"], "platforms count ports from the first line on"
    started = shlex.split(unit("hum-isp-lookup.service")["Service"]["ExecStart"])
    web = shlex.split(lines["web"])
    assert [Path(started[0]).name, *started[1:]] == web[web.index("gunicorn") :]
    started = shlex.split(unit("hum-isp-lookup-worker.service")["Service"]["ExecStart"])
    assert [Path(started[0]).name, *started[1:]] == shlex.split(lines["worker"])


def test_the_daily_deletion_reads_the_settings_that_the_server_reads() -> None:
    """Flask's command line would also read a `.env` file that it finds."""
    assert unit("hum-isp-lookup-prune.service")["Service"]["Environment"] == "FLASK_SKIP_DOTENV=1"


def test_the_timer_calls_a_command_that_there_is(tmp_path: Path) -> None:
    _, *arguments = shlex.split(unit("hum-isp-lookup-prune.service")["Service"]["ExecStart"])
    site: Site = open_site(tmp_path)
    assert arguments[:2] == ["--app", "webapp"]
    assert site.app.test_cli_runner().invoke(args=arguments[2:]).exit_code == 0
    site.close()


UNIT_NAMES = ["hum-isp-lookup.service", "hum-isp-lookup-worker.service", "hum-isp-lookup-prune.service"]


@pytest.mark.parametrize("name", UNIT_NAMES)
def test_all_run_as_the_same_user_on_the_same_settings(name: str) -> None:
    service = unit(name)["Service"]
    assert service["User"] == "hum-isp-lookup"
    assert service["EnvironmentFile"] == "/etc/hum-isp-lookup.env"
    assert Path("/var/lib", service["StateDirectory"]) == Path(proxied.shipped_environment()["STATE_DIR"])
    assert (UNITS / "hum-isp-lookup-prune.timer").is_file()


def test_systemd_waits_until_gunicorn_has_let_requests_end() -> None:
    graceful = re.search(r"graceful_timeout = (\d+)", (proxied.ROOT / "webapp" / "gunicorn_conf.py").read_text())
    assert graceful is not None
    assert int(unit("hum-isp-lookup.service")["Service"]["TimeoutStopSec"]) > int(graceful[1])


def test_systemd_waits_until_a_worker_has_ended_its_calls() -> None:
    assert int(unit("hum-isp-lookup-worker.service")["Service"]["TimeoutStopSec"]) > LAST_CALLS


@pytest.mark.parametrize("name", UNIT_NAMES[:2])
def test_systemd_starts_it_again_for_ever_and_lets_it_wait_for_the_database(name: str) -> None:
    service = unit(name)
    assert service["Unit"]["StartLimitIntervalSec"] == "0"
    assert service["Service"]["Restart"] == "on-failure"
    assert int(service["Service"]["RestartSec"]) >= 1
    assert service["Service"]["TimeoutStartSec"] == "infinity"


def test_a_chosen_nginx_that_is_no_program_is_said_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NGINX", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit, match="nothing is not a program"):
        nginx.find()


def test_the_nginx_named_by_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nginx").touch(mode=0o755)
    (tmp_path / "mine").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nginx.find() == str(tmp_path / "nginx")
    monkeypatch.setenv("NGINX", str(tmp_path / "mine"))
    assert nginx.find() == str(tmp_path / "mine")


def test_nginx_takes_the_configuration_without_a_word(programs: None, tmp_path: Path) -> None:
    """The syntax and every file, on the site's own folder."""
    running = proxied.Site(tmp_path, proxied.free_port(), proxied.free_port(), 1, proxied.make_certificate(tmp_path))
    main_file = proxied.configure(running, {})
    command = [
        str(nginx.find()),
        "-t",
        "-q",
        "-p",
        str(tmp_path),
        "-e",
        str(tmp_path / "error.log"),
        "-c",
        str(main_file),
    ]
    tested = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tested.returncode == 0
    # Said by nginx 1.25.1 and newer of a form that older ones need, and to those who are not root.
    said = [line for line in tested.stderr.splitlines() if "http2" not in line and '"user" directive' not in line]
    assert said == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("name", sorted(path.name for path in UNITS.iterdir()))
def test_systemd_understands_the_unit(name: str) -> None:
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(UNITS / name)], capture_output=True, text=True, check=False
    )
    assert "Unknown" not in checked.stderr
