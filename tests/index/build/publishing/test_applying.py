"""From the journal into the index: put, withdrawn, with an embargo, whatever else goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import orjson
import pytest

from index.article import Article
from index.build.publishing.applying import apply_journal, serve_former
from index.build.rebuild import rebuild, update
from index.build.report.report import Report
from index.errors import JournalDamaged
from index.storage.builds import current_build, verify_checksums
from index.storage.journal import JOURNAL_NAME, Change, Journal, Request, TaskStatus
from index.stored import due, dump_article
from search import ArticleNotFound, Duplicates, SearchEngine, SearchRequest, Sort

Work = Callable[[Path, list[Path]], Report]
STORY = "Ghe chở dưa hấu về bến sớm hơn mọi năm, thương lái chờ từ khuya."


class Clock:
    """What time it is for the journal."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def time(self) -> float:
        return self.now

    def day(self, ahead: float) -> datetime:
        return datetime.fromtimestamp(self.now + ahead * 86_400, timezone.utc)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("index.storage.journal.time", clock)
    monkeypatch.setattr("index.build.rebuild.time.time", clock.time)
    return clock


class Newsroom:
    """An index directory, its journal, and what readers find there."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.index = folder / "index"
        self.index.mkdir()
        self.journal = Journal(self.index)
        self.sources = folder / "sources.jsonl"
        self.clock = clock

    def say(self, *changes: Change) -> int:
        return self.journal.take(Request("put", changes, 0, b"[]")).number

    def put(self, name: str, headline: str = "Chợ nổi", *, ahead: float | None = None) -> int:
        published = None if ahead is None else self.clock.day(ahead)
        article = Article(id=name, headline=headline, body=f"{STORY} {name}", published=published)
        later = due(published) if published and ahead and ahead > 0 else 0
        return self.say(Change(name, dump_article(article), later))

    def withdraw(self, name: str, reason: str = "") -> int:
        return self.say(Change(name, None, 0, reason))

    def apply(self) -> bool:
        return apply_journal(self.index, keep=2) is not None

    def write_sources(self, **headlines: str) -> list[Path]:
        records = [
            {"id": name, "title": title.partition("@")[0], "body": f"{STORY} {name}"}
            | ({"published": title.partition("@")[2]} if "@" in title else {})
            for name, title in headlines.items()
        ]
        self.sources.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
        return [self.sources]

    def found(self) -> dict[str, str]:
        verify_checksums(current_build(self.index))
        with SearchEngine.open(self.index) as engine:
            page = engine.search(
                SearchRequest(query="dua hau", per_page=50, duplicates=Duplicates.SHOW)
            )
            return {hit.id: hit.headline for hit in page.hits}


@pytest.fixture
def newsroom(tmp_path: Path, clock: Clock) -> Iterator[Newsroom]:
    return Newsroom(tmp_path, clock)


def test_the_first_build_is_made_of_what_was_put(newsroom: Newsroom) -> None:
    newsroom.put("a")
    newsroom.put("b")
    assert newsroom.apply()
    assert newsroom.found() == {"a": "Chợ nổi", "b": "Chợ nổi"}
    assert not newsroom.apply()


def test_the_last_word_on_an_article_counts_and_a_repeat_changes_nothing(
    newsroom: Newsroom,
) -> None:
    newsroom.put("a", "Một")
    newsroom.put("a", "Hai")
    newsroom.apply()
    newsroom.put("a", "Ba")
    newsroom.put("a", "Ba")
    newsroom.apply()
    assert newsroom.found() == {"a": "Ba"}
    segments = set(current_build(newsroom.index).path.glob("*.timbao"))
    newsroom.put("a", "Ba")
    assert newsroom.apply()
    assert {path.name for path in current_build(newsroom.index).path.glob("*.timbao")} == {
        path.name for path in segments
    }


def test_tasks_are_done_when_readers_see_them(newsroom: Newsroom) -> None:
    first, second = newsroom.put("a"), newsroom.put("b")
    assert {task.status for task in newsroom.journal.tasks(None, before=None, limit=9)} == {
        TaskStatus.ENQUEUED
    }
    newsroom.apply()
    assert [t.number for t in newsroom.journal.tasks(TaskStatus.DONE, before=None, limit=9)] == [
        second,
        first,
    ]
    task = newsroom.journal.task(first)
    assert task is not None
    assert task.build == current_build(newsroom.index).id


def test_a_withdrawn_article_is_nowhere_even_if_it_was_the_only_one(newsroom: Newsroom) -> None:
    newsroom.put("a", "Chợ nổi Cái Răng")
    newsroom.apply()
    newsroom.withdraw("a", "theo yêu cầu của nhân vật")
    newsroom.apply()
    assert newsroom.found() == {}
    with SearchEngine.open(newsroom.index) as engine:
        assert engine.search(SearchRequest(query="", sort=Sort.NEWEST)).total == 0
        assert engine.suggest("chợ nổi") == ()
        with pytest.raises(ArticleNotFound):
            engine.article("a")
    assert [entry[::2] for entry in newsroom.journal.withdrawn()] == [
        ("a", "theo yêu cầu của nhân vật")
    ]
    newsroom.put("a", "Đăng lại")
    newsroom.apply()
    assert newsroom.found() == {"a": "Đăng lại"}
    assert newsroom.journal.withdrawn() == []


@pytest.mark.parametrize("work", [rebuild, update])
def test_sources_never_bring_back_what_was_withdrawn_nor_replace_what_was_put(
    newsroom: Newsroom, work: Work
) -> None:
    rebuild(newsroom.index, newsroom.write_sources(a="Cũ", b="Cũ", c="Cũ"))
    newsroom.withdraw("a")
    newsroom.put("b", "Mới gửi")
    newsroom.put("d", "Chỉ gửi qua API")
    report = work(newsroom.index, newsroom.write_sources(a="Sửa", b="Sửa", c="Sửa", e="Thêm"))
    expected = {"b": "Mới gửi", "c": "Sửa", "d": "Chỉ gửi qua API", "e": "Thêm"}
    assert newsroom.found() == expected
    assert {code: tally.count for code, tally in report.skipped.items()} == {
        "withdrawn": 1,
        "put-since": 1,
    }
    assert not newsroom.apply()
    again = work(newsroom.index, [newsroom.sources])
    assert newsroom.found() == expected
    assert again.deleted == 0


@pytest.mark.parametrize("work", [rebuild, update])
def test_what_arrives_while_sources_are_read_is_in_the_new_build(
    newsroom: Newsroom, work: Work
) -> None:
    rebuild(newsroom.index, newsroom.write_sources(a="Cũ", b="Cũ"))
    newsroom.put("trước")
    newsroom.apply()
    arrived = False

    def meanwhile(_: object) -> None:
        nonlocal arrived
        if not arrived:
            arrived = True
            newsroom.put("trong lúc ấy")
            newsroom.withdraw("b")
            newsroom.apply()
            newsroom.put("sau nữa")

    work(
        newsroom.index,
        newsroom.write_sources(a="Mới", b="Mới"),
        progress=meanwhile,  # type: ignore[call-arg]
    )
    assert arrived
    assert newsroom.found() == {
        "a": "Mới",
        "trước": "Chợ nổi",
        "trong lúc ấy": "Chợ nổi",
        "sau nữa": "Chợ nổi",
    }
    assert newsroom.journal.tasks(TaskStatus.ENQUEUED, before=None, limit=9) == []


def test_the_build_before_has_what_was_withdrawn_no_more_than_this_one(newsroom: Newsroom) -> None:
    rebuild(newsroom.index, newsroom.write_sources(a="Cũ", b="Cũ"))
    rebuild(newsroom.index, newsroom.write_sources(a="Hỏng", b="Hỏng"))
    newsroom.withdraw("a")
    newsroom.apply()
    for name in ("c", "d", "e"):  # whatever the indexer makes, the rebuild before is kept
        newsroom.put(name)
        newsroom.apply()
    serve_former(newsroom.index)
    assert newsroom.found() == {"b": "Cũ", **dict.fromkeys("cde", "Chợ nổi")}
    assert len(list((newsroom.index / "builds").iterdir())) <= 4


def test_an_article_with_an_embargo_appears_with_its_moment(
    newsroom: Newsroom, clock: Clock
) -> None:
    newsroom.put("a", "Hôm nay")
    newsroom.put("b", "Ngày mai", ahead=1)
    newsroom.apply()
    assert newsroom.found() == {"a": "Hôm nay"}
    newsroom.put("a", "Dời sang ngày kia", ahead=2)
    newsroom.apply()
    assert newsroom.found() == {}
    clock.now += 86_400 - 1
    assert not newsroom.apply()
    clock.now += 1
    assert newsroom.apply()
    assert newsroom.found() == {"b": "Ngày mai"}
    clock.now += 86_400
    newsroom.apply()
    assert newsroom.found() == {"b": "Ngày mai", "a": "Dời sang ngày kia"}


@pytest.mark.parametrize("work", [rebuild, update])
def test_sources_may_be_dated_ahead_too(newsroom: Newsroom, clock: Clock, work: Work) -> None:
    rebuild(newsroom.index, newsroom.write_sources(a="Hôm nay", b="Vừa xong"))
    tomorrow = clock.day(1).isoformat()
    sources = newsroom.write_sources(a="Hôm nay", b=f"Mai@{tomorrow}", c=f"Mai@{tomorrow}")
    report = work(newsroom.index, sources)
    assert report.skipped["embargo"].count == 2
    assert newsroom.found() == {"a": "Hôm nay"}
    clock.now += 86_400
    newsroom.apply()
    assert newsroom.found() == {"a": "Hôm nay", "b": "Mai", "c": "Mai"}
    assert update(newsroom.index, sources).unchanged == 3


def test_a_source_may_take_back_what_it_had_dated_ahead(newsroom: Newsroom, clock: Clock) -> None:
    tomorrow = clock.day(1).isoformat()
    rebuild(newsroom.index, newsroom.write_sources(a="Hôm nay", b=f"Mai@{tomorrow}"))
    update(newsroom.index, newsroom.write_sources(a="Hôm nay"))
    clock.now += 2 * 86_400
    newsroom.apply()
    assert newsroom.found() == {"a": "Hôm nay"}


def test_a_damaged_journal_stops_a_rebuild_and_says_what_to_do(newsroom: Newsroom) -> None:
    rebuild(newsroom.index, newsroom.write_sources(a="Cũ"))
    (newsroom.index / JOURNAL_NAME).write_bytes(b"hong " * 999)
    with pytest.raises(JournalDamaged, match=r"journal\.sqlite.*move this file"):
        rebuild(newsroom.index, newsroom.write_sources(a="Mới"))
    assert newsroom.found() == {"a": "Cũ"}
