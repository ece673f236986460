"""What a site is called and looks like, as files of its own: logo, colours, web app manifest.

The logo and the colours have a digest of what the owner chose in their address, as the shared files
have of theirs (:mod:`webui.http.assets`), so browsers may keep them for good.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, url_for

from webui.http.assets import FOR_GOOD, Assets
from webui.http.json_response import json_response
from webui.settings import Picture, Site
from webui.settings.colours import PAPER, accent

_COLOURS = (
    ":root{{--brand:{light};--on-brand:{on_light}}}"
    "@media(prefers-color-scheme:dark)"
    "{{:root:not([data-theme=light]){{--brand:{dark};--on-brand:{on_dark}}}}}"
    ":root[data-theme=dark]{{--brand:{dark};--on-brand:{on_dark}}}"
)


class Identity:
    """The addresses of what an owner chose.

    Args:
        site: the owner's choices.

    Attributes:
        digest: of these.
    """

    def __init__(self, site: Site) -> None:
        self.pictures: dict[str, Picture] = {}
        for name, picture in (("logo", site.logo), ("logo-dark", site.logo_dark)):
            if picture is not None:
                self.pictures[name] = picture
        self.colours = _COLOURS.format(**accent(site.accent)._asdict()) if site.accent else ""
        digest = hashlib.sha256(self.colours.encode())
        for name, picture in self.pictures.items():
            digest.update(f"{name} {len(picture.content)}\n".encode() + picture.content)
        self.digest = digest.hexdigest()[:12]

    def picture_url(self, name: str) -> str:
        """The address of the ``logo`` or ``logo-dark``; "" where the owner has none."""
        if name not in self.pictures:
            return ""
        return url_for("identity.picture", digest=self.digest, name=name)

    def colours_url(self) -> str:
        """The address of the style sheet with the owner's colours; "" where there are none."""
        return url_for("identity.colours", digest=self.digest) if self.colours else ""


def identity_blueprint(site: Site, identity: Identity, assets: Assets) -> Blueprint:
    """The files of one site."""
    files = Blueprint("identity", __name__)

    def kept(content: bytes | str, mime_type: str, digest: str) -> Response:
        if digest != identity.digest:
            abort(404)
        response = Response(content, content_type=mime_type)
        response.headers["Cache-Control"] = FOR_GOOD
        return response

    @files.get("/site/<digest>/<name>.img")
    def picture(digest: str, name: str) -> Response:
        if name not in identity.pictures:
            abort(404)
        return kept(*identity.pictures[name], digest)

    @files.get("/site/<digest>/colours.css")
    def colours(digest: str) -> Response:
        if not identity.colours:
            abort(404)
        return kept(identity.colours, "text/css; charset=utf-8", digest)

    @files.get("/manifest.webmanifest")
    def manifest() -> Response:
        own = site.logo
        icons = [
            {"src": assets.url("icons/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": assets.url("icons/icon.png"), "type": "image/png", "sizes": "180x180"},
        ]
        if own is not None:
            address = identity.picture_url("logo")
            icons = [{"src": address, "type": own.mime_type, "sizes": "any"}]
        response = json_response(
            {
                "name": site.name,
                "short_name": site.name,
                "lang": site.language,
                "start_url": url_for("pages.home", lang=None),
                "display": "minimal-ui",
                "background_color": PAPER,
                "theme_color": site.accent or PAPER,
                "icons": icons,
            }
        )
        response.content_type = "application/manifest+json"
        return response

    @files.get("/favicon.ico")
    def favicon() -> Response:
        own = site.logo
        if own is not None:
            return Response(own.content, content_type=own.mime_type)
        return assets.serve(assets.digest, "icons/favicon.ico")

    return files
