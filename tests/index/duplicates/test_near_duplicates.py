"""Articles of nearly the same text are found and grouped; articles of one affair are not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.duplicates.groups import ALONE, GROUPS_NAME, open_groups, write_groups
from index.duplicates.near_duplicates import find_likenesses
from index.errors import IndexDamaged
from index.snapshot import Snapshot

ONSETS = ("b", "c", "d", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "x")
RIMES = ("an", "ang", "at", "em", "en", "ich", "ong", "ôn", "ưng", "ươn")
NAMES = [onset + rime for onset in ONSETS for rime in RIMES]
COMMON = ("và", "của", "là", "có", "được", "trong", "cho", "với", "những", "người", "một", "đã")


def sentence(chance: random.Random) -> str:
    words = [chance.choice(NAMES if chance.random() < 0.4 else COMMON) for _ in range(14)]
    return " ".join(words).capitalize() + "."


def text(seed: int, sentences: int = 12) -> str:
    chance = random.Random(seed)
    return "\n".join(sentence(chance) for _ in range(sentences))


def article(name: str, body: str, headline: str = "", summary: str = "") -> Article:
    return Article(id=name, headline=headline or f"Bài {name}", body=body, summary=summary)


def write(directory: Path, articles: list[Article]) -> Snapshot:
    with IndexWriter(directory, workers=1) as writer:
        for added in articles:
            writer.add(added)
    return Snapshot.open(directory)


def named(snapshot: Snapshot, groups: list[list[int]]) -> list[set[str]]:
    def name(doc: int) -> str:
        leaf = snapshot.leaf_of(doc)
        return leaf.segment.values("id").value(doc - leaf.base)

    return [{name(doc) for doc in group} for group in groups]


OTHERS = [article(f"other-{seed}", text(seed)) for seed in range(100, 140)]


def misspelled(body: str) -> str:
    words = body.split(" ")
    for at in range(25, len(words), 50):
        words[at] = words[at][::-1] + "q"
    return " ".join(words)


STORY = text(1)
COPIES = [
    pytest.param({}, id="the same text"),
    pytest.param({"headline": "Tựa khác hẳn"}, id="another headline"),
    pytest.param({"summary": text(2, 2)}, id="another lead"),
    pytest.param({"body": STORY + "\n" + text(3, 1)}, id="a closing line"),
    pytest.param({"body": "\n".join(STORY.splitlines()[:7])}, id="cut short"),
    pytest.param({"body": "\n".join(STORY.splitlines()[1:])}, id="a sentence left out"),
    pytest.param({"body": misspelled(STORY)}, id="slips of the finger"),
    pytest.param({"body": STORY.replace("ư", "u").replace("ơ", "o")}, id="without accents"),
]


@pytest.mark.parametrize("changes", COPIES)
def test_an_altered_copy_is_found(tmp_path, changes):
    copy = article("copy", changes.get("body", STORY), changes.get("headline", "Một tựa khác"),
                   changes.get("summary", ""))  # fmt: skip
    snapshot = write(tmp_path, [*OTHERS, article("story", STORY), copy])
    assert named(snapshot, find_likenesses(snapshot).groups) == [{"story", "copy"}]


DIFFERENT = [
    pytest.param(STORY[: len(STORY) // 3] + text(4, 8), "Hôm sau", id="background in common"),
    pytest.param(text(5), "Chuyện khác", id="another text"),
    pytest.param(STORY, "Bài 218", id="one pattern, another number in the headline"),
    pytest.param("\n".join(STORY.splitlines()[:3]), "Trích", id="a quotation"),
]


@pytest.mark.parametrize(("body", "headline"), DIFFERENT)
def test_what_is_no_copy_stays_alone(tmp_path, body, headline):
    pair = [article("story", STORY, "Bài 209"), article("next", body, headline)]
    snapshot = write(tmp_path, [*OTHERS, *pair])
    assert find_likenesses(snapshot).groups == []


def test_many_copies_are_one_group_around_the_longest(tmp_path):
    copies = [article(f"copy-{number}", STORY, f"Tựa {NAMES[number]}") for number in range(30)]
    longest = article("longest", STORY + "\n" + text(6, 1), "Bản đầy đủ nhất")
    snapshot = write(tmp_path, [*OTHERS, *copies, longest])
    groups = find_likenesses(snapshot).groups
    assert named(snapshot, groups) == [{"longest", *(copy.id for copy in copies)}]


def test_likenesses_do_not_chain_up(tmp_path):
    lines = text(7, 48).splitlines()
    windows = ["\n".join(lines[at : at + 24]) for at in (0, 5, 10, 15, 20, 24)]
    names = [f"window-{number}" for number in range(6)]
    chain = [article(name, body, f"Kỳ {NAMES[number]}") for number, (name, body) in
             enumerate(zip(names, windows, strict=True))]  # fmt: skip
    snapshot = write(tmp_path, [*OTHERS, *chain])
    groups = named(snapshot, find_likenesses(snapshot).groups)
    assert groups
    assert all(len(group) <= 3 for group in groups)


def test_copies_in_different_segments_are_found_and_deleted_ones_are_not(tmp_path):
    write(tmp_path, [*OTHERS, article("story", STORY), article("gone", STORY)])
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.add(article("copy", STORY, "Tựa khác"))
        writer.delete("gone")
    snapshot = Snapshot.open(tmp_path)
    assert len(snapshot.leaves) == 2
    assert named(snapshot, find_likenesses(snapshot).groups) == [{"story", "copy"}]


def test_groups_are_kept_beside_the_index(tmp_path):
    snapshot = write(tmp_path, [*OTHERS, article("story", STORY), article("copy", STORY, "Khác")])
    write_groups(tmp_path, snapshot)
    groups = open_groups(tmp_path, snapshot)
    story, copy = snapshot.find_id("story"), snapshot.find_id("copy")
    assert story is not None
    assert groups.others(story).tolist() == [copy]
    assert groups.others(0).tolist() == []
    assert len(groups) == 1
    assert (groups.of_document != ALONE).sum() == 2


def test_the_same_index_gives_the_same_bytes(tmp_path):
    snapshot = write(tmp_path, [*OTHERS, article("story", STORY), article("copy", STORY, "Khác")])
    written = []
    for _ in range(2):
        write_groups(tmp_path, snapshot)
        written.append((tmp_path / GROUPS_NAME).read_bytes())
    assert written[0] == written[1]


def test_groups_of_another_state_of_the_index_are_none(tmp_path):
    snapshot = write(tmp_path, [article("story", STORY), article("copy", STORY, "Khác")])
    write_groups(tmp_path, snapshot)
    changed = write(tmp_path, [article("third", text(8))])
    assert len(open_groups(tmp_path, changed)) == 0
    (tmp_path / GROUPS_NAME).unlink()
    assert len(open_groups(tmp_path, changed)) == 0


def test_a_damaged_file_says_so(tmp_path):
    snapshot = write(tmp_path, [article("story", STORY)])
    (tmp_path / GROUPS_NAME).write_bytes(b"none")
    with pytest.raises(IndexDamaged, match="rebuild the index"):
        open_groups(tmp_path, snapshot)
