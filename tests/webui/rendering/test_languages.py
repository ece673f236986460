"""Vietnamese first, English complete, and the reader's choice kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from lxml import html

import webui

ROOT = Path(webui.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "to_translate": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
PLACE = re.compile(r"%\((\w+)\)s|</?\w+>")


def messages() -> Iterator[tuple[str, ...]]:
    """Every text of code and templates, with its plural where it has one."""
    for _, _, message, _, _ in extract_from_dir(
        ROOT, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        yield (message,) if isinstance(message, str) else tuple(message)


def translations() -> dict[str, tuple[str, ...]]:
    with (ROOT / "rendering" / "translations" / "en.po").open("rb") as source:
        catalogue = read_po(source, locale="en", abort_invalid=True)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in catalogue
        if message.id
    }


def test_every_text_has_a_translation_and_no_translation_is_left_over() -> None:
    texts = {message[0] for message in messages()}
    assert len(texts) > 100
    assert texts - set(translations()) == set()
    assert set(translations()) - texts == set()


def test_every_translation_is_there_in_all_forms_and_has_the_same_places() -> None:
    translated = translations()
    for message in messages():
        forms = translated[message[0]]
        assert len(forms) == len(message), message
        for form in forms:
            assert form, message
            assert sorted(PLACE.findall(form)) == sorted(PLACE.findall(message[0])), message


def page(client: FlaskClient, url: str, accept: str = "") -> html.HtmlElement:
    response = client.get(url, headers={"Accept-Language": accept} if accept else {})
    return html.document_fromstring(response.data.decode("utf-8"))


@pytest.mark.parametrize(
    ("url", "accept", "language"),
    [
        ("/", "", "vi"),
        ("/", "vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("/", "en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("/", "fr-FR,fr", "vi"),
        ("/", "nonsense;;q=x", "vi"),
        ("/?lang=en", "vi", "en"),
        ("/?lang=vi", "en", "vi"),
        ("/khong-co?lang=en", "", "en"),
        ("/?lang=xx", "", "vi"),
    ],
)
def test_the_address_decides_then_the_browser_then_vietnamese(
    client: FlaskClient, url: str, accept: str, language: str
) -> None:
    assert page(client, url, accept).get("lang") == language


def test_a_language_there_is_not_is_refused(client: FlaskClient) -> None:
    for url in ("/?lang=xx", "/search?q=tin&lang=xx", "/about?lang=xx"):
        response = client.get(url)
        assert response.status_code == 400
        assert "vi (tiếng Việt)" in response.data.decode()


def test_the_language_asked_for_stays_in_every_link_and_form(client: FlaskClient) -> None:
    for url in (
        "/?lang=en",
        "/about?lang=en",
        "/khong-co?lang=en",
        "/search?lang=en",
        "/search?q=thông+tin+đối+ngoại&section=Đối+ngoại&per_page=2&lang=en",
        "/search?q=thoong+tin+zzz&page=900&lang=en",
        "/article/sh-014?q=thong+tin&lang=en",
    ):
        shown = page(client, url)
        links = shown.cssselect("body a[href^='/']")
        assert links, url
        for link in links:
            language = "vi" if link.get("hreflang") == "vi" else "en"
            assert f"lang={language}" in link.get("href"), link.get("href")
        for form in shown.cssselect("form"):
            assert [field.get("value") for field in form.cssselect("[name=lang]")] == ["en"]


def test_the_switch_leads_to_the_same_page_in_the_other_language(client: FlaskClient) -> None:
    url = "/search?q=%22th%C3%B4ng+tin%22&section=%C4%90%E1%BB%91i+ngo%E1%BA%A1i&sort=newest"
    (switch,) = page(client, url).cssselect("a[hreflang=en]")
    assert switch.text == "English"
    english = page(client, switch.get("href"))
    assert english.cssselect(".ask [name=q]")[0].get("value") == '"thông tin"'
    assert english.cssselect(".switch [aria-current]")[0].text == "Newest"
    assert "articles" in english.cssselect("[role=status]")[0].text_content()
    (back,) = english.cssselect("a[hreflang=vi]")
    assert back.text == "Tiếng Việt"
    assert back.get("href") == f"{url}&lang=vi"


def test_an_english_page_says_which_of_its_texts_are_vietnamese(client: FlaskClient) -> None:
    shown = page(client, "/search?q=thông+tin&lang=en")
    assert all(
        element.get("lang") == "vi" for element in shown.cssselect(".card h3, .card .snippet")
    )
    assert page(client, "/article/sh-014?lang=en").cssselect("article")[0].get("lang") == "vi"
    assert not page(client, "/search?q=thông+tin").cssselect("body [lang=vi]")


def test_numbers_and_dates_are_written_as_english_readers_do(client: FlaskClient) -> None:
    shown = page(client, "/article/sh-014?lang=en")
    assert shown.cssselect("article.prose time")[0].text == "21 Jul 2020 08:20"
    status = page(client, "/search?q=thông+tin&lang=en").cssselect("[role=status]")[0]
    assert re.fullmatch(r"\d+ articles \(\d+\.\d{3} s\)", " ".join(status.text_content().split()))
