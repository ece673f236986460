"""Marks and snippets: exactly the matched words, verbatim text, whole words."""

from __future__ import annotations

from datetime import date
from functools import reduce
from itertools import pairwise
from operator import or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyser
from index.article import Article
from search.backends.protocol import Ranked
from search.page import Match
from search.query import parse
from search.query.slots import wanted
from search.snippets.excerpts import LENGTH, cut_excerpt
from search.snippets.highlighter import MAX_SCANNED, Highlighter
from search.snippets.marks import accent_match, marks_of, prefer_agreeing
from search.snippets.passages import choose_passages
from search.snippets.presentation import present

pytestmark = pytest.mark.usefixtures("each_way")

ANALYSER = Analyser()


def highlighter(query: str) -> Highlighter:
    tree = parse(query, date(2026, 11, 23)).tree
    return Highlighter(ANALYSER, wanted(ANALYSER, tree))


def marked(query: str, text: str) -> str:
    """The text with [brackets] around what is marked."""
    finder = highlighter(query)
    found = finder.without_strays(prefer_agreeing([finder.occurrences(text)]))[0]
    for mark in reversed(marks_of(text, found)):
        text = f"{text[: mark.start]}[{text[mark.start : mark.end]}]{text[mark.end :]}"
    return text


MARKED = [
    ("thong tin", "Thông tin đối ngoại", "[Thông tin] đối ngoại"),
    ("tin", "tình hình thông tin", "tình hình thông [tin]"),
    ("thông tin đối ngoại", "thông tin, đối ngoại.", "[thông tin], [đối ngoại]."),
    ("tin thông", "thông cáo và tin", "[thông] cáo và [tin]"),
    ("đường", "con đường Dương Nội", "con [đường] Dương Nội"),
    ("duong", "con đường Dương Nội", "con [đường Dương] Nội"),
    ("đường", "họ Dương", "họ [Dương]"),
    ("hoà bình", "tỉnh Hòa Bình", "tỉnh [Hòa Bình]"),
    ("hòa bình", "Ho\u0300a Bi\u0300nh", "[Ho\u0300a Bi\u0300nh]"),
    ('"thông tin"', "tin thông tin", "tin [thông tin]"),
    ('"thông tin"', "thông và tin", "thông và tin"),
    ("covid", "Covid-19 lan", "[Covid]-19 lan"),
    ("thông -tin", "thông tin", "[thông] tin"),
    ("nguon:tin thông", "thông tin", "[thông] tin"),
    ("tieude:thông", "thông tin", "[thông] tin"),
    ("ngo*", "đối ngoại ngọt", "đối [ngoại ngọt]"),
    ("thong tin doi ngoai", "Đổi mới thông tin đối ngoại", "Đổi mới [thông tin đối ngoại]"),
    ("thông tin đối ngoại", "ngoại ngữ, thông tin đối ngoại", "ngoại ngữ, [thông tin đối ngoại]"),
    ("thông tin đối ngoại", "ngoại ngữ, thông tin", "[ngoại] ngữ, [thông tin]"),
    ("giá vàng hôm nay", "giá vàng hôm nay: giá vàng", "[giá vàng hôm nay]: [giá vàng]"),
    ("donald trump", "Donald Trump, bà Trump", "[Donald Trump], bà [Trump]"),
    ("tp hồ chí minh", "TP. Hồ Chí Minh. Hồ", "[TP. Hồ Chí Minh]. Hồ"),
    ("nghị định 13/2023", "Nghị định 13/2023, 13", "[Nghị định 13/2023], [13]"),
    ("tin kẹt xe", "Theo tin. Kẹt xe", "Theo [tin]. [Kẹt xe]"),
    ("park hang seo", "Park Hang-seo", "[Park Hang-seo]"),
    ("amp", "R&D & AMP", "R&D & [AMP]"),
    ("", "thông tin", "thông tin"),
]


@pytest.mark.parametrize(("query", "text", "expected"), MARKED)
def test_exactly_the_matched_words_are_marked(query: str, text: str, expected: str) -> None:
    assert marked(query, text) == expected


NEAR = [
    ("đường", "con đường", Match.EXACT),
    ("đường", "họ Dương", Match.FOLDED),
    ("con đường", "con Dương", Match.PARTIAL),
    ("duong", "họ Dương", Match.EXACT),
]


@pytest.mark.parametrize(("query", "text", "expected"), NEAR)
def test_the_accents_of_an_article_are_near_or_far(query: str, text: str, expected: Match) -> None:
    (passage,) = choose_passages([text], [0], highlighter(query))
    assert accent_match(passage.slots, passage.agreeing) is expected


