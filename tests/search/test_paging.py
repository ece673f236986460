"""Pages fit together: whichever is asked for, however deep, also while the index is rebuilt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.build.rebuild import rebuild
from search import RequestError, SearchEngine, SearchPage, SearchRequest, Sort


def publish(directory: Path, headlines: Sequence[str]) -> None:
    """Rebuild the index of ``directory`` from one article a headline."""
    source = directory / "bai.jsonl"
    source.write_text(
        "".join(
            json.dumps(
                {
                    "id": f"{at}-{headline}",
                    "title": f"{headline} {at}",
                    "body": f"Giá vàng {'tăng ' * (at % 7)} trong ngày {at}. "
                    + "vàng giá " * (at % 3),
                    "published": f"2022-06-{1 + at % 5:02}",
                }
            )
            + "\n"
            for at, headline in enumerate(headlines)
        ),
        "utf-8",
    )
    rebuild(directory / "index", [source])


def ids(page: SearchPage) -> list[str]:
    return [hit.id for hit in page.hits]


def page_of(engine: SearchEngine, number: int, build: str = "") -> SearchPage:
    return engine.search(SearchRequest(query="giá vàng", page=number, per_page=5, build=build))


def test_a_reader_goes_on_in_the_build_of_the_first_page(tmp_path: Path) -> None:
    publish(tmp_path, ["Tin cũ"] * 12)
    with SearchEngine.open(tmp_path / "index") as engine:
        first = page_of(engine, 1)
        publish(tmp_path, ["Tin mới"] * 30)
        newest = page_of(engine, 1, first.build)
        assert newest.build != first.build
        assert newest.total == 30
        rest = [page_of(engine, number, first.build) for number in (2, 3)]
        assert {page.build for page in rest} == {first.build}
        read = [name for page in (first, *rest) for name in ids(page)]
        assert sorted(read) == sorted(f"{at}-Tin cũ" for at in range(12))
        assert page_of(engine, 2).build == newest.build
        # A process that has started since finds the build on the disk.
        with SearchEngine.open(tmp_path / "index") as another:
            assert ids(page_of(another, 2, first.build)) == ids(rest[0])


def test_a_build_that_is_not_kept_any_more_is_answered_by_the_current_one(tmp_path: Path) -> None:
    publish(tmp_path, ["Tin"] * 12)
    with SearchEngine.open(tmp_path / "index") as engine:
        gone = engine.build
    for _ in range(2):
        publish(tmp_path, ["Tin"] * 12)
    with SearchEngine.open(tmp_path / "index") as engine:
        for build in (gone, "khong-co", "..", "../builds", "/", "\x00", "a" * 64, "🙂"):
            assert page_of(engine, 2, build).build == engine.build


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    directory = tmp_path_factory.mktemp("many")
    publish(directory, ["Tin vàng"] * 1_100)
    return SearchEngine.open(directory / "index")


@pytest.mark.parametrize("sort", Sort)
def test_every_result_is_on_one_page_and_their_order_is_one(
    engine: SearchEngine, sort: Sort
) -> None:
    def read(per_page: int) -> list[tuple[str, float]]:
        numbers = range(1, 1_100 // per_page + 2)
        return [
            (hit.id, hit.score)
            for number in numbers
            for hit in engine.search(
                SearchRequest(query="giá vàng", sort=sort, page=number, per_page=per_page)
            ).hits
        ]

    fifty = read(50)
    assert len({name for name, _ in fifty}) == len(fifty) == 1_100
    assert read(44) == fifty


def test_a_page_beyond_the_last_is_empty_and_says_how_many_there_are(engine: SearchEngine) -> None:
    page = engine.search(SearchRequest(query="giá vàng", page=200, per_page=50))
    assert (page.total, page.hits, page.pages) == (1_100, (), 22)


def test_the_bound_says_which_page_is_the_last_that_can_be_asked_for() -> None:
    with pytest.raises(RequestError, match="at most 200 with 50 results a page") as refused:
        SearchRequest(query="giá vàng", page=201, per_page=50)
    assert refused.value.field == "page"
