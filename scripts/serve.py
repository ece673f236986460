#!/usr/bin/env python3
"""The site on a production server, until Ctrl-C."""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

from collections.abc import Iterable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TextIO

import click

from index.errors import IndexMissing
from index.storage.opensearch.address import is_cluster, parse_address, work_directory
from scripts.terminal.output import guarded_output
from scripts.terminal.site import site_of
from search import IndexUnavailable, SearchEngine
from webui import Settings, SettingsError
from webui.desk.file import DeskFile, DeskFileError
from webui.http.keys.key_file import KEYS_NAME, KeyFileError, read_keys
from webui.server.indexing import indexing
from webui.server.processes import Address, AddressError, free_address, serve
from webui.settings import Site, SiteError


@click.command("serve")
@click.option(
    "--index",
    "index_dir",
    required=True,
    metavar="DIRECTORY",
    help="The index directory, or opensearch://HOST:PORT,HOST/NAME, as given to rebuild_index.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 for all of this machine.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 for any free one.",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Processes; up to one for each processor is of use.",
)
@click.option(
    "--site",
    "site_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The site's name, logo and ways; otherwise site.toml in the index directory, if any.",
)
@click.option("--notice", default="", help="One sentence for the foot of every page.")
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    help="Where readers find the site, like https://tim.bao.example; needed for a name with dots.",
)
@click.option(
    "--trusted-proxies",
    default=0,
    show_default=True,
    type=click.IntRange(0, 10),
    help="Reverse proxies in front that set X-Forwarded-* headers.",
)
@click.option(
    "--allow-origin",
    "allowed_origins",
    multiple=True,
    metavar="ORIGIN",
    help="A site whose pages may call the API, like https://bao.example; * for all. Repeatable.",
)
@click.option(
    "--allow-frame",
    "frame_ancestors",
    multiple=True,
    metavar="ORIGIN",
    help="A site whose pages may show /embed in a frame; * for all. Repeatable.",
)
@click.option(
    "--rate-limit",
    default="",
    metavar="LIMIT",
    help="How often one client may search, like 120/minute; without it, as often as it likes.",
)
@click.option(
    "--rate-limit-storage",
    default="memory://",
    show_default=True,
    metavar="URI",
    help="Where requests are counted: each worker by itself, or in a redis://HOST:PORT.",
)
@click.option(
    "--api-keys",
    "api_keys",
    type=click.File(encoding="utf-8"),
    help="A file of API keys, one a line; who sends one is not limited.",
)
@click.option(
    "--desk",
    "desk_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Open the editor's desk (/desk) to admin keys, and count what is searched in this file.",
)
@click.option(
    "--keys",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of keys with scopes that timbao keys makes; by default keys.json of the index.",
)
@click.option(
    "--no-indexer",
    is_flag=True,
    help="Leave it to another process to index what is written over HTTP (timbao indexer).",
)
@click.option("--require-key", is_flag=True, help="Answer API requests only with one of the keys.")
@click.option(
    "--recency-half-life",
    type=float,
    metavar="DAYS",
    help="Lift new articles: one so many days older than another counts half as new.",
)
@click.option(
    "--mcp",
    is_flag=True,
    help="Let assistants ask at /mcp, over the Model Context Protocol; needs timbao[mcp].",
)
def main(
    index_dir: str,
    host: str,
    port: int,
    workers: int,
    site_file: Path | None,
    notice: str,
    public_url: str,
    trusted_proxies: int,
    allowed_origins: tuple[str, ...],
    frame_ancestors: tuple[str, ...],
    rate_limit: str,
    rate_limit_storage: str,
    api_keys: TextIO | None,
    desk_file: Path | None,
    key_file: Path | None,
    no_indexer: bool,
    require_key: bool,
    recency_half_life: float | None,
    mcp: bool,
) -> None:
    """Serve pages and API of the index on HTTP; stops at Ctrl-C or SIGTERM."""
    try:
        clustered = is_cluster(index_dir)
        directory = work_directory(parse_address(index_dir)) if clustered else Path(index_dir)
    except IndexMissing as error:
        raise click.UsageError(str(error)) from error
    key_file = (key_file or directory / KEYS_NAME).absolute()
    try:
        settings = Settings(
            notice=notice,
            public_url=public_url,
            trusted_proxies=trusted_proxies,
            allowed_origins=allowed_origins,
            frame_ancestors=frame_ancestors,
            rate_limit=rate_limit,
            rate_limit_storage=rate_limit_storage,
            api_keys=plain_keys(api_keys) if api_keys else (),
            key_file=key_file,
            keys_required=require_key,
            desk=desk_file.absolute() if desk_file else None,
            recency_half_life_days=recency_half_life,
            mcp=mcp,
            site=site_of(directory, site_file),
        )
    except (SettingsError, SiteError) as error:
        raise click.UsageError(str(error)) from error
    try:
        known = read_keys(key_file)
        if settings.desk is not None:
            DeskFile(settings.desk).require_usable()
    except (DeskFileError, KeyFileError) as error:
        raise click.ClickException(str(error)) from error
    if require_key and not (known or api_keys):
        raise click.UsageError("--require-key: there are no keys, so nobody could ask")
    try:
        SearchEngine.open(index_dir).close()
    except IndexUnavailable as error:
        raise click.ClickException(
            f"{error}\nTo build one:  scripts/rebuild_index.py --index {index_dir} SOURCE…"
        ) from error
    try:
        address = free_address(host, port)
    except AddressError as error:
        raise click.ClickException(
            f"{error}\nChoose another address with --host or --port."
        ) from error
    # What is sent to a cluster is sent by scripts/rebuild_index.py alone.
    with nullcontext() if no_indexer or clustered else indexing(directory):
        serve(
            index_dir,
            address,
            workers=workers,
            settings=settings,
            ready=lambda: announce(address, settings.site),
        )


def plain_keys(lines: Iterable[str]) -> tuple[str, ...]:
    """The keys of a file: one a line, without empty lines and those that begin with ``#``."""
    keys = (line.strip() for line in lines)
    return tuple(key for key in keys if key and not key.startswith("#"))


def announce(address: Address, site: Site) -> None:
    """Say where the site is; a program that started this one may wait for the line."""
    # The site runs all the same if nobody can be told.
    with suppress(click.ClickException, BrokenPipeError), guarded_output():
        click.echo(f"{site.name}: {address.url}  (Ctrl-C to stop)")


if __name__ == "__main__":
    main()
