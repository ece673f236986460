#!/usr/bin/env python3
"""Build or update the index of articles from anywhere, and serve it from then on.

The index that is being served stays until the new one is complete, and stays for good if that
fails. The same command checks an index and goes back to the one before. Exit status: 0 done, 1
failed (nothing was changed), 2 wrong usage.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from index.build.processes.memory import keep_memory
from index.build.publishing.applying import serve_former
from index.build.rebuild import KEEP_BUILDS, RebuildOptions, rebuild, update
from index.build.report.report import Report, printable, summarise
from index.build.report.words import Language
from index.build.watching import watch_changes
from index.errors import IndexingError, NothingToIndex
from index.sources import KIND_NAMES, FetchRules, origin_of
from index.sources.origin import is_address
from index.storage.builds import locked_for_rebuilding
from scripts.terminal.output import guarded_output
from scripts.terminal.rebuild_progress import progress_shown

_WHOLE = {
    Language.VIETNAMESE: "Bản {build} nguyên vẹn: {articles} bài, đã thử tìm {searched} bài.",
    Language.ENGLISH: "Build {build} is whole: {articles} articles, {searched} searched for.",
}
_ROLLED_BACK = {
    Language.VIETNAMESE: "Đã quay lại bản {build} ({articles} bài).",
    Language.ENGLISH: "Serving build {build} again ({articles} articles).",
}
_WATCHING = {
    Language.VIETNAMESE: "Đang theo dõi thay đổi; Ctrl-C để dừng.",
    Language.ENGLISH: "Watching for changes; Ctrl-C ends it.",
}


@click.command()
@click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory of the index; made if it is missing.",
)
@click.argument("sources", nargs=-1, metavar="SOURCE…")
@click.option(
    "--update",
    "mode",
    flag_value="update",
    help="Add, change and delete only what differs from the index being served.",
)
@click.option(
    "--add",
    "mode",
    flag_value="add",
    help="Like --update, but delete nothing: SOURCE… is only what is new or has changed.",
)
@click.option(
    "--watch", "mode", flag_value="watch", help="Update whenever files of SOURCE… change."
)
@click.option(
    "--check",
    "mode",
    flag_value="check",
    help="Check every byte of the index being served, its counts, and searches in it.",
)
@click.option(
    "--rollback", "mode", flag_value="rollback", help="Serve the build before the one being served."
)
@click.option(
    "--kind",
    "kind_name",
    type=click.Choice(KIND_NAMES),
    help="What all files are; by default each is recognised by its content and name.",
)
@click.option("--query", default="", help="What to ask a database that SOURCE names.")
@click.option(
    "--allow-private",
    is_flag=True,
    help="Also fetch from addresses of this machine and its network.",
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
    sources: tuple[str, ...],
    mode: str | None,
    kind_name: str | None,
    query: str,
    allow_private: bool,
    limit: int | None,
    keep: int,
    shows_progress: bool | None,
    report_file: Path | None,
    lang: str | None,
) -> None:
    """Build the index of all articles in SOURCE… and serve it.

    SOURCE is a file, a folder, an address, or a TOML file that describes one of these.
    """
    _require_sources(sources, mode)
    if mode != "watch":  # a watcher lives on, and should give back what it needs no more
        keep_memory()
    # Libraries' warnings on single pages would run into the bar; the report has what matters.
    logging.getLogger().addHandler(logging.NullHandler())
    language = Language(lang) if lang else _language_of_locale()
    options = RebuildOptions(
        kind=kind_name or "",
        query=query,
        limit=limit,
        keep=keep,
        rules=FetchRules(allow_private=allow_private),
        deletes=mode != "add",
    )
    run = _Run(index_dir, sources, options, language, shows_progress, report_file)
    actions: dict[str | None, Callable[[], str]] = {
        None: lambda: run.once(updates=False),
        "update": lambda: run.once(updates=True),
        "add": lambda: run.once(updates=True),
        "watch": run.watch,
        "check": run.check,
        "rollback": run.roll_back,
    }
    if failure := actions[mode]():
        _complain(failure)
        sys.exit(1)


def _require_sources(sources: tuple[str, ...], mode: str | None) -> None:
    """See that there are sources where some are needed; ends the program otherwise."""
    if mode in ("check", "rollback"):
        if sources:
            raise click.UsageError(f"--{mode} takes no SOURCE.")
        return
    if not sources:
        raise click.UsageError("Missing argument 'SOURCE…'.")
    for source in sources:
        if not is_address(source) and not os.path.lexists(source):
            raise click.UsageError(f"{source}: there is no such file or folder.")
        if mode == "watch" and is_address(source):
            raise click.UsageError(f"{source}: only files and folders can be watched.")


def _complain(failure: str) -> None:
    click.echo(f"error: {printable(failure)}", err=True)


class _Run:
    """What the command does, by its options; every action returns what went wrong, or ""."""

    def __init__(
        self,
        index_dir: Path,
        sources: tuple[str, ...],
        options: RebuildOptions,
        language: Language,
        shows_progress: bool | None,
        report_file: Path | None,
    ) -> None:
        self._index_dir = index_dir
        self._sources = sources
        self._options = options
        self._language = language
        self._shows_progress = shows_progress
        self._report_file = report_file
        self._is_interrupted = False

    def once(self, *, updates: bool) -> str:
        """Rebuild or update, and sum up."""
        report = Report()
        failure = self._indexed(report, updates=updates)
        if self._report_file is not None:
            failure = _write_report(self._report_file, report) or failure
        if self._shows_progress is not False and (report.read or not failure):
            click.echo(summarise(report, self._language))
        return failure

    def _indexed(self, report: Report, *, updates: bool) -> str:
        work = update if updates else rebuild
        try:
            with progress_shown(self._shows_progress, self._language) as progress:
                work(
                    self._index_dir, self._sources, self._options, progress=progress, report=report
                )
        except NothingToIndex as error:
            return str(error)
        except (IndexingError, MemoryError) as error:
            return str(error) or "there is not enough memory"
        except KeyboardInterrupt:
            self._is_interrupted = True
            # Once the new index is in use, only the removal of old ones remains, for the next time.
            return "" if report.build else "interrupted; nothing was changed"
        except Exception as error:  # a fault of ours; the person at the keyboard gets no traceback
            return f"unexpected {type(error).__name__}: {error} ({_place(error)}); please report it"
        return ""

    def watch(self) -> str:
        """Update now and after every change, until Ctrl-C."""
        try:
            places = [Path(origin_of(source).place) for source in self._sources]
            for _ in watch_changes([*places, *map(Path, self._sources)], self._index_dir):
                failure = self.once(updates=True)
                if self._is_interrupted:
                    return failure
                if failure:
                    _complain(failure)  # what is wrong with the sources may be put right
                if self._shows_progress is not False:
                    click.echo(_WATCHING[self._language], err=True)
        except IndexingError as error:
            return str(error)
        except KeyboardInterrupt:
            pass
        return ""

    def check(self) -> str:
        """Check the index being served."""
        # They bring the whole search engine, which an update of a few articles need not wait for.
        from scripts.terminal.index_check import check_index
        from search.errors import SearchError

        try:
            build, searched = check_index(self._index_dir)
        except (IndexingError, SearchError) as error:
            return str(error)
        if self._shows_progress is not False:
            counts = {"articles": build.manifest.articles, "searched": searched}
            click.echo(_WHOLE[self._language].format(build=build.id, **counts))
        return ""

    def roll_back(self) -> str:
        """Serve the build before."""
        try:
            with locked_for_rebuilding(self._index_dir):
                build = serve_former(self._index_dir)
        except IndexingError as error:
            return str(error)
        if self._shows_progress is not False:
            articles = build.manifest.articles
            click.echo(_ROLLED_BACK[self._language].format(build=build.id, articles=articles))
        return ""


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


if __name__ == "__main__":
    main()
