"""What is learned for suggestions: phrases that stand by themselves, and headlines in order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.errors import IndexDamaged
from index.frequent_phrases import find_phrases
from index.snapshot import Snapshot
from index.suggestions import NO_WORD, SUGGESTIONS_NAME, open_suggestions, write_suggestions
from index.word_rows import read_rows
from index.writer import IndexWriter

NOW = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=7)))

HEADLINES = [
    "Hội nghị về thông tin đối ngoại ở Huế",
    "Thông tin đối ngoại cần ngôn ngữ trẻ",
    "Đà Nẵng mở lớp thông tin đối ngoại",
    "Chợ nổi họp sớm vì nước lên",
    "Nước lên, chợ nổi vắng khách",
    "Giá đường tăng, quán chè lo",
    "Trận đấu của Barcelona bị hoãn",
    "Vé xem Barcelona bán hết trong đêm",
    "Barcelona thua ngược",
    "Fan Barcelona chờ ở sân bay",
    "Barcelona mua thủ môn",
    "Cầu thủ Barcelona đến Huế",
    "Barcelona tập kín",
    "Đội Barcelona rời khách sạn",
]


def write(directory: Path, headlines: list[str], first: int = 0, **others: object) -> Snapshot:
    with IndexWriter(directory, workers=1) as writer:
        for number, headline in enumerate(headlines, first):
            fields = {"body": "Nội dung.", "published": NOW, **others}
            writer.add(Article(id=f"a{number}", headline=headline, **fields))  # type: ignore[arg-type]
    return Snapshot.open(directory)


def phrases_of(snapshot: Snapshot) -> set[str]:
    rows = read_rows(snapshot)
    found = find_phrases(rows, np.ones(snapshot.doc_count_all))
    return {" ".join(rows.keys[word] for word in own if word >= 0) for own in found.words.tolist()}


def test_phrases_are_whole_and_begin_and_end_with_words_that_mean_something(tmp_path):
    phrases = phrases_of(write(tmp_path, HEADLINES))
    assert {"thông tin đối ngoại", "chợ nổi", "barcelona"} <= phrases
    assert phrases.isdisjoint(
        {"thông tin", "đối ngoại", "tin đối", "thông tin đối", "ở huế", "của"}
    )


def test_phrases_that_fold_alike_are_kept_apart(tmp_path):
    headlines = [f"{name} Bình Dương" for name in ("Làng", "Tết", "Chợ", "Hội", "Xóm", "Bến")]
    headlines += ["Bỉnh Đường cũ", "Ghé Bỉnh Đường", "Bỉnh Đường mưa"]
    phrases = phrases_of(write(tmp_path, [*headlines, *HEADLINES]))
    assert {"bình dương", "bỉnh đường"} <= phrases


def test_accents_are_trusted_before_a_spelling_without_any(tmp_path):
    bare = ["Da Nang mua he", "Xe den Da Nang"]
    phrases = phrases_of(
        write(tmp_path, [*bare, "Đà Nẵng mưa", "Về Đà Nẵng sớm", "Gió ở Đà Nẵng", *HEADLINES])
    )
    assert "đà nẵng" in phrases
    assert "da nang" not in phrases


def test_recent_articles_count_more(tmp_path):
    write(tmp_path, ["Lũ lớn về làng", "Tin lũ lớn mới nhất", *HEADLINES])
    old = NOW - timedelta(days=365 * 3)
    snapshot = write(tmp_path, ["Hạn mặn đến sớm", "Chống hạn mặn ở làng"], 50, published=old)
    write_suggestions(tmp_path, snapshot)
    learned = open_suggestions(tmp_path, snapshot)
    assert learned is not None
    weights = {
        " ".join(learned.keys[word] for word in words if word != NO_WORD): int(weight)
        for words, weight in zip(learned.phrase_words.tolist(), learned.phrase_weights, strict=True)
    }
    assert weights["lũ lớn"] > weights["hạn mặn"]


def test_headlines_are_ordered_by_their_words_and_the_newest_stands_for_those_alike(tmp_path):
    write(tmp_path, ["Chợ nổi", "Áo dài", "CHỢ NỔI!", "Bến đò"])
    snapshot = write(tmp_path, ["Chọ nỏi"], 9, published=NOW + timedelta(days=1))
    write_suggestions(tmp_path, snapshot)
    learned = open_suggestions(tmp_path, snapshot)
    assert learned is not None
    docs = [snapshot.find_id(name) for name in ("a1", "a3", "a9")]
    assert learned.headline_docs.tolist() == docs
    assert learned.headline_keys.tolist() == [b"ao dai"]


def test_deleted_articles_are_not_suggested(tmp_path):
    write(tmp_path, ["Chợ nổi", "Áo dài"])
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.delete("a0")
    snapshot = Snapshot.open(tmp_path)
    write_suggestions(tmp_path, snapshot)
    learned = open_suggestions(tmp_path, snapshot)
    assert learned is not None
    assert learned.headline_docs.tolist() == [snapshot.find_id("a1")]


def test_the_same_index_gives_the_same_bytes(tmp_path):
    snapshot = write(tmp_path, HEADLINES)
    written = []
    for _ in range(2):
        write_suggestions(tmp_path, snapshot)
        written.append((tmp_path / SUGGESTIONS_NAME).read_bytes())
    assert written[0] == written[1]


def test_what_was_learned_of_another_state_is_not_used(tmp_path):
    snapshot = write(tmp_path, HEADLINES)
    assert open_suggestions(tmp_path, snapshot) is None
    write_suggestions(tmp_path, snapshot)
    assert open_suggestions(tmp_path, write(tmp_path, ["Bài mới"], 50)) is None


def test_a_damaged_file_says_so(tmp_path):
    snapshot = write(tmp_path, HEADLINES)
    (tmp_path / SUGGESTIONS_NAME).write_bytes(b"none")
    with pytest.raises(IndexDamaged, match="rebuild the index"):
        open_suggestions(tmp_path, snapshot)


def test_an_index_of_headlines_without_words_has_nothing_to_suggest(tmp_path):
    snapshot = write(tmp_path, ["…", "!!!"])
    write_suggestions(tmp_path, snapshot)
    learned = open_suggestions(tmp_path, snapshot)
    assert learned is not None
    assert not len(learned.headline_docs)
