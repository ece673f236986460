"""The languages of the pages, and which of them a reader gets.

The texts in templates and code are Vietnamese; ``translations/en.po`` has the English ones. A
reader gets what the address asks for (``lang``), else what the browser prefers, else the site's. A
language that was asked for stays in every link of the page. Outside of a request all is Vietnamese.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, request

from search.errors import RequestError
from webui.parameters import LANGUAGE, Language, parse_language

OWN_NAMES = {Language.VIETNAMESE: "Tiếng Việt", Language.ENGLISH: "English"}
"""What the readers of each language call it."""

_OWN = "OWN_LANGUAGE"
_TRANSLATIONS = Path(__file__).parent / "translations"


def language() -> Language:
    """The language of the page being made."""
    if not has_request_context():
        return Language.VIETNAMESE
    if "language" not in g:
        g.language = asked_language() or _preferred()
    asked: Language = g.language
    return asked


def asked_language() -> Language | None:
    """The language that the address asks for, or None; what is no language asks for none."""
    try:
        return parse_language(request.query_string)
    except RequestError:
        return None


def gettext(message: str, **values: str | int) -> str:
    """A Vietnamese text in the language of the page, with ``values`` put where it names them."""
    translated = _catalogue(language()).gettext(message)
    return translated % values if values else translated


def ngettext(singular: str, plural: str, number: int, **values: str | int) -> str:
    """A text about ``number`` things; where it names ``number`` or ``values``, they are put in."""
    translated = _catalogue(language()).ngettext(singular, plural, number)
    return translated % {"number": number, **values}


def to_translate(message: str) -> str:
    """The text itself: marks a constant as one that :func:`gettext` is called with later."""
    return message


def on_site(path: str) -> str:
    """A path of this site as a link, below a proxy's path and in the language asked for."""
    asked = asked_language()
    if asked:
        path += ("&" if "?" in path else "?") + urlencode({LANGUAGE.name: asked.value})
    return request.script_root + path


def this_page_in(other: Language) -> str:
    """The path and query of the page being shown, in another language."""
    asked = request.query_string.decode("utf-8", "replace")
    pairs = [pair for pair in parse_qsl(asked, errors="replace") if pair[0] != LANGUAGE.name]
    query = urlencode([*pairs, (LANGUAGE.name, other.value)])
    return f"{request.script_root}{quote(request.path)}?{query}"


def register_languages(app: Flask, own: Language) -> None:
    """Teach the templates of ``app`` to speak, and its links to stay in the language asked for.

    Args:
        app: the application.
        own: the language of a reader whose browser prefers none of ours.
    """
    app.config[_OWN] = own.value
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        lambda message: _catalogue(language()).gettext(message),
        lambda singular, plural, number: _catalogue(language()).ngettext(singular, plural, number),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        asked_language=asked_language,
        language=language,
        own_names=OWN_NAMES,
        this_page_in=this_page_in,
    )

    def stay(endpoint: str, values: dict[str, str]) -> None:
        asked = asked_language() if has_request_context() else None
        if asked and endpoint.startswith(("pages.", "desk.")):
            values.setdefault(LANGUAGE.name, asked.value)

    app.url_defaults(stay)


def _preferred() -> Language:
    tags = [known.value for known in Language]
    own: str = current_app.config[_OWN]
    return Language(request.accept_languages.best_match(tags, own))


@cache
def _catalogue(wanted: Language) -> NullTranslations:
    if wanted is Language.VIETNAMESE:
        return NullTranslations()
    compiled = BytesIO()
    with (_TRANSLATIONS / f"{wanted.value}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=wanted.value))
    compiled.seek(0)
    return GNUTranslations(compiled)
