"""Only the accents that were typed: for a whole request, a whole query, or one word of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index.build.rebuild import rebuild
from search import Accents, SearchEngine, SearchRequest

HEADLINES = {
    "new": "Người lính hoà bình và hòa nhạc",
    "old": "Hòa bình lập lại ở vùng cao",
    "typed": "Hoà bình là điều mong mỏi",
    "other": "Hoa binh thường của hoả bính",
    "bare": "hoa binh",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    directory = tmp_path_factory.mktemp("exact")
    lines = [
        json.dumps({"id": name, "headline": text, "body": "…"}) for name, text in HEADLINES.items()
    ]
    (directory / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(directory / "index", [directory / "articles.jsonl"])
    with SearchEngine.open(directory / "index") as opened:
        yield opened


CASES = [
    ("hòa bình", {"new", "old", "typed"}),
    ("hoà bình", {"new", "old", "typed"}),
    ("hoa binh", {"bare", "other"}),
    ("hoa bình", set()),
    ("hoả bính", {"other"}),
]


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_exact_accents_are_those_typed_in_either_tone_style(
    engine: SearchEngine, typed: str, expected: set[str]
) -> None:
    each_word = " ".join(f"={word}" for word in typed.split())
    for asked in (
        SearchRequest(query=typed, accents=Accents.EXACT),
        SearchRequest(query=f"{typed} dau:dung"),
        SearchRequest(query=each_word),
    ):
        page = engine.search(asked)
        found = set() if page.query.relaxed else {hit.id for hit in page.hits}
        assert found == expected, asked.query


def test_one_exact_word_leaves_the_others_free(engine: SearchEngine) -> None:
    page = engine.search(SearchRequest(query="=hoả binh"))
    assert [hit.id for hit in page.hits] == ["other"]
    assert len(engine.search(SearchRequest(query="hoa binh")).hits) == len(HEADLINES)
