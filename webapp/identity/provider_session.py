"""The HTTP side of an OpenID Connect provider: Authlib's session within limits, without environment and redirects."""

from __future__ import annotations

from typing import Any

from authlib.integrations.requests_client import OAuth2Session

from webapp.upstream.transport import LimitedAdapter, limited

CONNECT, READ, TOTAL = 3.0, 5.0, 10.0
"""Seconds. A person waits meanwhile, and so does the thread that serves them."""
MAX_BYTES = 1024 * 1024


class ProviderSession(OAuth2Session):  # type: ignore[misc]  # Authlib ships no types
    """Reads no proxy and .netrc variables: with them another host could get the client's secret."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.trust_env = False
        self.headers["Accept-Encoding"] = "identity"
        for scheme in ("https://", "http://"):
            self.mount(scheme, LimitedAdapter(1))

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        """One exchange; slow, endless and redirected answers fail as `requests` and the operating system say it."""
        options |= {"timeout": (CONNECT, READ), "allow_redirects": False}
        with limited(TOTAL, MAX_BYTES):
            return super().request(method, url, *args, **options)
