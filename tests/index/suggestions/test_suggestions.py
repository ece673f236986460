"""What is derived for suggestions: phrases that stand by themselves, and headlines in order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.delta import delta
from index.errors import IndexDamaged
from index.snapshot import Snapshot
from index.storage.array_file import ArrayFile, write_arrays
from index.stored import load_article
from index.suggestions.frequent_phrases import find_phrases
from index.suggestions.renewal import renew_suggestions
from index.suggestions.suggestions import (
    FIRST_KIND,
    KIND,
    NO_WORD,
    SUGGESTIONS_NAME,
    Suggestions,
    open_suggestions,
    write_suggestions,
)
from index.suggestions.word_rows import TextReader, read_rows

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
    phrases = find_phrases(rows, np.ones(snapshot.doc_count_all))
    return {
        " ".join(rows.keys[word] for word in words if word >= 0) for words in phrases.words.tolist()
    }


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
    suggestions = open_suggestions(tmp_path, snapshot)
    assert suggestions is not None
    weights = {
        " ".join(suggestions.keys[word] for word in words if word != NO_WORD): int(weight)
        for words, weight in zip(
            suggestions.phrase_words.tolist(), suggestions.phrase_weights, strict=True
        )
    }
    assert weights["lũ lớn"] > weights["hạn mặn"]


def test_headlines_are_ordered_by_their_words_and_the_newest_stands_for_those_alike(tmp_path):
    write(tmp_path, ["Chợ nổi", "Áo dài", "CHỢ NỔI!", "Bến đò"])
    snapshot = write(tmp_path, ["Chọ nỏi"], 9, published=NOW + timedelta(days=1))
    write_suggestions(tmp_path, snapshot)
    suggestions = open_suggestions(tmp_path, snapshot)
    assert suggestions is not None
    docs = [snapshot.find_id(name) for name in ("a1", "a3", "a9")]
    assert suggestions.headline_docs.tolist() == docs
    assert suggestions.headline_places.tolist() == [0]
    assert suggestions.headline_keys.tolist() == [b"ao dai"]


def test_deleted_articles_are_not_suggested(tmp_path):
    write(tmp_path, ["Chợ nổi", "Áo dài"])
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.delete("a0")
    snapshot = Snapshot.open(tmp_path)
    write_suggestions(tmp_path, snapshot)
    suggestions = open_suggestions(tmp_path, snapshot)
    assert suggestions is not None
    assert suggestions.headline_docs.tolist() == [snapshot.find_id("a1")]


def test_the_same_index_gives_the_same_bytes(tmp_path):
    snapshot = write(tmp_path, HEADLINES)
    written = []
    for _ in range(2):
        write_suggestions(tmp_path, snapshot)
        written.append((tmp_path / SUGGESTIONS_NAME).read_bytes())
    assert written[0] == written[1]


def test_what_was_derived_from_another_state_is_not_used(tmp_path):
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
    suggestions = open_suggestions(tmp_path, snapshot)
    assert suggestions is not None
    assert not len(suggestions.headline_docs)


WORDS = ["Chợ nổi", "Huế", "mưa to", "Covid19", "TP.HCM", "đường 5", "Barcelona", "…", "lũ lớn"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


@settings(max_examples=30)
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_a_single_text_is_read_as_the_index_reads_it(texts, tmp_path_factory):
    rows = read_rows(write(tmp_path_factory.mktemp("texts"), [text or "-" for text in texts]))
    headlines = rows.rows[0]
    reader = TextReader()
    for number, text in enumerate(texts):
        first, end = headlines.starts[number : number + 2].tolist()
        words = reader.words(text or "-")
        numbers = headlines.words[first:end].tolist()
        assert [(word.fold, word.key) for word in words] == [
            (rows.folds[at], rows.keys[at]) for at in numbers
        ]
        assert [word.joined for word in words[1:]] == headlines.joined[first:end][:-1].tolist()


def suggestions_of(directory: Path, snapshot: Snapshot) -> Suggestions:
    suggestions = open_suggestions(directory, snapshot)
    assert suggestions is not None
    return suggestions


def phrase_texts(suggestions: Suggestions) -> list[str]:
    return [
        " ".join(suggestions.keys[word] for word in words if word != NO_WORD)
        for words in suggestions.phrase_words.tolist()
    ]


def assert_whole(suggestions: Suggestions, snapshot: Snapshot) -> None:
    """Marks say what stands at their places, and examples stand where they are said to."""
    reader = TextReader()

    def words(doc: int, field: int = 0) -> list[str]:
        article = load_article(snapshot.stored(doc))
        return [word.key for word in reader.words((article.headline, article.summary)[field])]

    def key(doc: int) -> bytes:
        headline = load_article(snapshot.stored(doc)).headline
        return " ".join(word.fold for word in reader.words(headline)).encode()

    keys = [key(doc) for doc in suggestions.headline_docs.tolist()]
    assert keys == sorted(set(keys))
    marked = [keys[place][:24] for place in suggestions.headline_places.tolist()]
    assert suggestions.headline_keys.tolist() == [mark.rstrip(b"\0") for mark in marked]
    for at, headline in enumerate(keys):
        assert suggestions.place(headline, key) == at
    for number, phrase in enumerate(phrase_texts(suggestions)):
        doc, field, first = suggestions.example(number)
        assert " ".join(words(doc, field)[first : first + phrase.count(" ") + 1]) == phrase


FILLING = [f"{HEADLINES[number % 14]} {'abcdefgh'[number // 14]}{number}x" for number in range(99)]


# Two articles of one age with one headline change places when their segments are merged.
@example(changes=[({0: HEADLINES[0]}, []), ({1: HEADLINES[0]}, []), ({0: HEADLINES[0]}, [])])
@settings(max_examples=15)
@given(
    changes=st.lists(
        st.tuples(
            st.dictionaries(st.integers(0, 103), st.sampled_from(HEADLINES), max_size=1),
            st.lists(st.integers(0, 103), max_size=1),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_headlines_are_carried_as_they_would_be_derived_anew(changes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("carried")
    before = write(folder, FILLING)
    write_suggestions(folder, before)
    for changed, gone in changes:
        with IndexWriter(folder, workers=1) as writer:
            for number, headline in changed.items():
                writer.add(Article(id=f"a{number}", headline=headline, body="Khác.", published=NOW))
            for number in gone:
                writer.delete(f"a{number}")
        after = Snapshot.open(folder)
        renew_suggestions(folder, delta(before, after))
        carried = suggestions_of(folder, after)
        assert_whole(carried, after)
        renewed = (folder / SUGGESTIONS_NAME).read_bytes()
        write_suggestions(folder, after)
        assert (
            suggestions_of(folder, after).headline_docs.tolist() == carried.headline_docs.tolist()
        )
        (folder / SUGGESTIONS_NAME).write_bytes(renewed)
        before = after


def test_phrases_get_other_examples_and_stay_until_a_fiftieth_has_changed(tmp_path):
    before = write(tmp_path, [*FILLING, "Mưa đá ở Huế", "Lại mưa đá ở quê", "Xe tránh mưa đá"])
    write_suggestions(tmp_path, before)
    suggestions = suggestions_of(tmp_path, before)
    number = phrase_texts(suggestions).index("mưa đá")
    example = load_article(before.stored(suggestions.example(number)[0])).id
    changed = []
    for gone in (example, "a0", "a1"):
        with IndexWriter(tmp_path, workers=1) as writer:
            writer.delete(gone)
        after = Snapshot.open(tmp_path)
        renew_suggestions(tmp_path, delta(before, after))
        suggestions = suggestions_of(tmp_path, after)
        assert_whole(suggestions, after)
        assert "mưa đá" in phrase_texts(suggestions)
        changed.append(suggestions.changed_since_derived)
        before = after
    assert changed == [1, 2, 0]


def test_a_phrase_that_no_article_has_any_more_is_dropped(tmp_path):
    before = write(tmp_path, [*FILLING, "Mưa đá lớn, mưa đá nhỏ"])
    write_suggestions(tmp_path, before)
    assert "mưa đá" in phrase_texts(suggestions_of(tmp_path, before))
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.delete("a99")
    after = Snapshot.open(tmp_path)
    renew_suggestions(tmp_path, delta(before, after))
    suggestions = suggestions_of(tmp_path, after)
    assert suggestions.changed_since_derived == 1
    assert "mưa đá" not in phrase_texts(suggestions)


def test_files_of_the_first_version_are_read_and_brought_up_to_date(tmp_path):
    before = write(tmp_path, FILLING)
    write_suggestions(tmp_path, before)
    path = tmp_path / SUGGESTIONS_NAME
    file, later = ArrayFile(path, KIND), {"headline_places", "unlearned"}
    names = ("made_for", "headline_docs", "headline_keys", "word_at", "word_text", "phrase_words",
             "phrase_weights", "phrase_docs", "phrase_places")  # fmt: skip
    assert later.isdisjoint(names)
    write_arrays(path, FIRST_KIND, {name: file.array(name) for name in names})
    assert_whole(suggestions_of(tmp_path, before), before)
    after = write(tmp_path, ["Tin vừa đến"], 200)
    renew_suggestions(tmp_path, delta(before, after))
    assert_whole(suggestions_of(tmp_path, after), after)
    assert ArrayFile(path, KIND).kind == KIND
