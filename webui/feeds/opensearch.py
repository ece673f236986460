"""The site as a search engine of the browser (OpenSearch 1.1): description and suggestions."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request
from lxml import etree

from search import SearchEngine
from webui.api.completions import parse_typing
from webui.settings import Site

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"

_LONGEST_NAME = 16
"""Characters of a short name, by the specification."""


def opensearch_blueprint(engine: SearchEngine, site: Site) -> Blueprint:
    """``/opensearch.xml`` and the suggestions it names."""
    opensearch = Blueprint("opensearch", __name__)

    @opensearch.get("/opensearch.xml")
    def description() -> Response:
        response = Response(_description(site), content_type=f"{DESCRIPTION_TYPE}; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    @opensearch.get("/opensearch/suggest")
    def suggest() -> Response:
        typing = parse_typing(request.query_string)
        completions = [completion.text for completion in engine.suggest(typing.text, typing.limit)]
        return Response(orjson.dumps([typing.text, completions]), content_type=SUGGESTIONS_TYPE)

    return opensearch


def _description(site: Site) -> bytes:
    root = request.url_root.rstrip("/")
    description = etree.Element(f"{{{OPENSEARCH}}}OpenSearchDescription", nsmap={None: OPENSEARCH})
    for name, text in (
        ("ShortName", site.name[:_LONGEST_NAME]),
        ("LongName", site.name),
        ("Description", "Tìm kiếm tin tức tiếng Việt, có dấu hay không dấu"),
        ("Contact", site.email),
        ("InputEncoding", "UTF-8"),
        ("Language", "vi"),
    ):
        if text:
            etree.SubElement(description, f"{{{OPENSEARCH}}}{name}").text = text
    image = etree.SubElement(description, f"{{{OPENSEARCH}}}Image", width="32", height="32")
    image.set("type", site.logo.mime_type if site.logo else "image/x-icon")
    image.text = f"{root}/favicon.ico"
    for kind, path in (
        ("text/html", "/search?q={searchTerms}"),
        ("application/atom+xml", "/search.atom?q={searchTerms}"),
        (SUGGESTIONS_TYPE, "/opensearch/suggest?q={searchTerms}"),
    ):
        address = etree.SubElement(description, f"{{{OPENSEARCH}}}Url")
        address.set("type", kind)
        address.set("template", root + path)
    whole: bytes = etree.tostring(description, encoding="utf-8", xml_declaration=True)
    return whole