def test_better_accents_elsewhere_in_the_article_unmark_the_others() -> None:
    finder = highlighter("đường")
    texts = [finder.occurrences("họ Dương"), finder.occurrences("con đường")]
    assert [len(found) for found in prefer_agreeing(texts)] == [0, 1]
    assert prefer_agreeing(texts[:1], texts[1][0].agreeing) == [[]]


WORDS = ["thông", "tin", "đối", "ngoại", "của", "Covid-19", "Đà", "Nẵng", "TP.HCM"]
texts = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join) | st.text(max_size=400)


@given(st.sampled_from(["thông tin", '"thông tin"', "covid", "tp hcm", "zz*"]), texts)
def test_marks_are_in_order_and_apart(query: str, text: str) -> None:
    last = -1
    for mark in marks_of(text, highlighter(query).occurrences(text)):
        assert last < mark.start < mark.end <= len(text)
        last = mark.end


@given(texts)
def test_matches_are_found_in_a_text_with_marks(text: str) -> None:
    finder = highlighter("thông tin covid")
    assert bool(finder.find_matches([text]).starts.tolist()) == bool(finder.occurrences(text))


@given(st.sampled_from(["thông tin", '"thông tin"', "covid 19", "tp hcm", "ngo*"]), texts)
def test_reading_where_matches_begin_finds_what_reading_all_finds(query: str, text: str) -> None:
    finder = highlighter(query)
    everything = finder.occurrences(text)
    at_matches = finder.occurrences_at(text, finder.find_matches([text]).starts.tolist())
    assert marks_of(text, at_matches) == marks_of(text, everything)
    assert [it[:2] + it[3:] for it in at_matches] == [it[:2] + it[3:] for it in everything]


SPELLED = [
    ("thông tin", "THÔNG TIN", 2),
    ("thong tin", "tho\u0302ng tin", 2),
    ("đã", "đa\u0303.", 1),
    ("ky thuat", "kỹ thuật, kĩ thuật", 4),
    ("quý", "quí I, quý II", 2),
    ("thông", "th\u200bông", 1),
    ("tin", "tinh tin1 đàotin", 0),
    ("1000", "1.000 người", 1),
]


@pytest.mark.parametrize(("query", "text", "count"), SPELLED)
def test_matches_are_found_in_every_spelling(query: str, text: str, count: int) -> None:
    assert len(highlighter(query).find_matches([text]).starts) == count


@given(texts)
def test_excerpts_are_verbatim_and_bounded(text: str) -> None:
    excerpt = cut_excerpt(text, highlighter("thông tin").occurrences(text))
    assert excerpt.text in text
    assert len(excerpt.text) <= 2 * LENGTH
    for mark in excerpt.marks:
        assert 0 <= mark.start < mark.end <= len(excerpt.text)


def test_excerpts_begin_with_a_sentence_where_one_is_near() -> None:
    filler = "Câu đệm này chỉ để cho đoạn văn dài ra thêm một chút nữa. " * 8
    said = "Ông Lê Kim Ngàn, người đứng đầu hợp tác xã, gọi đó là thông tin đối ngoại."
    text = f"{filler}{said} {filler}"
    excerpt = cut_excerpt(text, highlighter("thông tin đối ngoại").occurrences(text))
    assert excerpt.text.startswith(("Ông Lê Kim Ngàn, người", "Câu đệm này"))
    assert "thông tin đối ngoại" in excerpt.text
    assert len(excerpt.text) <= LENGTH


@given(texts, texts)
def test_excerpts_are_never_cut_within_a_mark(before: str, after: str) -> None:
    text = f"{before} Đà Nẵng thông tin đối ngoại Đà Nẵng {after}"
    found = highlighter("thông tin đối ngoại").occurrences(text)
    excerpt = cut_excerpt(text, found)
    whole = {text[mark.start : mark.end] for mark in marks_of(text, found)}
    assert {excerpt.text[mark.start : mark.end] for mark in excerpt.marks} <= whole
    assert excerpt.text == excerpt.text.strip()


def test_a_mark_longer_than_an_excerpt_is_cut_with_it() -> None:
    text = "thông tin " * 200
    excerpt = cut_excerpt(text, highlighter("thông tin").occurrences(text))
    assert excerpt.marks == ((0, len(excerpt.text)),)
    assert len(excerpt.text) <= 2 * LENGTH


