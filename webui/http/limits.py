"""How often one client may search: one count over all pages and the API.

A client is an address, or the network of 2**64 addresses that one household has in IPv6. What costs
no search is not counted, and who sends a known API key is not limited.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from time import time

from flask import Flask, Response, request
from flask_limiter import Limiter

from webui.http.keys.checking import has_key
from webui.parameters import MCP_PATH, MOST_SEARCHES, MULTI_SEARCH_PATH
from webui.settings import Settings

_NETWORK_BITS = 64
_COUNTED = ("/search", "/article/", "/api/", "/embed", "/sitemap", MCP_PATH)
_NOT_COUNTED = ("/embed.js", "/embed/", "/api/v1/openapi.json")


def register_limits(app: Flask, settings: Settings) -> None:
    """Refuse with 429, and say when to come back, who asks ``app`` more often than allowed."""
    if not settings.rate_limit:
        return
    limiter = Limiter(
        client,
        app=app,
        application_limits=[settings.rate_limit],
        application_limits_exempt_when=_free,
        application_limits_cost=_searches,
        storage_uri=settings.rate_limit_storage,
        # Where Redis cannot be reached each worker counts by itself, and the site goes on.
        in_memory_fallback_enabled=True,
    )

    def say_when(response: Response) -> Response:
        limit = limiter.current_limit
        if response.status_code == 429 and limit is not None:
            response.headers["Retry-After"] = str(max(1, int(limit.reset_at - time())))
        return response

    app.after_request(say_when)


def _searches() -> int:
    """How many searches this request asks for, as far as can be told."""
    if request.path != MULTI_SEARCH_PATH:
        return 1
    sent = request.get_json(force=True, silent=True)
    listed = sent.get("searches") if isinstance(sent, dict) else None
    return max(1, min(len(listed), MOST_SEARCHES)) if isinstance(listed, list) else 1


def client() -> str:
    """Who asks, as far as a server can tell."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a socket without addresses, or a proxy that sets none
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"network {int(address) >> (128 - _NETWORK_BITS):x}"


def _free() -> bool:
    counted = request.path == "/" or request.path.startswith(_COUNTED)
    return not counted or request.path.startswith(_NOT_COUNTED) or has_key()
