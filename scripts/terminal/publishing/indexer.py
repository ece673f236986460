"""Apply what is put and withdrawn to the index, until Ctrl-C.

The server does this by itself; the verb is for where it runs with --no-indexer.
"""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path

import click

from index.build.publishing.indexer import Indexer
from index.errors import IndexingError


@click.command("indexer")
@click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The index directory, as given to rebuild_index.",
)
def main(index_dir: Path) -> None:
    """Index what is put and withdrawn over HTTP within seconds; stops at Ctrl-C or SIGTERM."""
    logging.basicConfig(format="[%(levelname)s] %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        Indexer(index_dir).run(stop)
    except (IndexingError, OSError) as error:
        raise click.ClickException(str(error)) from error
