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
from typing import NamedTuple

import click

from index.build.cluster.publishing import publish, require_in_step, roll_back_cluster
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
from index.storage.opensearch.address import (
    credentials,
    is_cluster,
    parse_address,
    work_directory,
)
from index.storage.opensearch.client import Cluster
from scripts.terminal.output import guarded_output
from scripts.terminal.rebuild_progress import language_of_locale, progress_shown

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
    "address",
    required=True,
    metavar="DIRECTORY",
    help="The directory of the index, made if it is missing; or of one in a cluster of OpenSearch "
    "opensearch://HOST:PORT,HOST/NAME.",
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
    "--include",
    type=click.Choice(["pages"]),
    help="Also index what a source calls pages, such as “About us”.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Also fetch from addresses of this machine and its network.",
)
@click.option(
    "--allow-delete",
    is_flag=True,
    help="Go on where fewer than a tenth of the articles that were there would be left.",
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
    "--shards",
    type=click.IntRange(1, 1_024),
    default=1,
    show_default=True,
    help="Of an index that is made anew in a cluster.",
)
@click.option(
    "--replicas",
    type=click.IntRange(0, 10),
    default=0,
    show_default=True,
    help="Copies of each shard in a cluster: with one, any node may fail.",
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
    address: str,
    sources: tuple[str, ...],
    mode: str | None,
    kind_name: str | None,
    query: str,
    include: str | None,
    allow_private: bool,
    allow_delete: bool,
    limit: int | None,
    keep: int,
    shards: int,
    replicas: int,
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
    language = Language(lang) if lang else language_of_locale()
    options = RebuildOptions(
        kind=kind_name or "",
        query=query,
        includes_pages=include == "pages",
        limit=limit,
        keep=keep,
        rules=FetchRules(allow_private=allow_private),
        deletes=mode != "add",
        allows_loss=allow_delete,
    )
    try:
        target = _target(address, shards, replicas)
    except IndexingError as error:
        raise click.UsageError(str(error)) from error
    run = _Run(target, sources, options, language, shows_progress, report_file)
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
            raise click.UsageError(
                f"{origin_of(source).shown}: only files and folders can be watched."
            )


def _complain(failure: str) -> None:
    click.echo(f"error: {printable(failure)}", err=True)


class _Target(NamedTuple):
    """Where an index is made, and where it is served from.

    Attributes:
        directory: of the index.
        cluster: that serves it; None where the directory does.
        shards: of an index that is made anew there.
        replicas: of each shard.
    """

    directory: Path
    cluster: Cluster | None
    shards: int
    replicas: int


def _target(address: str, shards: int, replicas: int) -> _Target:
    """What an option names.

    Raises:
        IndexMissing: no address of a cluster is written so.
    """
    if not is_cluster(address):
        return _Target(Path(address), None, shards, replicas)
    cluster = Cluster(parse_address(address), credentials())
    return _Target(work_directory(cluster.address), cluster, shards, replicas)


class _Run:
    """What the command does, by its options; every action returns what went wrong, or ""."""

    def __init__(
        self,
        target: _Target,
        sources: tuple[str, ...],
        options: RebuildOptions,
        language: Language,
        shows_progress: bool | None,
        report_file: Path | None,
    ) -> None:
        self._target = target
        self._index_dir = target.directory
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
        cluster = self._target.cluster
        try:
            if cluster is not None and updates:
                require_in_step(cluster, self._index_dir)
            with progress_shown(self._shows_progress, self._language) as progress:
                work(
                    self._index_dir, self._sources, self._options, progress=progress, report=report
                )
            if cluster is not None:
                self._publish(cluster, anew=not updates)
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

    def _publish(self, cluster: Cluster, *, anew: bool) -> None:
        """Send the cluster what differs from the build that it serves, and have it serve that."""
        with locked_for_rebuilding(self._index_dir):
            publish(
                cluster,
                self._index_dir,
                keep=self._options.keep,
                shards=self._target.shards,
                replicas=self._target.replicas,
                anew=anew,
            )

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
        from scripts.terminal.index_check import check_cluster, check_index
        from search.errors import SearchError

        cluster = self._target.cluster
        try:
            build, articles, searched = (
                check_index(self._index_dir) if cluster is None else check_cluster(cluster)
            )
        except (IndexingError, SearchError) as error:
            return str(error)
        if self._shows_progress is not False:
            words = _WHOLE[self._language]
            click.echo(words.format(build=build, articles=articles, searched=searched))
        return ""

    def roll_back(self) -> str:
        """Serve the build before."""
        try:
            with locked_for_rebuilding(self._index_dir):
                if self._target.cluster is None:
                    build = serve_former(self._index_dir)
                    served, articles = build.id, build.manifest.articles
                else:
                    before = roll_back_cluster(self._target.cluster, self._index_dir)
                    served, articles = before.build, before.articles
        except IndexingError as error:
            return str(error)
        if self._shows_progress is not False:
            click.echo(_ROLLED_BACK[self._language].format(build=served, articles=articles))
        return ""


def _place(error: Exception) -> str:
    """The file and line where an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"


def _write_report(file: Path, report: Report) -> str:
    """Write the report; returns what went wrong, or ""."""
    try:
        file.write_bytes(report.to_json())
    except OSError as error:
        return f"{file}: the report cannot be written: {error.strerror}"
    return ""


if __name__ == "__main__":
    main()
