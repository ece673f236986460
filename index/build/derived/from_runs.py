"""Data derived from the statistics of a bulk build's runs while these are merged.

Another process does most of it, since it takes as long as the merge: first what the statistics
tell, then, of the committed index, its near-duplicates, while this one gathers what to suggest.

Invariant: the files are those that :func:`index.build.derived.from_index.derive` makes of the
finished index.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from index.analysis import Analyser
from index.analysis.phrases import phrase_reader
from index.build.derived.run_statistics import SHORT_FIELDS, SharedKeys, read_run_statistics
from index.build.processes.children import end_with_parent, processors, start_child, stream
from index.build.processes.memory import keep_memory
from index.duplicates.groups import write_groups
from index.errors import BuildError
from index.language.files import ACRONYMS_NAME, MODEL_NAME
from index.language.model.builder import LanguageModelBuilder
from index.language.synonyms.acronym_mining import AcronymMiner
from index.language.synonyms.acronyms import write_acronyms
from index.snapshot import Snapshot
from index.suggestions.suggestions import write_suggestions


@contextmanager
def other_process(directory: Path, program: str, *arguments: Path) -> Iterator[Callable[[], None]]:
    """Run a part of the work on an index in another interpreter meanwhile, and wait for it.

    Args:
        directory: the index, for messages.
        program: Python code, which calls :func:`index.build.processes.children.end_with_parent`
            first.
        arguments: what it finds in ``sys.argv``.

    Yields:
        A function that tells it to go on, if it waits for that.

    Raises:
        BuildError: at the end, if the other process failed.
    """
    with start_child(program, list(map(str, arguments)), answers=False) as process:
        send = stream(process.stdin)

        def go_on() -> None:
            with suppress(BrokenPipeError):  # why it has ended is told below
                send.write(b"\n")
                send.flush()

        try:
            yield go_on
        except BaseException:
            process.terminate()
            raise
        problem = stream(process.stderr).read().decode(errors="replace").strip()
        process.wait()
    if process.returncode:
        reason = problem.splitlines()[-1] if problem else "it was killed"
        raise BuildError(f"{directory}: nothing could be derived from the articles ({reason})")


@contextmanager
def deriving(directory: Path, statistics: Path) -> Iterator[Callable[[], None]]:
    """Derive data of run statistics while the caller commits; at the end it is in ``directory``.

    Yields:
        A function that the caller calls when the index is committed, once: it derives what
        belongs to that state of the index.

    Raises:
        BuildError: it could not be done.
    """
    runs = len(read_run_statistics(statistics))
    if runs > 1 and processors() > 1:
        program = "from index.build.derived.from_runs import main; main()"
        with other_process(directory, program, directory, statistics) as go_on:

            def derive_the_rest() -> None:
                go_on()
                write_suggestions(directory, Snapshot.open(directory))

            yield derive_the_rest
        return

    def derive_everything() -> None:
        if runs:
            snapshot = Snapshot.open(directory)
            write_model_of_runs(directory, statistics)
            write_acronyms_of_runs(directory, statistics)
            write_groups(directory, snapshot)
            write_suggestions(directory, snapshot)

    yield derive_everything


def main() -> None:
    """Derive for the index, from the statistics, both on the command line: the other process."""
    keep_memory()
    committed = end_with_parent()
    directory, statistics = map(Path, sys.argv[1:])
    write_model_of_runs(directory, statistics)
    write_acronyms_of_runs(directory, statistics)
    committed.wait()
    write_groups(directory, Snapshot.open(directory))


def write_model_of_runs(directory: Path, statistics: Path) -> None:
    """Write the language model of the articles of all runs."""
    runs = read_run_statistics(statistics)
    shared = SharedKeys((run.keys, run.folded) for run in runs)
    with LanguageModelBuilder(shared, directory) as builder:
        for run, numbers in zip(runs, shared.numbers, strict=True):
            builder.add_run(run.counted(), numbers)
        builder.write(directory / MODEL_NAME)


def write_acronyms_of_runs(directory: Path, statistics: Path) -> None:
    """Write what the acronyms in the articles of all runs stand for."""
    runs = read_run_statistics(statistics)
    shared = SharedKeys((run.keys, run.folded) for run in runs)
    miner = AcronymMiner()
    for run in runs:
        miner.add_definitions(run.definitions)
    for field in SHORT_FIELDS:
        for run, numbers in zip(runs, shared.numbers, strict=True):
            for keys, positions in run.short_texts(field):
                miner.add_terms(numbers[keys].astype(np.uint32), positions)
    write_acronyms(directory / ACRONYMS_NAME, miner.mine(shared.keys, phrase_reader(Analyser())))
