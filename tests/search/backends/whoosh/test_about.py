"""Which articles are about a query: the same by compiled code, by NumPy, and by brute force."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from index.analysis import Analyser
from index.snapshot import Snapshot
from index.storage.builds import current_build
from index.stored import load_article
from search.backends.whoosh import about
from search.backends.whoosh.about import WINDOW, AboutMatcher
from search.matching.units import Unit, Word

TOPICS = (
    *("thông tin", "đối ngoại", "hà tĩnh", "đà nẵng", "tết", "giá vàng", "học sinh", "xe buýt"),
    *("nhà", "nước", "thành phố", "hà nội", "ba", "và", "không có ở đâu cả"),
)


@pytest.fixture(scope="module")
def snapshot(newsroom_index: Path) -> Snapshot:
    return Snapshot.open(current_build(newsroom_index).path)


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "numpy"])
def matcher(request: pytest.FixtureRequest, snapshot: Snapshot) -> AboutMatcher:
    if request.param and not about.COMPILED:
        pytest.skip("nothing is compiled here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(about, "COMPILED", request.param)
        yield AboutMatcher(snapshot)


def unit(text: str, *, any_accents: bool = False) -> Unit:
    tokens = list({token.position: token for token in Analyser().tokens(text)}.values())
    spelling = tuple(("" if any_accents else token.key, token.folded) for token in tokens)
    return Unit(0, len(spelling), (spelling,))


def places(text: str, wanted: Unit) -> list[tuple[int, int]]:
    """Where a unit begins and ends in a text, by looking at every token."""
    at: dict[int, set[tuple[str, str]]] = {}
    for token in Analyser().tokens(text):
        at.setdefault(token.position, set()).update({(token.key, token.folded), ("", token.folded)})
    return [
        (start, start + len(spelling) - 1)
        for spelling in wanted.spellings
        for start in at
        if all(form in at.get(start + step, ()) for step, form in enumerate(spelling))
    ]


def is_about(article, units: list[Unit], texts) -> bool:
    short = [any(places(text, wanted) for text in texts[:2]) for wanted in units]
    if all(short):
        return True
    found = [places(texts[2], wanted) for wanted in units]
    return any(
        max(end for _, end in chosen) - min(start for start, _ in chosen) < WINDOW
        for chosen in product(*found)
    )


def test_articles_are_those_that_brute_force_finds(snapshot, matcher, texts_of_articles) -> None:
    coin = random.Random(5)
    for _ in range(60):
        wanted = [
            unit(text, any_accents=coin.random() < 0.3)
            for text in coin.sample(TOPICS, coin.randint(1, 5))
        ]
        expected = [
            doc for doc, texts in enumerate(texts_of_articles) if is_about(doc, wanted, texts)
        ]
        assert matcher.docs(wanted).tolist() == expected
        everything = np.arange(snapshot.doc_count_all)
        assert matcher.docs(wanted, within=everything).tolist() == expected


@pytest.fixture(scope="module")
def texts_of_articles(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    articles = [load_article(snapshot.stored(doc)) for doc in range(snapshot.doc_count_all)]
    return [
        (article.headline, article.summary, "\n".join((article.body, *article.captions)))
        for article in articles
    ]


def test_all_words_in_headline_and_lead(snapshot, matcher, texts_of_articles) -> None:
    words = [Word("thông", "thong"), Word("tin", "tin", bare=True), Word("ngoại", "ngoai")]
    expected = [
        doc
        for doc, (headline, summary, _) in enumerate(texts_of_articles)
        if all(
            places(f"{headline} \n {summary}", Unit(0, 1, (((key, folded),),)))
            for key, folded in (("thông", "thong"), ("", "tin"), ("ngoại", "ngoai"))
        )
    ]
    assert expected
    assert matcher.in_short_texts(words).tolist() == expected


def test_a_unit_that_nobody_has_is_in_no_article(matcher) -> None:
    known = [unit(text) for text in ("thông tin", "đối ngoại")]
    assert len(matcher.docs(known)) > 0
    assert len(matcher.docs([*known, unit("xyzzy")])) == 0
    assert len(matcher.docs([])) == 0
