"""Under which address the site is reached: what absolute addresses in responses begin with.

A request says itself for which host it is, and anybody can write anything there. So an address is
made of what the owner said (``public_url``), or else of a name that is nobody else's on the web:
``localhost``, an address of a private network, a name without dots, or what a trusted proxy passed
on. A request for any other is refused, except by health checks and metrics, whose responses hold no
addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadHost

from webui.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(
    r"\[([0-9a-f:.]+)\](?::[0-9]+)?|([a-z0-9._-]+)(?::[0-9]+)?", re.ASCII | re.IGNORECASE
)
_FOR_SUPERVISORS = {"/healthz", "/readyz", "/metrics"}


def register_hosts(app: Flask, settings: Settings) -> None:
    """Have ``app`` know its address, or refuse requests for names that may be anybody's."""
    if settings.public_url:
        app.wsgi_app = _At(settings.public_url, app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents
        return

    def refuse_foreign_host() -> None:
        if request.path in _FOR_SUPERVISORS or is_local(request.host):
            return
        passed_on = request.headers.get("X-Forwarded-Host", "").split(",")
        if not 0 < settings.trusted_proxies <= len(list(filter(None, passed_on))):
            raise BadHost("the owner of this site has not said that this is its name")

    app.before_request(refuse_foreign_host)


def is_local(host: str) -> bool:
    """Whether a host, with or without a port, is no site of somebody else on the web."""
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1] or match[2].lower()
    if match[2] and ("." not in name or name.endswith(".localhost")):
        return True
    try:
        return not ip_address(name).is_global
    except ValueError:
        return False


class _At:
    """An application at a public address, whatever requests say of it."""

    def __init__(self, address: str, application: WSGIApplication) -> None:
        parts = urlsplit(address)
        self._application = application
        self._there = {
            "wsgi.url_scheme": parts.scheme,
            "HTTP_HOST": parts.netloc,
            "SCRIPT_NAME": parts.path.rstrip("/"),
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._application(environ | self._there, start_response)
