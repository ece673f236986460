"""How a rebuild shows that it is alive: a bar on a terminal, lines in a log, or nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from index.build.report.words import Language
from index.build.source_reader import Progress, Stage, ignore_progress

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


@contextmanager
def progress_shown(wanted: bool | None, language: Language) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, a line now and then elsewhere, or nothing.

    Args:
        wanted: None for a bar where there is a terminal, and else nothing.
        language: of the words.
    """
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
        self._next_line = self._started

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
    done = progress.indexed + progress.unchanged
    return _COUNTS[language].format(indexed=done, skipped=progress.skipped, rate=done / seconds)


def language_of_locale() -> Language:
    """English where the locale is English, and otherwise Vietnamese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Language.ENGLISH if value.startswith("en") else Language.VIETNAMESE
    return Language.VIETNAMESE
