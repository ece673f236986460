"""An update adds, changes and deletes what differs, and writes nothing where nothing does."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build.rebuild import RebuildOptions, rebuild, update
from index.build.report.report import Report, summarise
from index.build.report.words import Language
from index.duplicates.groups import open_groups
from index.errors import BuildError, NothingToIndex
from index.snapshot import Snapshot
from index.storage.builds import Build, current_build, current_id, verify_checksums
from index.stored import load_article
from index.suggestions.suggestions import open_suggestions


def write(path: Path, bodies: dict[str, str]) -> Path:
    records = [{"id": name, "title": f"Bài {name}", "body": text} for name, text in bodies.items()]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def bodies_of(build: Build) -> dict[str, str]:
    snapshot = Snapshot.open(build.path)
    articles = [
        load_article(leaf.segment.stored(doc))
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    ]
    assert len({article.id for article in articles}) == len(articles)
    return {article.id: article.body for article in articles}


def bodies(index_dir: Path) -> dict[str, str]:
    build = current_build(index_dir)
    verify_checksums(build)
    by_id = bodies_of(build)
    assert len(by_id) == build.manifest.articles
    return by_id


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.deleted, report.kept


def test_what_differs_is_added_changed_and_deleted(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"1": "mot", "2": "hai", "3": "ba"})
    rebuild(tmp_path / "index", [source])
    wanted = {"1": "mot", "2": "hai sửa", "4": "bon"}
    write(source, wanted)
    report = update(tmp_path / "index", [source])
    assert counts(report) == (1, 1, 1, 1, 0)
    assert (report.read, report.indexed) == (3, 2)
    assert report.build == current_id(tmp_path / "index")
    assert bodies(tmp_path / "index") == wanted


def test_nothing_is_written_where_nothing_differs(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"1": "mot", "2": "hai"})
    rebuild(tmp_path / "index", [source])
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "index").rglob("*")}
    report = update(tmp_path / "index", [source])
    assert counts(report) == (0, 0, 2, 0, 0)
    assert report.build == ""
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "index").rglob("*")}
    lock = tmp_path / "index" / "rebuild.lock"
    assert {**after, lock: 0} == {**before, lock: 0}


def test_an_update_shares_files_and_leaves_the_build_before_as_it_was(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {str(n): "như nhau" for n in range(100)})
    rebuild(tmp_path / "index", [source])
    old = current_build(tmp_path / "index")
    write(source, {**{str(n): "như nhau" for n in range(100)}, "new": "mới"})
    update(tmp_path / "index", [source])
    verify_checksums(old)
    assert "new" not in bodies_of(old)
    new = current_build(tmp_path / "index")
    shared = [
        name
        for name in old.manifest.files
        if name in new.manifest.files and (old.path / name).samefile(new.path / name)
    ]
    assert any(name.startswith("MAIN_") for name in shared)
    assert "language.model" in shared


def test_many_changes_have_the_language_derived_anew(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {str(n): "cũ" for n in range(50)})
    rebuild(tmp_path / "index", [source])
    models = [(current_build(tmp_path / "index").path / "language.model").stat().st_ino]
    since_derived = []
    for changed in (2, 4, 8):
        write(source, {str(n): "mới" if n < changed else "cũ" for n in range(50)})
        update(tmp_path / "index", [source], RebuildOptions(keep=9))
        build = current_build(tmp_path / "index")
        since_derived.append(build.manifest.changed_since_derived)
        models.append((build.path / "language.model").stat().st_ino)
    assert since_derived == [2, 4, 0]
    assert models[0] == models[1] == models[2] != models[3]


@pytest.mark.parametrize("reason", ["damaged", "missing folder", "limit"])
def test_nothing_is_deleted_where_not_everything_could_be_read(reason: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.jsonl", {"1": "mot"})
    write(folder / "b.jsonl", {"2": "hai"})
    rebuild(tmp_path / "index", [folder])
    options = RebuildOptions()
    if reason == "damaged":
        (folder / "b.jsonl").write_bytes(b"\xfd7zXZ\0\0\0")
    elif reason == "limit":
        options = RebuildOptions(limit=1)
    else:
        (folder / "b.jsonl").unlink()
        (folder / "mounted").symlink_to(tmp_path / "nowhere")
    report = update(tmp_path / "index", [folder], options)
    assert (report.deleted, report.kept) == (0, 1)
    assert set(bodies(tmp_path / "index")) == {"1", "2"}


def test_sources_that_have_become_empty_delete_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"1": "mot"})
    rebuild(tmp_path / "index", [source])
    before = current_id(tmp_path / "index")
    source.write_bytes(b"{}\n")
    with pytest.raises(NothingToIndex, match="no article any more"):
        update(tmp_path / "index", [source])
    assert current_id(tmp_path / "index") == before
    assert bodies(tmp_path / "index") == {"1": "mot"}


def test_without_an_index_an_update_is_a_rebuild(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"1": "mot"})
    report = update(tmp_path / "index", [source])
    assert not report.updates
    assert bodies(tmp_path / "index") == {"1": "mot"}


def test_a_damaged_index_is_built_anew(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"1": "mot"})
    rebuild(tmp_path / "index", [source])
    for file in current_build(tmp_path / "index").path.glob("*.timbao"):
        os.truncate(file, 10)
    assert not update(tmp_path / "index", [source]).updates
    assert bodies(tmp_path / "index") == {"1": "mot"}


STATES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.sampled_from(["sớm mai", "chiều tà", "đêm khuya"]), min_size=1
)


@settings(max_examples=15)
@given(states=st.lists(STATES, min_size=2, max_size=5))
def test_after_any_updates_the_index_is_what_the_sources_are(
    states: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("update")
    for state in states:
        report = update(folder / "index", [write(folder / "a.jsonl", state)])
        assert report.kept == 0
        assert bodies(folder / "index") == state


def test_articles_can_be_added_without_deleting_any(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"1": "mot", "2": "hai"})
    rebuild(tmp_path / "index", [source])
    write(source, {"2": "hai sửa", "3": "ba"})
    report = update(tmp_path / "index", [source], RebuildOptions(deletes=False))
    assert counts(report) == (1, 1, 0, 0, 0)
    assert bodies(tmp_path / "index") == {"1": "mot", "2": "hai sửa", "3": "ba"}
    build = report.build
    report = update(tmp_path / "index", [source], RebuildOptions(deletes=False))
    assert counts(report) == (0, 0, 2, 0, 0)
    assert report.build == ""
    assert current_id(tmp_path / "index") == build
    write(source, {"1": "mot", "2": "hai sửa"})
    assert update(tmp_path / "index", [source]).deleted == 1


def test_what_is_derived_from_a_state_belongs_to_the_state_after_the_update(tmp_path: Path) -> None:
    texts = {f"a{n}": " ".join(f"chữ{n * word % 97}" for word in range(60)) for n in range(150)}
    source = write(tmp_path / "a.jsonl", texts)
    rebuild(tmp_path / "index", [source])
    write(source, {**texts, "chép": texts["a7"], "a9": "đã sửa"})
    update(tmp_path / "index", [source])
    build = current_build(tmp_path / "index")
    snapshot = Snapshot.open(build.path)
    groups, suggestions = open_groups(build.path, snapshot), open_suggestions(build.path, snapshot)
    original, copy = snapshot.find_id("a7"), snapshot.find_id("chép")
    assert original is not None
    assert groups.others(original).tolist() == [copy]
    assert suggestions is not None
    assert copy in suggestions.headline_docs.tolist()
    assert suggestions.changed_since_derived == 2


@pytest.mark.parametrize("allows_loss", [False, True])
def test_fewer_than_a_tenth_go_only_if_that_is_meant(allows_loss: bool, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {str(n): f"bai {n}" for n in range(30)})
    rebuild(tmp_path / "index", [source])
    write(source, {"1": "bai 1", "2": "bai 2"})
    report = update(tmp_path / "index", [source], RebuildOptions(allows_loss=allows_loss))
    assert (report.deleted, report.kept) == ((28, 0) if allows_loss else (0, 28))
    told = summarise(report, Language.ENGLISH)
    assert ("--allow-delete" in told) is not allows_loss
    assert len(bodies(tmp_path / "index")) == (2 if allows_loss else 30)


def test_a_rebuild_of_what_little_could_be_read_replaces_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {str(n): f"bai {n}" for n in range(30)})
    rebuild(tmp_path / "index", [source])
    source.write_text('{"id": "1", "title": "t", "body": "b"}\n{"id": "2", \n', encoding="utf-8")
    with pytest.raises(BuildError, match="--allow-delete"):
        rebuild(tmp_path / "index", [source])
    assert len(bodies(tmp_path / "index")) == 30
    rebuild(tmp_path / "index", [source], RebuildOptions(allows_loss=True))
    assert len(bodies(tmp_path / "index")) == 1


@pytest.mark.parametrize("broken", ['{"id": "3", "tit', "", "\xff\xfe\0"])
def test_a_file_that_was_cut_short_deletes_nothing(broken: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.jsonl", {"1": "mot", "2": "hai"})
    write(folder / "b.jsonl", {"3": "ba"})
    rebuild(tmp_path / "index", [folder])
    (folder / "b.jsonl").write_text(broken, encoding="latin-1")
    report = update(tmp_path / "index", [folder])
    assert (report.deleted, report.kept) == (0, 1)
    assert sorted(bodies(tmp_path / "index")) == ["1", "2", "3"]
