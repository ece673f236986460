"""What crawlers and assistants are told of the site: ``/robots.txt`` and ``/llms.txt``."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from webui.parameters import API_PREFIX, ATOM_PATH, JSON_FEED_PATH, MCP_PATH
from webui.settings import Site


def machines_blueprint(site: Site, *, mcp: bool) -> Blueprint:
    """Both files.

    Args:
        site: how the site calls itself, and whether it is to be listed.
        mcp: whether assistants may ask over the Model Context Protocol.
    """
    machines = Blueprint("machines", __name__)

    @machines.get("/robots.txt")
    def robots() -> Response:
        # A query by itself may be read. With anything beside it, it is one of endless variants.
        variants = ("/search?*&", ATOM_PATH, JSON_FEED_PATH, "/api/")
        paths = variants if site.robots else ("/",)
        rules = "".join(f"Disallow: {request.script_root}{path}\n" for path in paths)
        named = url_for("sitemap.index", _external=True)
        sitemap = f"Sitemap: {named}\n" if site.robots else ""
        return _text(f"User-agent: *\n{rules}{sitemap}")

    @machines.get("/llms.txt")
    def llms() -> Response:
        return _text(
            render_template(
                "llms.txt",
                root=request.url_root.rstrip("/"),
                api=API_PREFIX,
                atom=ATOM_PATH,
                feed=JSON_FEED_PATH,
                mcp=MCP_PATH if mcp else "",
            )
        )

    return machines


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
