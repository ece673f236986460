#!/usr/bin/env python3
"""What rebuilds and updates lose when they are killed at random moments while searches go on.

Rebuilds and updates of changing articles are started and killed (SIGKILL, with all their worker
processes) at random moments, while other threads search without a pause. After each, the index must
hold exactly the articles from before or exactly the new ones, every byte as its manifest says. Exit
status 0 if no search failed and nothing was lost, 1 otherwise.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from index.snapshot import Snapshot
from index.storage.builds import current_build, current_id, verify_checksums
from index.stored import load_article
from scripts.terminal.output import guarded_output
from search import SearchEngine, SearchRequest

_SCRIPT = Path(__file__).parents[1] / "rebuild_index.py"
_ANCHOR = "mỏ neo không bao giờ đổi"
_WORDS = (
    "sông",
    "núi",
    "đường",
    "phố",
    "chợ",
    "gạo",
    "lúa",
    "trường",
    "học",
    "biển",
    "mưa",
    "nắng",
)
_THREADS = 2


@dataclass(slots=True)
class Outcome:
    """What happened.

    Attributes:
        killed: runs that were killed before they ended.
        switched: of these, runs that were killed after the switch to what they had built.
        finished: runs that ended before they were killed.
        resumed: articles that rebuilds took over from killed ones.
        searches: answered while all that went on.
        failed: searches that raised, or did not find what is always there.
        lost: runs after which the index was neither as before nor as it should become.
        slowest_ms: the longest search.
    """

    killed: int = 0
    switched: int = 0
    finished: int = 0
    resumed: int = 0
    searches: int = 0
    failed: int = 0
    lost: int = 0
    slowest_ms: float = 0.0


@click.command()
@click.option("--kills", default=100, show_default=True, help="Runs to kill; others end before.")
@click.option("--articles", default=3_000, show_default=True, help="About how many there are.")
@click.option("--seed", default=1, show_default=True, help="Of changes and moments.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@guarded_output()
def main(kills: int, articles: int, seed: int, as_json: bool) -> None:
    """Kill rebuilds and updates at random moments while searches go on."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure_kills(Path(folder), kills, articles, seed)
    if as_json:
        click.echo(json.dumps(asdict(outcome)))
    else:
        for name, value in asdict(outcome).items():
            click.echo(f"{name:12} {value:,.0f}")
    if outcome.failed or outcome.lost:
        sys.exit(1)


def measure_kills(folder: Path, kills: int, articles: int, seed: int) -> Outcome:
    """Start and kill runs in an empty folder, and search meanwhile."""
    chance = random.Random(seed)  # noqa: S311 - figures, not secrets
    index_dir, source = folder / "index", folder / "articles.jsonl"
    state = {f"bai-{number}": _text(chance) for number in range(articles)}
    _write(source, state)
    command = [sys.executable, str(_SCRIPT), "--index", str(index_dir), "--quiet", str(source)]
    subprocess.run(command, check=True)  # noqa: S603 - our own script
    longest = [0.5, 0.5]  # seconds of a rebuild and of an update: measured on the way
    outcome = Outcome()
    stop, lock = threading.Event(), threading.Lock()
    with SearchEngine.open(index_dir) as engine:
        threads = [
            threading.Thread(target=_search, args=(engine, stop, outcome, lock))
            for _ in range(_THREADS)
        ]
        for thread in threads:
            thread.start()
        try:
            while outcome.killed < kills:
                state = _run_once(index_dir, source, state, chance, longest, outcome)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    return outcome


def _run_once(
    index_dir: Path,
    source: Path,
    before: Mapping[str, str],
    chance: random.Random,
    longest: list[float],
    outcome: Outcome,
) -> dict[str, str]:
    """One run on changed articles, killed or not; returns what the index holds then."""
    wanted = _changed(before, chance)
    _write(source, wanted)
    served, updates = current_id(index_dir), chance.randrange(2)
    report = source.with_name("report.json")
    report.unlink(missing_ok=True)
    options = ["--quiet", "--report", str(report), *(["--update"] if updates else [])]
    command = [sys.executable, str(_SCRIPT), "--index", str(index_dir), *options, str(source)]
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own script
    started = time.monotonic()
    try:
        process.wait(chance.uniform(0, longest[updates]))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        outcome.killed += 1
        longest[updates] *= 1.1
    else:
        outcome.finished += 1
        longest[updates] = time.monotonic() - started
        if process.returncode == 0:
            outcome.resumed += json.loads(report.read_bytes())["resumed"]
    has_switched = current_id(index_dir) != served
    outcome.switched += has_switched and process.returncode != 0
    should_be = dict(wanted if has_switched else before)
    if process.returncode == 0 and not has_switched and dict(before) != dict(wanted):
        outcome.lost += 1
    held = _held(index_dir)
    outcome.lost += held != should_be
    return held


def _held(index_dir: Path) -> dict[str, str]:
    """The articles of the index, after every byte of it was checked."""
    build = current_build(index_dir)
    verify_checksums(build)
    snapshot = Snapshot.open(build.path)
    articles = (
        load_article(leaf.segment.stored(doc))
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    )
    return {article.id: article.body for article in articles if article.id != "neo"}


def _search(
    engine: SearchEngine, stop: threading.Event, outcome: Outcome, lock: threading.Lock
) -> None:
    """Search until told to stop; what never changes must always be found."""
    while not stop.is_set():
        for query in (_ANCHOR, "song nui", "đường phố", '"chợ gạo"'):
            started = time.perf_counter()
            try:
                page = engine.search(SearchRequest(query=query))
                is_right = query != _ANCHOR or page.hits[0].id == "neo"
            except Exception as error:  # whatever it is, a reader would have seen it
                click.echo(f"{type(error).__name__}: {error}", err=True)
                is_right = False
            took = (time.perf_counter() - started) * 1000
            with lock:
                outcome.searches += 1
                outcome.failed += not is_right
                outcome.slowest_ms = max(outcome.slowest_ms, took)


def _changed(before: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    """Some articles changed, some gone and as many new."""
    names = sorted(before)
    # For few changes the derived data is updated, for many it is derived anew.
    some = max(1, len(names) // chance.choice((50, 500)))
    after = dict(before)
    for name in chance.sample(names, some):
        after[name] = _text(chance)
    for name in chance.sample(names, some):
        after.pop(name)
        after[f"moi-{chance.getrandbits(64):x}"] = _text(chance)
    return after


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=60))


def _write(source: Path, state: Mapping[str, str]) -> None:
    anchor = {"id": "neo", "title": _ANCHOR, "body": _ANCHOR}
    records = [anchor] + [{"id": n, "title": t[:40], "body": t} for n, t in state.items()]
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
