"""AUTH=oidc: people sign in at an OpenID Connect provider (code flow with PKCE, state and nonce; Authlib does the
protocol).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Flask, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webapp.identity.browsers import browser_name
from webapp.identity.claims import person_from
from webapp.identity.person import NobodyNamed, Person, RoleGroups, viewer_of
from webapp.identity.provider_session import ProviderSession
from webapp.identity.signed_headers import ALGORITHMS, SignedTokens
from webapp.identity.store import key_of
from webapp.quotas.token_buckets import Rate, TokenBuckets, network_of
from webapp.services import Services
from webapp.telemetry import log
from webapp.web.context import services
from webapp.web.earlier_lookups import begin_session
from webapp.web.security import SAFE_METHODS

LEEWAY = 120
"""Seconds that the provider's clock and ours may be apart."""
MOST_BEGUN = 3
"""Sign-ins that one browser may have begun; each takes 300 bytes of its cookie."""
SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST_MESSAGE = 600.0
"""Seconds: a message that a provider could not deliver for longer is not taken from whoever has kept it."""
SIGN_INS_OF_A_NETWORK = Rate(most=300, per_second=3)
"""Each sign-in takes two: one on the way to the provider, and one on the way back, where we ask it for a token. So 150
people of one office may come at the same moment.
"""
MESSAGES_OF_A_NETWORK = Rate(most=1_000, per_second=20)
"""A provider may sign many people out at once."""
_NAME, _COOKIE = "provider", "sign_in"


class ProviderApp(FlaskOAuth2App):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's client on our HTTP, and with our list of algorithms in place of the provider's own, which may name ones
    that anybody can sign with.
    """

    client_cls = ProviderSession

    def load_server_metadata(self) -> dict[str, Any]:
        """The provider's description of itself."""
        metadata: dict[str, Any] = super().load_server_metadata()
        metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
        return metadata


class SignInFailed(Exception):
    """The provider, or what stands between it and us, signed nobody in."""


