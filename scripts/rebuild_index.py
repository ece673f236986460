#!/usr/bin/env python3
"""Build the index of a folder of articles anew and serve it from then on.

The index that is being served stays until the new one is complete, and stays for good if that
fails. Exit status: 0 done, 1 failed (nothing was changed), 2 wrong usage.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import _environment

    _environment.enter()

import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as ProgressBar,
)

from index.errors import IndexingError, NothingToIndex
from index.rebuild import KEEP_BUILDS, RebuildOptions, rebuild
from index.report import Report, printable, summarise
from index.report_words import Language
from index.source_reader import Progress, Stage, ignore_progress
from index.sources import KIND_NAMES
from scripts._terminal import guarded_output

_PLAIN_LINE_EVERY = 10.0
_STAGES = {
    Language.VIETNAMESE: {
        Stage.READING: "Đọc bài",
        Stage.WRITING: "Ghi chỉ mục",
        Stage.FINISHING: "Kiểm và chuyển",
    },
    Language.ENGLISH: {
        Stage.READING: "Reading",
        Stage.WRITING: "Writing the index",
        Stage.FINISHING: "Checking and switching",
    },
}
_COUNTS = {
    Language.VIETNAMESE: "{indexed} bài, bỏ qua {skipped}, {rate:.0f} bài/giây",
    Language.ENGLISH: "{indexed} articles, {skipped} skipped, {rate:.0f} articles/s",
}


@click.command()
@click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory of the index; made if it is missing.",
)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="SOURCE…",
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--kind",
    "kind_name",
    type=click.Choice(KIND_NAMES),
    help="What all files are; by default each is recognised by its content and name.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many articles.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=KEEP_BUILDS,
    show_default=True,
    help="How many builds to keep, the new one among them.",
)
@click.option(
    "--progress/--quiet",
    "shows_progress",
    default=None,
    help="Show progress and a summary, or nothing but errors. By default there is a summary, and a "
    "bar where stderr is a terminal.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was read, indexed, skipped and repaired to this file, as JSON.",
)
@click.option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    help="The language of progress and summary; by default Vietnamese, or English where the locale "
    "is English.",
)
@guarded_output()
def main(
    index_dir: Path,
    sources: tuple[Path, ...],
    kind_name: str | None,
    limit: int | None,
    keep: int,
    shows_progress: bool | None,
    report_file: Path | None,
    lang: str | None,
) -> None:
    """Build the index of all articles in SOURCE… (files and folders) and serve it."""
    # Libraries' warnings on single pages would run into the bar; the report has what matters.
    logging.getLogger().addHandler(logging.NullHandler())
    language = Language(lang) if lang else _language_of_locale()
    report = Report()
    failure = ""
    try:
        with _progress_shown(shows_progress, language) as progress:
            rebuild(
                index_dir,
                sources,
                RebuildOptions(kind=kind_name or "", limit=limit, keep=keep),
                progress=progress,
                report=report,
            )
    except NothingToIndex as error:
        failure = str(error)
    except (IndexingError, MemoryError) as error:
        failure = str(error) or "there is not enough memory"
    except KeyboardInterrupt:
        # Once the new index is in use, only the removal of old ones remains, for the next rebuild.
        failure = "" if report.build else "interrupted; nothing was changed"
    except Exception as error:  # a fault of ours; the person at the keyboard gets no traceback
        failure = f"unexpected {type(error).__name__}: {error} ({_place(error)}); please report it"
    if report_file is not None:
        failure = _write_report(report_file, report) or failure
    if shows_progress is not False and (report.read or not failure):
        click.echo(summarise(report, language))
    if failure:
        click.echo(f"error: {printable(failure)}", err=True)
        sys.exit(1)


def _place(error: Exception) -> str:
    """The file and line where an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"


def _language_of_locale() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Language.ENGLISH if value.startswith("en") else Language.VIETNAMESE
    return Language.VIETNAMESE


def _write_report(file: Path, report: Report) -> str:
    """Write the report; returns what went wrong, or ""."""
    try:
        file.write_bytes(report.to_json())
    except OSError as error:
        return f"{file}: the report cannot be written: {error.strerror}"
    return ""


@contextmanager
def _progress_shown(
    wanted: bool | None, language: Language
) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, a line now and then elsewhere, or nothing."""
    console = Console(stderr=True)
    if wanted is False:
        yield ignore_progress
    elif console.is_terminal:
        with _Bar(console, language) as bar:
            yield bar.show
    elif wanted:
        yield _Lines(language).show
    else:
        yield ignore_progress


class _Lines:
    """Plain lines for a log, some seconds apart."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._started = time.monotonic()
        self._next_line = self._started + _PLAIN_LINE_EVERY

    def show(self, progress: Progress) -> None:
        """Write a line if it is time for one."""
        now = time.monotonic()
        if now >= self._next_line:
            self._next_line = now + _PLAIN_LINE_EVERY
            stage = _STAGES[self._language][progress.stage]
            with suppress(OSError):  # a log that cannot be written is no reason to end
                click.echo(f"{stage}: {_counts(progress, self._language, self._started)}", err=True)


class _Bar:
    """A bar with the bytes read, the rate and the time left."""

    def __init__(self, console: Console, language: Language) -> None:
        self._language = language
        self._started = time.monotonic()
        self._bar = ProgressBar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            TextColumn("{task.fields[counts]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, counts="")

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Draw the bar as it now stands."""
        reading = progress.stage is Stage.READING
        self._bar.update(
            self._task,
            description=_STAGES[self._language][progress.stage],
            total=progress.bytes_total or None if reading else None,
            completed=progress.bytes_read,
            counts=_counts(progress, self._language, self._started),
        )


def _counts(progress: Progress, language: Language, started: float) -> str:
    seconds = max(time.monotonic() - started, 0.001)
    return _COUNTS[language].format(
        indexed=progress.indexed, skipped=progress.skipped, rate=progress.indexed / seconds
    )


if __name__ == "__main__":
    main()
