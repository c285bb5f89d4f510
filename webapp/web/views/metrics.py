"""`/metrics` for Prometheus, for the addresses of METRICS_ADDRESSES alone."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, abort, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from webapp.settings.values import UNIX_SOCKET
from webapp.web.context import services

views = Blueprint("metrics", __name__)


@views.get("/metrics")
def page() -> tuple[bytes, int, dict[str, str]]:
    """The figures; 404 for everybody else, who need not know that there is such a page."""
    metrics = services().metrics
    if metrics is None or not _may_read():
        abort(404)
    return metrics.page.text(), 200, {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}


def _may_read() -> bool:
    """Whether the request comes from an address on the list. Behind a proxy that PROXY_HOPS does not know of, every
    request seems to come from the proxy: then nobody may.
    """
    settings = services().settings
    if not settings.proxy_hops and "X-Forwarded-For" in request.headers:
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return UNIX_SOCKET in settings.metrics_addresses
    return any(address in network for network in settings.metrics_addresses if not isinstance(network, str))
