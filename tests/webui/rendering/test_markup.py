"""HTML is made from text and spans, and never from HTML."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Excerpt, Span
from webui.rendering.markup import excerpt, mark, trail, web_address

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&'\"amp;#0"))


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    edges = draw(st.lists(st.integers(0, len(text)), unique=True).map(sorted))
    return text, [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]


@given(marked_texts())
def test_taking_the_marks_away_gives_back_the_text(marked: tuple[str, list[Span]]) -> None:
    text, marks = marked
    made = str(mark(text, marks))
    assert html.unescape(made.replace("<mark>", "").replace("</mark>", "")) == text


@given(marked_texts())
def test_what_is_marked_is_what_the_spans_say(marked: tuple[str, list[Span]]) -> None:
    text, marks = marked
    pieces = str(mark(text, marks)).split("<mark>")[1:]
    shown = [piece.split("</mark>")[0] for piece in pieces]
    assert shown == [str(mark(text[span.start : span.end], [])) for span in marks]


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 30), st.integers(-5, 30)).map(Span._make)))
def test_no_spans_whatever_lose_or_double_a_character(text: str, marks: list[Span]) -> None:
    made = str(mark(text, marks)).replace("<mark>", "").replace("</mark>", "")
    assert made == str(mark(text, []))


@given(marked_texts())
def test_no_markup_but_marks_comes_out(marked: tuple[str, list[Span]]) -> None:
    made = str(mark(*marked)).replace("<mark>", "").replace("</mark>", "")
    assert not set(made) & set("<>\"'")


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("R&D và amp", [Span(0, 3)], "<mark>R&amp;D</mark> và amp"),
        ("<b>tin</b>", [Span(3, 6)], "&lt;b&gt;<mark>tin</mark>&lt;/b&gt;"),
        ("tin tức", [Span(0, 3), Span(2, 7)], "<mark>tin</mark><mark> tức</mark>"),
        ("tin", [Span(1, 1), Span(2, 99)], "ti<mark>n</mark>"),
        ("", [Span(0, 1)], ""),
    ],
)
def test_text_is_escaped_after_it_is_cut(text: str, marks: list[Span], expected: str) -> None:
    assert mark(text, marks) == expected


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [(True, True, "tin"), (False, True, "…tin"), (True, False, "tin…"), (False, False, "…tin…")],
)
def test_an_excerpt_shows_where_its_text_goes_on(opens: bool, closes: bool, expected: str) -> None:
    assert excerpt(Excerpt("tin", (), opens, closes)) == expected


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://bao.example/a?b=1", True),
        ("HTTP://bao.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://bao.example/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//bao.example", False),
        ("https:", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_links_lead_to_web_addresses_only(url: str, safe: bool) -> None:
    assert web_address(url) == (url if safe else "")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://bao.example/\r\nX: y", "https://bao.example/%0D%0AX:%20y"),
        ('https://bao.example/"onclick=alert(1)', "https://bao.example/%22onclick=alert(1)"),
        (" https://bao.example/<b> ", "https://bao.example/%3Cb%3E"),
        ("https://bao.example/tin-đối-ngoại%20a", "https://bao.example/tin-đối-ngoại%20a"),
    ],
)
def test_what_no_address_may_hold_is_escaped(url: str, link: str) -> None:
    assert web_address(url) == link


def test_each_mark_of_a_page_leads_to_the_next_and_the_last_to_the_first() -> None:
    pieces = (
        Excerpt("a & b", (Span(0, 1), Span(4, 5))),
        Excerpt("c"),
        Excerpt("<d>", (Span(0, 3),)),
    )
    stop = '<mark id="khop-{}"><a href="#khop-{}" tabindex="-1">{}</a></mark>'
    assert trail(pieces) == (
        f"{stop.format(1, 2, 'a')} &amp; {stop.format(2, 3, 'b')}",
        "c",
        stop.format(3, 1, "&lt;d&gt;"),
    )
    assert trail(()) == ()


def test_a_mark_alone_leads_nowhere() -> None:
    assert trail((Excerpt("tin", (Span(0, 3),)),)) == ('<mark id="khop-1">tin</mark>',)