def test_excerpts_are_cut_between_words() -> None:
    filler = " ".join(["mười hai từ đệm cho câu này dài thêm ra một chút"] * 20)
    text = f"{filler} thông tin đối ngoại {filler}"
    excerpt = cut_excerpt(text, highlighter("thông tin đối ngoại").occurrences(text))
    assert "thông tin đối ngoại" in excerpt.text
    assert not excerpt.opens
    assert not excerpt.closes
    assert set(excerpt.text.split()) <= set(text.split())


@pytest.mark.parametrize("letter", ["x", "o\u031b\u0300", "👨\u200d👩\u200d👧"])
def test_a_text_without_spaces_is_cut_between_letters_all_the_same(letter: str) -> None:
    shown = cut_excerpt(letter * 10_000, ()).text
    assert len(shown) <= 2 * LENGTH
    assert shown == letter * (len(shown) // len(letter))


def test_the_paragraph_with_the_words_closest_together_is_chosen() -> None:
    paragraphs = [
        "Một đoạn có thông cáo.",
        "Thông cáo ấy nói về tin đồn.",
        "Một đoạn về thông tin đối ngoại.",
        "Một đoạn nữa về thông tin đối ngoại.",
    ]
    text = "\n".join(["Đối ngoại", "", *paragraphs])
    opening = len("Đối ngoại") + 1
    pages = [text, "Đối ngoại\n \n", "\n\n  Một đoạn khác.\nĐoạn hai."]
    lines = [
        page[passage.line.start : passage.line.end]
        for page, passage in zip(
            pages,
            choose_passages(pages, [opening, opening, 1], highlighter("thông tin đối ngoại")),
            strict=True,
        )
    ]
    assert lines == [paragraphs[2], "", "  Một đoạn khác."]


def test_what_stands_in_the_next_text_is_not_found_in_one_too_long_to_be_searched_whole() -> None:
    pages = ["\nthông tin " + "x" * MAX_SCANNED, "thông tin\nthông tin"]
    first, second = choose_passages(pages, [1, 10], highlighter("thông tin"))
    assert (first.headline_at, first.line_at) == ([], [0, 6])
    assert (second.headline_at, second.line_at) == ([0, 6], [0, 6])


def _score(line: str, start: int, finder: Highlighter) -> tuple[int, int, int]:
    """The score of a window, from the definition."""
    window = [found for found in finder.occurrences(line) if 0 <= found.start - start <= LENGTH]
    pairs = {a.slots << 1 & b.slots for a, b in pairwise(window)} - {0}
    filled = reduce(or_, [found.slots for found in window])
    agreeing = reduce(or_, [found.agreeing for found in window])
    distinct = filled.bit_count() + agreeing.bit_count()
    return distinct, len(pairs), window[0].start - window[-1].start


@given(st.lists(texts.map(lambda text: " ".join(text.split())), min_size=1, max_size=6))
def test_the_line_chosen_is_the_best_by_definition(lines: list[str]) -> None:
    finder = highlighter("thong tin doi ngoai")  # any accents agree, so nothing is left out
    text = "\n".join(["", *lines])
    (passage,) = choose_passages([text], [1], finder)
    scores = [
        max((_score(line, found.start, finder) for found in finder.occurrences(line)), default=None)
        for line in lines
    ]
    best = max((score for score in scores if score), default=None)
    expected = lines[scores.index(best)] if best else next(filter(None, lines), "")
    assert text[passage.line.start : passage.line.end] == expected


SHOWN = [
    ('"câu hỏi"', "Một câu cuối lại hỏi.\nĐề có câu hỏi hay, nhiều em còn hỏi nhau.", "[câu hỏi]"),
    ('"câu hỏi"', "Câu cuối lại hỏi.\nCâu hỏi khó, em hỏi.\nCâu hỏi dễ, em hỏi.", "[Câu hỏi]"),
    ("=1", "Lãi 5,1 phần trăm.\nCó 1 người.", "[1]"),
]


@pytest.mark.parametrize(("query", "body", "expected"), SHOWN)
def test_a_line_that_has_what_was_asked_for_is_shown_before_one_that_only_seems_to(
    query: str, body: str, expected: str
) -> None:
    article = Article(id="1", headline="Bản tin", body=body)
    (hit,) = present([Ranked(article, 1.0)], highlighter(query))
    text, marks = hit.snippet.text, hit.snippet.marks
    assert marks
    assert f"[{text[marks[0].start : marks[-1].end]}]" == expected
