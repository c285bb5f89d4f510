"""An OpenID Connect provider over real HTTP, which can be told to lie, and a browser that goes there and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.integration.web.page import Page
from tests.integration.web.site import Site, serve
from tests.integration.web.visitor import Visitor
from tools import demo_provider

CLIENT = "hum-lookup"
Claims = dict[str, Any]


def honest(claims: Claims) -> Claims:
    return claims


@dataclass
class Provider:
    """Its issuer, how it changes the claims of the tokens it signs, and what it was asked."""

    issuer: str = ""
    changes: Callable[[Claims], Claims] = honest
    key: RSAKey | None = None
    """Signs in place of the provider's own key; published beside it when `publishes_key`."""
    publishes_key: bool = False
    token_answer: Callable[[flask.Response], flask.Response] | None = None
    describes: dict[str, object] = field(default_factory=dict)
    """Put into its description of itself."""
    asked: list[str] = field(default_factory=list)

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "AUTH": "oidc",
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": "s3cret-of-ours",
        } | more

    def know(self, subject: str, **claims: object) -> None:
        """A person with claims that go into every token."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider, running."""
    told = Provider()
    app = demo_provider.create_app()

    @app.before_request
    def note() -> None:
        told.asked.append(flask.request.path)

    @app.after_request
    def change(response: flask.Response) -> flask.Response:
        if flask.request.path == "/jwks" and told.key is not None and told.publishes_key:
            keys = response.get_json()["keys"]
            response.set_data(flask.json.dumps({"keys": [*keys, told.key.as_dict(private=False)]}))
        if flask.request.path == "/.well-known/openid-configuration":
            response.set_data(flask.json.dumps(response.get_json() | told.describes))
        if flask.request.path != "/oauth2/token" or response.status_code != 200:
            return response
        if told.token_answer is not None:
            return told.token_answer(response)
        answer = response.get_json()
        own = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
        claims = told.changes(jwt.decode(answer["id_token"], own, algorithms=["RS256"]).claims)
        key = told.key or own
        answer["id_token"] = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        response.set_data(flask.json.dumps(answer))
        return response

    with serve(app) as told.issuer:
        yield told


def go_to_provider(visitor: Visitor, path: str = "/lookups") -> str:
    """Opens a page without being signed in; the address at the provider that it leads to."""
    asked = visitor.get(path)
    assert asked.status == 302
    begun = visitor.get(asked.location)
    assert begun.status == 302, begun.text
    return begun.location


def agree(address: str, subject: str) -> str:
    """Signs in at the provider; the path back to the site."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(visitor: Visitor, subject: str, path: str = "/lookups") -> Page:
    """The answer to the provider's answer."""
    return visitor.get(agree(go_to_provider(visitor, path), subject))


def signed_in(site: Site, subject: str) -> Visitor:
    """A new browser whose person is signed in."""
    visitor = site.visitor()
    assert sign_in(visitor, subject).status == 302
    return visitor


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
