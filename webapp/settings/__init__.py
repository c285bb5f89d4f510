"""Every environment variable the program reads, declared once: name, type, default and meaning. All faults are reported
at once.

`load` is the only reader of the environment. The README's table and `.env.example` are generated from `Settings`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from webapp.database.urls import sqlite_url, unusable_folder
from webapp.embedding.origins import Pattern
from webapp.identity.presets import PRESETS, IdentityHeaders
from webapp.settings import state_folder, values
from webapp.settings.values import PRODUCTION_URL, SANDBOX_URL, SIMULATOR_URL, reads, whole_number


class SettingsError(Exception):
    """The environment cannot be used; the message lists every fault on a line of its own."""


def _setting(default: str, description: str, *, in_repr: bool = True) -> Any:
    """A field whose default is a text like those of the environment, and is read like them."""
    return Field(default, validate_default=True, description=description, repr=in_repr)


class Settings(BaseSettings):
    """What the program runs with. Fields carry the variables' names in lower case; secrets are kept out of `repr`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    app_env: Annotated[str, reads(values.choice("development", "production"))] = _setting(
        "development", "`production` refuses to start without key and secret"
    )
    host: Annotated[str, reads(values.listening_address)] = _setting(
        "127.0.0.1", "address to listen on; only this machine by default"
    )
    port: Annotated[int, reads(whole_number(1, 65535))] = _setting("8000", "port to listen on")
    hum_api_key: Annotated[str, reads(values.api_key, quoted=False)] = _setting(
        "", "Hum API token; without it the app runs on its simulator and says DEMO", in_repr=False
    )
    hum_api_url: Annotated[str, reads(values.hum_url, quoted=False)] = _setting(
        "sandbox", "`sandbox`, `production`, or another https or loopback URL that speaks the Hum API"
    )
    hum_sync: Annotated[tuple[str, ...], reads(values.agents)] = _setting(
        "", "agents Hum runs inside the first request (`geocode internet`); old keys only, off by default"
    )
    campaign_id: Annotated[str, reads(values.text_of_at_most(100))] = _setting(
        "", "sent to Hum with each lookup, to tell sources apart; at most 100 characters"
    )
    database_url: Annotated[str, reads(values.database_url, quoted=False)] = _setting(
        "", "SQLAlchemy URL of SQLite or PostgreSQL; default is a SQLite file in `STATE_DIR`", in_repr=False
    )
    secret_key: Annotated[str, reads(values.secret, quoted=False)] = _setting(
        "", "signs cookies; default is a random one kept in `STATE_DIR`", in_repr=False
    )
    state_dir: Annotated[Path, reads(values.folder)] = _setting(
        "var", "folder for the SQLite files and the generated secret"
    )
    https: Annotated[bool, reads(values.switch)] = _setting(
        "0", "1 when TLS ends in front of the app: cookies become Secure, HSTS is sent"
    )
    proxy_hops: Annotated[int, reads(whole_number(0, 5))] = _setting(
        "0", "how many reverse proxies in front set X-Forwarded-*; 0 ignores those headers"
    )
    trusted_hosts: Annotated[tuple[str, ...], reads(values.trusted_hosts)] = _setting(
        "", "host names the app answers to; `.example.com` means all names below it, empty means any"
    )
    script_name: Annotated[str, reads(values.path_prefix)] = _setting(
        "", "path that the app is served under, such as `/isp`; empty when it has a host name to itself"
    )
    auth: Annotated[str, reads(values.choice("none", "proxy", "oidc"))] = _setting(
        "none",
        "how people sign in: `none`, by a `proxy` in front, or at an OpenID Connect provider (`oidc`); docs/sign-in.md",
    )
    auth_proxy_addresses: Annotated[tuple[values.Network | str, ...], reads(values.proxy_addresses)] = _setting(
        "", "with AUTH=proxy: addresses or networks whose headers are believed, or `unix` for a Unix socket"
    )
    auth_preset: Annotated[str, reads(values.choice("custom", *PRESETS))] = _setting(
        "custom",
        f"with AUTH=proxy: whose headers are read: {', '.join(f'`{name}`' for name in PRESETS)}, or `custom` ones",
    )
    auth_user_header: Annotated[str, reads(values.header_name)] = _setting(
        "", "with AUTH=proxy: the header that names the person, in place of the preset's"
    )
    auth_name_header: Annotated[str, reads(values.header_name)] = _setting(
        "", "with AUTH=proxy: the header with the name to show, in place of the preset's"
    )
    auth_groups_header: Annotated[str, reads(values.header_name)] = _setting(
        "", "with AUTH=proxy: the header with the person's groups, in place of the preset's"
    )
    auth_jwt_keys: Annotated[str, reads(values.https_url)] = _setting(
        "", "with AUTH=proxy: URL of the keys (JWKS) that a signed header is checked with"
    )
    auth_jwt_audience: Annotated[str, reads(values.text_of_at_most(500))] = _setting(
        "", "with AUTH_JWT_KEYS: whom the signed header must be meant for"
    )
    auth_sign_out_url: Annotated[str, reads(values.page_address)] = _setting(
        "",
        "with AUTH=proxy: where the proxy ends its own session, such as `/oauth2/sign_out`; for the menu's *Sign out*",
    )
    oidc_issuer: Annotated[str, reads(values.https_url)] = _setting(
        "", "with AUTH=oidc: the provider's issuer, under which `/.well-known/openid-configuration` lies"
    )
    oidc_client_id: Annotated[str, reads(values.text_of_at_most(500))] = _setting(
        "", "with AUTH=oidc: the id that the provider gave this site"
    )
    oidc_client_secret: Annotated[str, reads(values.api_key, quoted=False)] = _setting(
        "", "with AUTH=oidc: the secret that goes with it; empty for a public client", in_repr=False
    )
    oidc_scopes: Annotated[str, reads(values.text_of_at_most(500))] = _setting(
        "openid profile email", "with AUTH=oidc: scopes to ask for, blanks between them; some providers need `groups`"
    )
    auth_groups_claim: Annotated[str, reads(values.text_of_at_most(200))] = _setting(
        "groups", "claim of a token that holds the person's groups; a path such as `realm_access.roles` is followed"
    )
    auth_user_groups: Annotated[frozenset[str], reads(values.group_names)] = _setting(
        "", "groups that may use this site, commas between them; empty for everybody who can sign in"
    )
    auth_operator_groups: Annotated[frozenset[str], reads(values.group_names)] = _setting(
        "", "groups that may see the status and *Try the API* on a live key; empty for nobody"
    )
    auth_session_hours: Annotated[int, reads(whole_number(1, 720))] = _setting(
        "12", "with AUTH=oidc: hours after which one has to sign in again"
    )
    auth_idle_minutes: Annotated[int, reads(whole_number(5, 43_200))] = _setting(
        "120", "with AUTH=oidc: minutes without a request after which one has to sign in again"
    )
    audit_addresses: Annotated[bool, reads(values.switch)] = _setting(
        "0", "1 writes the address of a started lookup into the audit log"
    )
    embed_origins: Annotated[tuple[Pattern, ...], reads(values.embed_origins)] = _setting(
        "",
        "sites whose pages may hold the lookup in a frame, such as `https://*.example.org`; empty means none",
    )
    embed_secret: Annotated[str, reads(values.secret, quoted=False)] = _setting(
        "",
        "shared with an intranet that names its visitors by signed tokens; with it no frame opens without one",
        in_repr=False,
    )
    embed_lookups_per_minute: Annotated[int, reads(whole_number(0, 1_000_000))] = _setting(
        "60", "lookups a minute of all frames in pages of one site; 0 means no limit"
    )
    web_concurrency: Annotated[int, reads(whole_number(1, 64))] = _setting("2", "worker processes")
    database_connections: Annotated[int, reads(whole_number(1, 1_000))] = _setting(
        "12", "database connections a process keeps open; at busy moments it opens as many again"
    )
    hum_connections: Annotated[int, reads(whole_number(1, 10_000))] = _setting(
        "500", "calls a worker may have at Hum at once: watched lookups x Hum's latency / poll interval"
    )
    log_level: Annotated[str, reads(values.choice("debug", "info", "warning", "error"))] = _setting(
        "info", "how much is logged; never streets, keys or tokens"
    )
    time_zone: Annotated[ZoneInfo, reads(values.time_zone)] = _setting(
        "UTC", "IANA name of the zone for times in exports and pages without JavaScript"
    )
    poll_interval: Annotated[float, reads(values.seconds(0.05, 10))] = _setting(
        "2", "seconds between the first status polls of a lookup; Hum asks for 2 to 3"
    )
    lookups_per_minute: Annotated[int | None, reads(values.whole_number_or_auto(0, 100_000))] = _setting(
        values.AUTO,
        "lookups that one browser may begin in a minute; `auto` is a fair share of Hum's limit (20 until Hum states "
        "one), 0 is any number",
    )
    lookups_per_minute_address: Annotated[int, reads(whole_number(0, 100_000))] = _setting(
        "120", "lookups that one network address may begin in a minute, a whole office perhaps; 0 for any number"
    )
    lookups_per_day: Annotated[int, reads(whole_number(0, 10_000_000))] = _setting(
        "0", "lookups that all together may begin in a day of TIME_ZONE; 0 for any number"
    )
    lookups_kept_days: Annotated[int, reads(whole_number(1, 3650))] = _setting(
        "30", "days for which lookups are kept; the worker deletes the older ones, as does `flask --app webapp prune`"
    )
    calls_kept_days: Annotated[int, reads(whole_number(0, 365))] = _setting(
        "7", "days for which the API console keeps what was asked of Hum; 0 records nothing"
    )
    honeyhive_api_key: Annotated[str, reads(values.api_key, quoted=False)] = _setting(
        "",
        "HoneyHive API key; with it the worker sends a trace of each lookup, without its address: docs/traces.md",
        in_repr=False,
    )
    honeyhive_api_url: Annotated[str, reads(values.https_url, quoted=False)] = _setting(
        "https://api.dp1.us.honeyhive.ai", "with HONEYHIVE_API_KEY: where the HoneyHive API is"
    )
    metrics_addresses: Annotated[tuple[values.Network | str, ...], reads(values.proxy_addresses)] = _setting(
        "",
        "addresses or networks that may read the figures for Prometheus at `/metrics`, or `unix` for a Unix socket; "
        "empty: nothing is counted: docs/operations.md",
    )
    confirm_live: Annotated[bool, reads(values.switch)] = _setting(
        "0", "1 asks in each browser before the first lookup of a day that goes to the live Hum API"
    )
    try_live: Annotated[bool, reads(values.switch)] = _setting(
        "0", "1 opens *Try the API* beyond demo and sandbox; its calls cost what lookups cost"
    )
    h_api_key: Annotated[str, reads(values.api_key, quoted=False)] = _setting(
        "",
        "H Company's API key for *Search the web* where Hum finds nothing; without it there is no such button "
        "(docs/research.md)",
        in_repr=False,
    )
    h_api_url: Annotated[str, reads(values.agent_url, quoted=False)] = _setting(
        "eu", "with H_API_KEY: `eu`, `us`, or another https or loopback URL that speaks H Company's agent API"
    )
    h_agent: Annotated[str, reads(values.agent_name)] = _setting(
        "h/web-surfer-holo3-1-35b",
        "with H_API_KEY: the agent of H's catalog that searches, such as `h/web-surfer-flash`",
    )
    h_max_seconds: Annotated[int, reads(whole_number(20, 90))] = _setting(
        "90", "seconds that one web search may work; it is ended 30 seconds later at the latest"
    )
    h_max_steps: Annotated[int, reads(whole_number(1, 200))] = _setting("30", "steps that one web search may take")
    h_max_cost: Annotated[float, reads(values.dollars(0.01, 100))] = _setting(
        "0.50", "US dollars after which the agent is asked for its answer"
    )
    h_concurrency: Annotated[int, reads(whole_number(1, 50))] = _setting(
        "2", "web searches that may run at once, for all people together"
    )

    @field_validator("hum_api_key", "secret_key")
    @classmethod
    def _given_in_production(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.data.get("app_env") == "production":
            raise ValueError("is required with APP_ENV=production")
        return value

    @field_validator("auth_proxy_addresses", "oidc_issuer", "oidc_client_id")
    @classmethod
    def _given_for_the_sign_in(cls, value: object, info: ValidationInfo) -> object:
        """Without its list of proxies everybody could name anybody, so that nothing is believed by default."""
        way = "oidc" if str(info.field_name).startswith("oidc") else "proxy"
        if not value and info.data.get("auth") == way:
            raise ValueError(f"is required with AUTH={way}")
        return value

    @field_validator("auth_user_header")
    @classmethod
    def _known_from_the_preset(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.data.get("auth") == "proxy" and info.data.get("auth_preset") == "custom":
            raise ValueError("or AUTH_PRESET is required with AUTH=proxy")
        return value

    @field_validator("auth_jwt_keys")
    @classmethod
    def _given_where_headers_are_signed(cls, value: str, info: ValidationInfo) -> str:
        preset = PRESETS.get(info.data.get("auth_preset", ""))
        if not value and info.data.get("auth") == "proxy" and preset and preset.signed:
            raise ValueError(f"is required with AUTH_PRESET={info.data['auth_preset']}")
        return value

    @field_validator("auth_jwt_audience")
    @classmethod
    def _given_with_keys(cls, value: str, info: ValidationInfo) -> str:
        """A token for another application is signed with the same keys."""
        if not value and info.data.get("auth_jwt_keys"):
            raise ValueError("is required with AUTH_JWT_KEYS")
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _asks_who(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must name openid")
        return value

    @field_validator("state_dir")
    @classmethod
    def _can_be_written_to(cls, folder: Path, info: ValidationInfo) -> Path:
        """`info.data` holds the fields above this one, those without a fault: what the folder is needed for."""
        fault = state_folder.fault_of(
            folder,
            holds_database=info.data.get("database_url") == "",
            holds_secret=info.data.get("secret_key") == "",
        )
        if fault is not None:
            raise ValueError(f"must be a folder that can be written to: {fault}")
        return folder

    @field_validator("metrics_addresses")
    @classmethod
    def _has_a_folder_to_count_in(cls, value: object, info: ValidationInfo) -> object:
        folder = info.data.get("state_dir")
        fault = unusable_folder(folder.absolute()) if value and folder is not None else None
        if fault is not None:
            raise ValueError(f"needs STATE_DIR, where counts are kept: {fault}")
        return value

    @property
    def identity_headers(self) -> IdentityHeaders:
        """The request headers that name a person with AUTH=proxy."""
        preset = PRESETS.get(self.auth_preset, IdentityHeaders(""))
        return IdentityHeaders(
            self.auth_user_header or preset.user,
            self.auth_name_header or preset.name,
            self.auth_groups_header or preset.groups,
            preset.signed,
        )

    @property
    def demo(self) -> bool:
        """No key of Hum: simulators answer in place of Hum and of H's agents."""
        return not self.hum_api_key

    @property
    def traces_are_simulated(self) -> bool:
        """In a demo without a HoneyHive key, the simulator of HoneyHive takes the traces."""
        return self.demo and not self.honeyhive_api_key

    @property
    def environment(self) -> str:
        """What the badge says: DEMO, SANDBOX, LIVE or, for any other Hum address, CUSTOM."""
        if self.demo:
            return "DEMO"
        return {SANDBOX_URL: "SANDBOX", PRODUCTION_URL: "LIVE"}.get(self.hum_api_url, "CUSTOM")

    @property
    def upstream_url(self) -> str:
        """Where Hum is reached: the simulator's name in demo mode, else the configured address."""
        return SIMULATOR_URL if self.demo else self.hum_api_url

    @property
    def researches(self) -> bool:
        """Whether the web can be searched: with a key of H's, and in a demo, where a simulator does it."""
        return self.demo or bool(self.h_api_key)

    @property
    def agent_url(self) -> str:
        """Where H's agents are reached. In a demo nothing leaves the machine, whatever key is set."""
        return SIMULATOR_URL if self.demo else self.h_api_url

    def derived_secret(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, so that one leaked use of the secret opens no other."""
        return hashlib.sha256(f"{purpose}\0{self.secret_key}".encode()).digest()


VARIABLES: Mapping[str, FieldInfo] = {name.upper(): field for name, field in Settings.model_fields.items()}
"""Each environment variable by its name, with its default (as text) and its description."""


class _Environ(PydanticBaseSettingsSource):
    """The variables of one mapping, by exactly their names. No `.env` file and nothing else counts."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(Settings)
        self._environ = environ

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str, str, bool]:
        """The text that a variable was set to, "" for none. Quotes around it are taken off: a shell does that, Docker's
        env files do not.
        """
        text = self._environ.get(field_name.upper(), "").strip()
        if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
            text = text[1:-1].strip()
        return text, field_name, False

    def __call__(self) -> dict[str, str]:
        """What was set. An empty variable is one that is not set."""
        texts = {name: self.get_field_value(field, name)[0] for name, field in Settings.model_fields.items()}
        return {name: text for name, text in texts.items() if text}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks the whole environment: `environ`, or that of the process.

    Raises SettingsError naming every fault at once. Makes `STATE_DIR` and a random secret there when none is given.
    """
    source = _Environ(os.environ if environ is None else environ)
    try:
        settings = Settings(_build_sources=((source,), {}))
    except ValidationError as error:
        # Only our readers' own sentences: the text of pydantic's error would quote what was given, such as a key.
        raise _refusal(
            [f"{str(fault['loc'][0]).upper()} {fault['ctx']['error']}" for fault in error.errors()]
        ) from None
    return _with_kept_files(settings)


def _with_kept_files(settings: Settings) -> Settings:
    """The settings with what is kept in `STATE_DIR` in place of a URL and a secret that were not given."""
    folder = settings.state_dir
    try:
        return settings.model_copy(
            update={
                "database_url": settings.database_url or sqlite_url(state_folder.database_file(folder)),
                "secret_key": settings.secret_key or state_folder.kept_secret(folder),
            }
        )
    except OSError as error:
        raise _refusal(
            [
                f"STATE_DIR cannot be used: {error.filename or folder}: {error.strerror or 'refused'}. "
                "Choose another folder, or set both DATABASE_URL and SECRET_KEY"
            ]
        ) from None


def _refusal(faults: list[str]) -> SettingsError:
    return SettingsError("The settings cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults))
