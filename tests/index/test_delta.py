"""What is carried from one state of an index to the next is what would be derived anew."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.delta import GONE, Delta, delta
from index.duplicates.groups import GROUPS_NAME, KIND, open_groups, write_groups
from index.duplicates.near_duplicates import find_likenesses, renew_likenesses
from index.snapshot import Snapshot
from index.storage.array_file import ArrayFile, write_arrays
from index.stored import load_article

ONSETS = ("b", "c", "d", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "x")
RIMES = ("an", "ang", "at", "em", "en", "ich", "ong", "ôn", "ưng", "ươn")
NAMES = [onset + rime for onset in ONSETS for rime in RIMES]


def story(seed: int, words: int = 120) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(NAMES) for _ in range(words))


def alter(directory: Path, articles: dict[str, str], gone: tuple[str, ...] = ()) -> Snapshot:
    with IndexWriter(directory, workers=1) as writer:
        for name, body in articles.items():
            writer.add(Article(id=name, headline=f"Tin {name}", body=body))
        for name in gone:
            writer.delete(name)
    return Snapshot.open(directory)


def names(snapshot: Snapshot, docs: list[int]) -> set[str]:
    return {load_article(snapshot.stored(doc)).id for doc in docs}


def changed(folder: Path, articles: dict[str, str], gone: tuple[str, ...] = ()) -> Delta:
    """Change a copy of the index in ``folder / "old"``."""
    shutil.copytree(folder / "old", folder / "new")
    return delta(Snapshot.open(folder / "old"), alter(folder / "new", articles, gone))


def renewed(change: Delta) -> list[set[str]]:
    likenesses = renew_likenesses(change, find_likenesses(change.before))
    assert likenesses.groups == sorted(sorted(group) for group in likenesses.groups)
    return [names(change.after, group) for group in likenesses.groups]


OTHERS = {f"khac-{seed}": story(seed) for seed in range(100, 130)}
STORY = story(1)


@pytest.mark.parametrize("segments", [1, 2, 3], ids=["kept", "two", "merged"])
def test_articles_are_carried_only_if_they_are_the_same(tmp_path, segments):
    for number in range(segments):
        alter(tmp_path / "old", {f"{number}-{at}": story(at, 30) for at in range(4)})
    change = changed(tmp_path, {"0-1": "khác hẳn", "0-2": story(2, 30), "moi": "mới"}, ("0-3",))
    for doc, number in enumerate(change.to.tolist()):
        if number != GONE:
            assert change.before.stored(doc) == change.after.stored(number)
    lost = names(change.before, np.flatnonzero(change.to == GONE).tolist())
    assert {"0-1", "0-3"} <= lost <= {"0-1", "0-2", "0-3"}
    assert names(change.after, change.added.tolist()) == {"0-1", "moi"} | (lost & {"0-2"})
    assert change.changes == max(len(lost), len(change.added))


CHANGES = [
    pytest.param({"chep": STORY}, (), [{"goc", "chep"}], id="a copy comes"),
    pytest.param({"la": story(9)}, (), [], id="another article comes"),
    pytest.param({"khac-100": STORY}, (), [{"goc", "khac-100"}], id="an article becomes a copy"),
    pytest.param({"chep": STORY, "sau": STORY + " thêm"}, (), [{"goc", "chep", "sau"}],
                 id="two copies come"),
]  # fmt: skip


@pytest.mark.parametrize(("articles", "gone", "groups"), CHANGES)
def test_near_duplicates_of_what_is_new_are_found(tmp_path, articles, gone, groups):
    alter(tmp_path / "old", {**OTHERS, "goc": STORY})
    assert renewed(changed(tmp_path, articles, gone)) == groups


def test_a_group_that_loses_an_article_is_grouped_anew(tmp_path):
    lines = story(7, 480).split(" ")
    windows = {f"cua-so-{at}": " ".join(lines[at : at + 240]) for at in (0, 40, 80)}
    alter(tmp_path / "old", {**OTHERS, **windows})
    change = changed(tmp_path, {}, ("cua-so-40",))
    assert renewed(change) == [
        names(change.after, group) for group in find_likenesses(change.after).groups
    ]


def test_a_copy_whose_rarest_words_all_stand_in_what_was_added_is_found(tmp_path):
    words = [first + second for first in NAMES[:12] for second in NAMES[20:30]]
    telling, rarer = words[:60], words[60:]
    scattered = {
        f"rac-{number}": " ".join([story(number), *telling[number::20], *rarer[number::20]])
        for number in range(20)
    } | {
        f"it-{number}": " ".join([story(number + 50), *telling[number::20]]) for number in range(20)
    }
    alter(tmp_path / "old", {**scattered, "goc": " ".join(telling)})
    change = changed(tmp_path, {"dai": " ".join(telling + rarer)})
    assert renewed(change) == [{"goc", "dai"}]


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 5), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    ),
    gone=st.lists(st.sampled_from("abcdefgh"), max_size=3),
)
def test_after_any_changes_groups_are_those_that_would_be_found_anew(steps, gone, tmp_path_factory):
    """Texts are copies or strangers here; those in between may be compared or not."""
    folder = tmp_path_factory.mktemp("steps")
    before = alter(folder, {**OTHERS, "a": story(0), "b": story(0)})
    former = find_likenesses(before)
    for number, articles in enumerate(steps):
        bodies = {name: story(seed) for name, seed in articles.items()}
        after = alter(folder, bodies, tuple(gone) if number % 2 else ())
        former = renew_likenesses(delta(before, after), former)
        assert former.groups == find_likenesses(after).groups
        before = after


def test_groups_are_carried_beside_the_index(tmp_path):
    seeds = range(100, 220)
    old = alter(tmp_path / "old", {f"khac-{seed}": story(seed) for seed in seeds} | {"goc": STORY})
    write_groups(tmp_path / "old", old)
    change = changed(tmp_path, {"chep": STORY})
    assert change.is_small
    write_groups(tmp_path / "new", change.after, change)
    carried = (tmp_path / "new" / GROUPS_NAME).read_bytes()
    assert len(open_groups(tmp_path / "new", change.after)) == 1
    write_groups(tmp_path / "new", change.after)
    assert (tmp_path / "new" / GROUPS_NAME).read_bytes() == carried


@pytest.mark.parametrize("lost", ["links", "file"])
def test_without_what_was_found_before_all_is_compared(tmp_path, lost):
    copies = {"goc": STORY, "chep": STORY}
    old = alter(
        tmp_path / "old", {**{f"x{seed}": story(seed) for seed in range(100, 220)}, **copies}
    )
    write_groups(tmp_path / "old", old)
    change = changed(tmp_path, {"khac": story(300)})
    path = tmp_path / "new" / GROUPS_NAME
    if lost == "links":
        file = ArrayFile(path, KIND)
        arrays = {name: file.array(name) for name in ("made_for", "documents", "group")}
        write_arrays(path, KIND, arrays)
    else:
        path.unlink()
    write_groups(tmp_path / "new", change.after, change)
    groups = open_groups(tmp_path / "new", change.after)
    assert names(change.after, groups.members.tolist()) == {"goc", "chep"}
    assert len(ArrayFile(path, KIND).array("linked")) == 2


def test_copies_stay_one_group_whichever_of_them_go(tmp_path):
    copies = {f"ban-{name}": STORY for name in NAMES[:12]}
    alter(tmp_path / "old", {**OTHERS, **copies})
    gone = (f"ban-{NAMES[0]}", f"ban-{NAMES[5]}")
    change = changed(tmp_path, {}, gone)
    assert renewed(change) == [copies.keys() - {*gone}]