class TooManySignIns(Exception):
    """More from one network than people there can mean; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"wait {wait:.0f} s")
        self.wait = wait


class ProviderDoor:
    """Signs people in and out."""

    def __init__(self, app: Flask, parts: Services) -> None:
        settings = parts.settings
        self._settings = settings
        self._roles = RoleGroups(settings.auth_user_groups, settings.auth_operator_groups)
        self._sign_ins = TokenBuckets(SIGN_INS_OF_A_NETWORK, parts.clock)
        self._messages = TokenBuckets(MESSAGES_OF_A_NETWORK, parts.clock)
        self._tokens: SignedTokens | None = None
        self._provider = OAuth(app).register(
            _NAME,
            client_cls=ProviderApp,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": settings.oidc_scopes, "code_challenge_method": "S256"}
            | ({} if settings.oidc_client_secret else {"token_endpoint_auth_method": "none"}),
        )

    def person(self) -> Person | None:
        """Who is signed in with this browser's cookie."""
        token = session.get(_COOKIE)
        if not isinstance(token, str):
            return None
        return services().sign_ins.find(token)

    @property
    def key(self) -> str:
        """What this browser's sign-in is stored under."""
        return key_of(str(session.get(_COOKIE, "")))

    def ask_in(self) -> Response | tuple[str, int]:
        """To the provider and back to the page. What a button has sent cannot be sent again from there, so that it is
        kept on a page of its own.
        """
        if request.method in SAFE_METHODS:
            return redirect(url_for("sign_in.begin", next=_page_asked_for()))
        kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
        return render_template("errors/signed_out.html", kept=kept, again=request.full_path.removesuffix("?")), 401

    def begin(self, next_page: str) -> Response:
        """Sends the browser to the provider. Raises SignInFailed and TooManySignIns."""
        self._count(self._sign_ins)
        back = url_for("sign_in.back", _external=True)
        try:
            begun = self._provider.create_authorization_url(back)
            self._check_issuer()
        except Exception as error:
            # Whatever the provider's documents hold: Authlib expects them to be right.
            raise SignInFailed(type(error).__name__) from None
        address = begun.pop("url")
        self._forget_oldest()
        self._provider.save_authorize_data(redirect_uri=back, next=next_page, **begun)
        session.permanent = True
        return redirect(address)

    def end(self) -> tuple[Person, str]:
        """Takes the provider's answer: who is signed in now, and the page to go to. Raises SignInFailed and
        TooManySignIns.
        """
        self._count(self._sign_ins)
        state = request.args.get("state", "")
        begun = self._provider.framework.get_state_data(session, state) or {}
        try:
            token = self._provider.authorize_access_token(claims_options=self._demanded(), leeway=LEEWAY)
            person = self._person(token)
        except Exception as error:
            # An answer that is altered, replayed, late, half or no answer: the kind is for the log.
            raise SignInFailed(type(error).__name__) from None
        if person.roles:
            begin_session(person)
            session[_COOKIE] = services().sign_ins.begin(
                person, token["id_token"], browser_name(request.user_agent.string)
            )
        return person, local_page(str(begun.get("next", "")))

    def sign_out(self) -> str | None:
        """Ends the sign-in here; where the provider's own can be ended, if it says so."""
        id_token = services().sign_ins.end(str(session.get(_COOKIE, "")))
        session.clear()
        try:
            after = url_for("lookups.form", _external=True)
            found = self._provider.create_logout_url(after, id_token, client_id=self._settings.oidc_client_id)
        except Exception:
            # It has no such page, or cannot be asked. Here the person is signed out in any case.
            return None
        return str(found["url"])

    def end_by_message(self, message: str) -> int:
        """Ends the sign-ins of the person whom a signed message of the provider names (OpenID Connect Back-Channel
        Logout 1.0), but for those that began after it; of how many browsers. Raises SignInFailed and TooManySignIns.
        """
        self._count(self._messages)
        try:
            claims = self._claims_of(message)
        except Exception as error:
            # Anybody can send one: not signed, not for us, old, or no message at all.
            raise SignInFailed(type(error).__name__) from None
        viewer = viewer_of(claims["iss"], claims["sub"])
        return services().sign_ins.end_all_of(viewer, begun_until=claims["iat"] + LEEWAY)

    def _count(self, buckets: TokenBuckets) -> None:
        wait = buckets.take(network_of(request.remote_addr or ""), 1)
        if wait:
            log.warning("limit_reached", limit="sign-ins of a network")
            raise TooManySignIns(wait)

    def _claims_of(self, message: str) -> Mapping[str, Any]:
        provider, clock = self._provider.load_server_metadata(), services().clock
        self._check_issuer()
        if self._tokens is None:
            self._tokens = SignedTokens(provider["jwks_uri"], self._settings.oidc_client_id, clock=clock)
        claims = self._tokens.claims(
            message,
            iss={"essential": True, "value": provider["issuer"]},
            iat={"essential": True},
            # Older providers send none.
            exp={"essential": False},
        )
        events = claims.get("events")
        is_logout = isinstance(events, dict) and SIGNED_OUT in events and "nonce" not in claims
        names_somebody = isinstance(claims["sub"], str)
        if not is_logout or not names_somebody or clock() - claims["iat"] > OLDEST_MESSAGE:
            raise NobodyNamed
        return claims

    def _person(self, token: dict[str, Any]) -> Person:
        claims = token.get("userinfo")
        if not claims:
            raise NobodyNamed
        first = self._settings.auth_groups_claim.partition(".")[0]
        metadata = self._provider.server_metadata
        if self._settings.auth_groups_claim not in claims and first not in claims and "userinfo_endpoint" in metadata:
            more = self._provider.userinfo(token=token)
            if more.get("sub") == claims["sub"]:
                claims = {**more, **claims}
        return person_from(claims, str(claims["iss"]), self._settings.auth_groups_claim, self._roles)

    def _check_issuer(self) -> None:
        """The issuer is what everything else is checked against, so that it must be the one that was set."""
        if str(self._provider.server_metadata.get("issuer")).removesuffix("/") != self._settings.oidc_issuer:
            raise SignInFailed("issuer")

    def _demanded(self) -> dict[str, dict[str, object]]:
        return {
            "iss": {"essential": True, "values": [self._provider.load_server_metadata()["issuer"]]},
            "aud": {"essential": True, "values": [self._settings.oidc_client_id]},
            "nonce": {"essential": True},
        }

    def _forget_oldest(self) -> None:
        begun = [key for key in session if key.startswith(f"_state_{_NAME}_")]
        for key in sorted(begun, key=lambda key: session[key].get("exp", 0))[: -MOST_BEGUN + 1]:
            session.pop(key)


def local_page(address: str) -> str:
    """A path of this site that is safe to go to; the form for anything else."""
    is_local = address.startswith("/") and not address.startswith("//")
    if is_local and "\\" not in address and address.isprintable():
        return address
    return url_for("lookups.form")


def _page_asked_for() -> str:
    """The page that a person sees: that of the request, or the one that htmx sent it for."""
    shown = request.headers.get("HX-Current-URL")
    if shown is not None and "HX-Request" in request.headers:
        url = urlsplit(shown)
        return f"{url.path}?{url.query}".removesuffix("?")
    return f"{request.script_root}{request.full_path}".removesuffix("?")
