"""The application factory: puts pages, API, health checks and error responses over one engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import PathConverter

from search import SearchEngine
from webui.api.publishing import publishing_blueprint
from webui.api.views import api_blueprint
from webui.desk.desk import Desk
from webui.embed.element import embed_blueprint
from webui.embed.frame import frame_blueprint
from webui.feeds.identity import Identity, identity_blueprint
from webui.feeds.opensearch import opensearch_blueprint
from webui.feeds.views import feeds_blueprint
from webui.http.assets import Assets, register_assets
from webui.http.compression import register_compression
from webui.http.cors import register_cors
from webui.http.freshness import register_freshness
from webui.http.health import health_blueprint
from webui.http.hosts import register_hosts
from webui.http.keys.checking import register_keys
from webui.http.keys.key_file import KEYS_NAME
from webui.http.limits import register_limits
from webui.http.metrics import register_metrics
from webui.http.problems import register_problems
from webui.http.security import register_security
from webui.http.timing import register_timing
from webui.pages.machines import machines_blueprint
from webui.pages.sitemap import sitemap_blueprint
from webui.pages.views import pages_blueprint
from webui.parameters import JSON_FEED_PATH, Language, feed_url
from webui.rendering import dates, markup
from webui.rendering.languages import on_site, register_languages
from webui.settings import Results, Settings

Result = TypeVar("Result")


class _Site(Flask):
    """Flask, told that all views and hooks here are plain functions.

    It looks at the code of each of them at every request: 11 µs for the ten that a search meets.
    """

    def ensure_sync(self, func: Callable[..., Result]) -> Callable[..., Result]:
        return func


class _AnyText(PathConverter):
    """A piece of an address that is any text: an id or a name, with slashes and line ends in it."""

    regex = r"(?s:.+?)"
    part_isolating = False


def create_app(engine: SearchEngine, settings: Settings | None = None) -> Flask:
    """The site over ``engine``, as a WSGI application.

    Args:
        engine: open for as long as the application serves; shared by all its threads.
        settings: the owner's choices; None for the defaults.
    """
    settings = settings or Settings()
    app = _Site("webui", static_folder=None)
    # An address with a slash too many is no page, rather than a redirect to wherever Host says.
    app.url_map.merge_slashes = False
    app.url_map.converters["text"] = _AnyText
    site = settings.site

    def image_hosts() -> tuple[str, ...]:
        return tuple(dict.fromkeys((*site.image_hosts, *engine.image_hosts)))

    identity = Identity(site)
    assets = register_assets(app)
    _prepare_templates(app, settings, identity, assets, image_hosts)
    ranking = f"{settings.recency_half_life_days} {site!r}"
    desk = Desk(engine, settings.desk) if settings.desk else None

    def trending() -> tuple[str, ...]:
        return desk.trending() if desk and site.trending else ()

    def edition() -> str:
        return f"{ranking} {desk.edition()} {trending()}" if desk else ranking

    register_freshness(app, edition)
    register_timing(app)
    register_hosts(app, settings)
    register_compression(app)
    register_security(app, settings.max_body_bytes, image_hosts)
    register_cors(app, settings.allowed_origins)
    register_keys(
        app,
        settings.api_keys,
        required=settings.keys_required,
        key_file=settings.key_file or engine.directory / KEYS_NAME,
    )
    register_limits(app, settings)
    register_metrics(app, engine)
    register_problems(app)
    blueprints = (
        pages_blueprint(engine, settings.notice, site, trending),
        api_blueprint(engine, site.name),
        publishing_blueprint(engine),
        feeds_blueprint(engine, site),
        opensearch_blueprint(engine, site),
        identity_blueprint(site, identity, assets),
        embed_blueprint(),
        frame_blueprint(engine, settings.frame_ancestors, image_hosts),
        machines_blueprint(site, mcp=settings.mcp),
        sitemap_blueprint(engine, site),
        health_blueprint(engine),
    )
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    if settings.mcp:
        # Needs the extra of that name, and takes a second to load.
        from webui.api.mcp.http import mcp_blueprint

        app.register_blueprint(mcp_blueprint(app, engine, site.name, settings.public_url))
    if desk:
        desk.register(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask documents this assignment
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops
        )
    return app


def _prepare_templates(
    app: Flask,
    settings: Settings,
    identity: Identity,
    assets: Assets,
    image_hosts: Callable[[], tuple[str, ...]],
) -> None:
    site = settings.site
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    register_languages(app, Language(site.language))
    app.jinja_env.globals.update(
        asset=assets.url,
        counts_clicks=None,
        feed_url=feed_url,
        json_feed_path=JSON_FEED_PATH,
        identity=identity,
        leads_out=site.results is Results.ORIGINAL,
        notice=settings.notice,
        own=site,
        site=site.name,
    )
    app.jinja_env.filters.update(
        count=dates.count,
        decimal=dates.decimal,
        excerpt=markup.excerpt,
        iso=dates.iso,
        mark=markup.mark,
        on_site=on_site,
        picture=lambda url: markup.picture(url, image_hosts()),
        readable=dates.readable,
        seconds=dates.seconds,
        web_address=markup.web_address,
    )
