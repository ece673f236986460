"""Trials of damaged indexes, each in a process of its own, so that a signal is seen.

``python -m tests.faults.trials FOLDER FIRST LAST`` makes the trials of these numbers with the index
that :func:`prepare` wrote into the folder, and prints one JSON object a line. A trial's number
decides all of it: which file, which damage, and what is asked of the index then.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import NamedTuple

from index.build.rebuild import RebuildOptions, rebuild, update
from index.build.writing import writer
from index.build.writing.merge_policy import SegmentSize
from index.errors import IndexingError
from index.snapshot import Snapshot
from index.storage.builds import BUILDS_NAME, CURRENT_NAME, current_build
from index.storage.manifest import MANIFEST_NAME
from index.stored import load_article
from scripts.terminal.index_check import check_index
from search import ArticleNotFound, IndexUnavailable, SearchEngine, SearchRequest
from search.request import Accents, Matching, Sort
from tests.faults.damage import ALL, IN_PLACE

NEWSROOM = Path(__file__).parents[2] / "examples" / "newsroom"
SECONDS = 120
"""Of processor time that a trial may take: most take half a second."""
ADDRESS_SPACE = 8 << 30

REQUESTS = (
    SearchRequest(query="giá vàng"),
    SearchRequest(query="gia vang ha noi", match=Matching.ALL, per_page=50),
    SearchRequest(query='"hôm nay"', sort=Sort.NEWEST),
    SearchRequest(query="thoong tin -vàng", per_page=30),
    SearchRequest(query="đường", accents=Accents.EXACT, explain=True),
    SearchRequest(query="ngươi dân có thể tìm hiểu thông tin về thời tiết ở đâu"),
    SearchRequest(query="thnàh phố"),
    SearchRequest(query="nước* OR mưa~ lũ"),
    SearchRequest(sort=Sort.OLDEST, per_page=50),
    SearchRequest(query="kinh te", sections=("Kinh tế",), typing=True),
)
TYPED = ("gia v", "thoong t", "hà n", "nuoc")

Answers = Mapping[str, object]


class Trial(NamedTuple):
    """What is done, and what came of it.

    Attributes:
        number: which decides all the rest.
        asked: what is done with the index.
        file: its name, or its kind where names are chance.
        damage: what happened to it.
        outcome: ``same``, ``error`` (a named one), ``other`` (an answer that is not the right one),
            ``fault`` (an error that names nothing) or ``signal``.
        told: the message, the signal, or what differs.
    """

    number: int
    asked: str
    file: str
    damage: str
    outcome: str = ""
    told: str = ""


class Other(Exception):
    """An answer that is not the right one."""


def prepare(folder: Path) -> None:
    """Write an index of two segments with deletions, an earlier build, and the right answers."""
    index_dir = folder / "index"
    rebuild(index_dir, [NEWSROOM])
    with SearchEngine.open(index_dir) as engine:
        changed = engine.search(SearchRequest(query="giá vàng")).hits[0].id
    _write(
        folder / "more.jsonl",
        {
            changed: "Giá vàng hôm nay tăng mạnh ở thành phố. Người dân chờ thông tin.",
            **{f"them-{n}": f"Giá vàng ngày {n} ở Hà Nội; nước lũ về. " * 6 for n in range(12)},
        },
    )
    _write(folder / "last.jsonl", {"cuoi": "Bài cuối cùng về giá vàng và mưa lũ."})
    update(index_dir, [folder / "more.jsonl"], RebuildOptions(deletes=False))
    right = {
        "search": answers(index_dir),
        "articles": articles(index_dir),
    }
    (folder / "right.json").write_text(json.dumps(right))


def _write(path: Path, bodies: Mapping[str, str]) -> None:
    records = ({"id": n, "title": f"Tin {t[:20]}", "body": t} for n, t in bodies.items())
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def answers_of(engine: SearchEngine) -> Answers:
    """All that readers are told, but for times and the names of builds."""
    told: dict[str, object] = {}
    for number, request in enumerate(REQUESTS):
        page = asdict(engine.search(request))
        del page["took_ms"], page["build"]
        told[str(number)] = page
        for hit in page["hits"][:2]:
            told[f"article {hit['id']}"] = asdict(engine.read(hit["id"], request.query))
            related = engine.related(hit["id"])
            told[f"related {hit['id']}"] = [asdict(found) for found in related]
    for typed in TYPED:
        told[typed] = [asdict(completion) for completion in engine.suggest(typed)]
    return json.loads(json.dumps(told, default=str))


def answers(index_dir: Path) -> Answers:
    with SearchEngine.open(index_dir, clock=lambda: date(2026, 1, 31)) as engine:
        return answers_of(engine)


def articles(index_dir: Path) -> Mapping[str, str]:
    """Every article of an index, with all that is stored of it."""
    snapshot = Snapshot.open(current_build(index_dir).path)
    stored = [
        load_article(leaf.segment.stored(doc))
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    ]
    return {article.id: repr(article) for article in stored}


def search(folder: Path, damage: Callable[[], None], right: Mapping[str, Answers]) -> None:
    damage()
    _require_same(answers(folder / "index"), right["search"])


def search_on(folder: Path, damage: Callable[[], None], right: Mapping[str, Answers]) -> None:
    """A server has the index open, and has found it whole, when the damage comes."""
    with SearchEngine.open(folder / "index", clock=lambda: date(2026, 1, 31)) as engine:
        damage()
        _require_same(answers_of(engine), right["search"])


def change(folder: Path, damage: Callable[[], None], right: Mapping[str, Answers]) -> None:
    damage()
    update(folder / "index", [folder / "last.jsonl"], RebuildOptions(deletes=False))
    held = dict(articles(folder / "index"))
    held.pop("cuoi")
    _require_same(held, right["articles"])
    check_index(folder / "index")


def merge(folder: Path, damage: Callable[[], None], right: Mapping[str, Answers]) -> None:
    def all_of_them(sizes: list[SegmentSize]) -> list[int]:
        return [*range(len(sizes))]

    writer.choose_merge = all_of_them  # type: ignore[assignment]  # of a process that ends
    change(folder, damage, right)


def check(folder: Path, damage: Callable[[], None], right: Mapping[str, Answers]) -> None:
    damage()
    check_index(folder / "index")
    raise Other("the check found the index to be whole")


Asked = Callable[[Path, Callable[[], None], Mapping[str, Answers]], None]

ASKED: Mapping[str, Asked] = {
    "search": search,
    "search on": search_on,
    "update": change,
    "merge": merge,
    "check": check,
}
# All others verify what they read before they use it, which leaves little to chance.
TURNS = ("search on", "search", "search on", "update", "search on", "merge", "search on", "check")


def _require_same(found: Answers, right: Answers) -> None:
    differ = [name for name in (*right, *found) if found.get(name) != right.get(name)]
    if differ:
        raise Other(f"{len(differ)} answers, the first: {differ[0]}")


def _files(index_dir: Path) -> dict[str, Path]:
    """What may be damaged, under names that are the same in every run."""
    build = current_build(index_dir).path
    files = {"current": index_dir / CURRENT_NAME, "manifest": build / MANIFEST_NAME}
    segments = sorted(build.glob("*.timbao"), key=lambda path: path.stat().st_size)
    files.update({f"segment {number}": path for number, path in enumerate(segments)})
    files.update(
        {path.suffix if path.suffix == ".toc" else path.name: path
         for path in sorted(build.iterdir())
         if path.suffix not in (".timbao", ".json") and path.stat().st_size}
    )  # fmt: skip
    return files


def _former(index_dir: Path, path: Path, files: Mapping[str, Path]) -> bytes | None:
    """What a file held in the build before, or what another of its kind holds."""
    builds = sorted((index_dir / BUILDS_NAME).iterdir())
    if path.name == CURRENT_NAME:
        return None  # the build before may be meant
    others = [builds[0] / path.name, *builds[0].glob(f"*{path.suffix}"), *files.values()]
    content = path.read_bytes()
    same_kind = [other for other in others if other.suffix == path.suffix and other.is_file()]
    return next((data for data in map(Path.read_bytes, same_kind) if data != content), None)


def _damaging(
    trial: Trial, index_dir: Path, chance: random.Random
) -> tuple[Trial, Callable[[], None]]:
    files = _files(index_dir)
    # Half of the trials are about segments, which hold most of what there is.
    names = [name for name in files if name.startswith("segment")]
    name = chance.choice(names if chance.random() < 0.5 else [*files])
    path = files[name]
    content = path.read_bytes()
    former = None if trial.asked == "search on" else _former(index_dir, path, files)
    kinds = dict(IN_PLACE if trial.asked == "search on" else ALL)
    if former is not None:
        kinds["old version"] = lambda _content, _chance: former
    damage = chance.choice([*kinds])
    damaged = kinds[damage](content, chance)
    if damaged == content:  # a page of zeros where there were zeros
        damaged = ALL["flips"](content, chance)
    # The file is linked to by others; in place, since a server has mapped it.
    path.unlink()
    path.write_bytes(content)

    def strike() -> None:
        with path.open("r+b") as file:
            file.write(damaged)
            file.truncate()

    return trial._replace(file=name, damage=damage), strike


def make(folder: Path, number: int, right: Mapping[str, Answers]) -> Trial:
    """Make one trial, in a process that is forked for it."""
    chance = random.Random(f"{number}")
    trial = Trial(number, TURNS[number % len(TURNS)], "", "")
    with tempfile.TemporaryDirectory(dir=folder) as room:
        place = Path(room)
        shutil.copytree(folder / "index", place / "index", copy_function=os.link)
        for source in folder.glob("*.jsonl"):
            (place / source.name).symlink_to(source)
        trial, strike = _damaging(trial, place / "index", chance)
        reader, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            _child(writing, trial, place, strike, right)
        os.close(writing)
        with open(reader, "rb") as said:  # noqa: PTH123 - a descriptor
            words = said.read()
        _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return trial._replace(outcome="signal", told=signal.Signals(os.WTERMSIG(status)).name)
    outcome, told = json.loads(words)
    return trial._replace(outcome=outcome, told=told)


def _child(
    pipe: int, trial: Trial, place: Path, strike: Callable[[], None], right: Mapping[str, Answers]
) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    try:
        ASKED[trial.asked](place, strike, right)
        outcome = "same", ""
    except (Other, ArticleNotFound) as error:  # the latter of an id that was in a list just now
        outcome = "other", str(error)
    except (IndexingError, IndexUnavailable) as error:
        outcome = "error", str(error)
    except BaseException:
        outcome = "fault", traceback.format_exc()
    os.write(pipe, json.dumps(outcome).encode()[:60_000])
    os._exit(0)


def main(folder: Path, first: int, last: int) -> None:
    right = json.loads((folder / "right.json").read_text())
    for number in range(first, last):
        sys.stdout.write(f"{json.dumps(make(folder, number, right))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
