"""The tools over streamable HTTP: one address, POST alone, an answer as JSON to each request.

The SDK speaks ASGI and the site WSGI: an event loop in each process runs the SDK, without
sessions, and each request waits for its answer. So hosts, keys, limits and the bound of a body are
those of every other address.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock, Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio
from anyio.from_thread import BlockingPortal
from flask import Blueprint, Flask, Response, request
from mcp.server.transport_security import TransportSecuritySettings

from search import SearchEngine, SearchPage, SearchRequest
from webui.api.mcp.tools import make_server
from webui.parameters import MCP_PATH
from webui.searching import answered

if TYPE_CHECKING:
    from starlette.types import Message, Scope


def mcp_blueprint(app: Flask, engine: SearchEngine, site: str, public_url: str) -> Blueprint:
    """``/mcp``, for assistants.

    Args:
        app: the site, whose searches are answered as its pages show them.
        engine: answers.
        site: what the site is called.
        public_url: where the site is, for the addresses of articles that name none of their own; ""
            where nobody said: these then begin with the path.
    """
    mcp = Blueprint("mcp", __name__)
    server = _Server(app, engine, site, public_url)

    @mcp.post(MCP_PATH)
    def call() -> Response:
        return server.respond()

    return mcp


class _Server:
    """The SDK's server in an event loop of its own, which begins with the first request."""

    def __init__(self, app: Flask, engine: SearchEngine, site: str, public_url: str) -> None:
        def address(article_id: str) -> str:
            return f"{public_url}/article/{quote(article_id)}"

        def search_for(asked: SearchRequest) -> SearchPage:
            with app.app_context():
                return answered(engine, asked)

        # Which hosts are answered is decided for the whole site (webui.http.hosts).
        self._app = make_server(engine, search_for, site, address).streamable_http_app(
            streamable_http_path=MCP_PATH,
            json_response=True,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        self._beginning = Lock()
        self._portal: BlockingPortal | None = None

    def respond(self) -> Response:
        """The SDK's answer to the request that is being served."""
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.scheme,
            "path": request.path,
            "raw_path": request.path.encode(),
            "root_path": request.script_root,
            "query_string": request.query_string,
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in request.headers
            ],
        }
        sent = self._loop().call(self._respond, scope, request.get_data())
        start, *pieces = sent
        response = Response(b"".join(piece.get("body", b"") for piece in pieces), start["status"])
        for name, value in start["headers"]:
            response.headers[name.decode("latin-1")] = value.decode("latin-1")
        return response

    async def _respond(self, scope: Scope, body: bytes) -> list[Message]:
        sent: list[Message] = []
        unread = [body]

        async def receive() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        return sent

    def _loop(self) -> BlockingPortal:
        with self._beginning:
            if self._portal is None:
                begun: Future[BlockingPortal] = Future()
                # A daemon, so that no process waits for it to end.
                Thread(target=anyio.run, args=(self._run, begun), daemon=True).start()
                self._portal = begun.result()
            return self._portal

    async def _run(self, begun: Future[BlockingPortal]) -> None:
        async with BlockingPortal() as portal, self._app.router.lifespan_context(self._app):
            begun.set_result(portal)
            await portal.sleep_until_stopped()
