"""Withdraw articles until they are put again, and list what is withdrawn."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from index.article import VIETNAM
from index.build.publishing.applying import apply_journal
from index.build.publishing.receiving import Publisher, Repeat
from index.build.rebuild import KEEP_BUILDS
from index.errors import IndexingError
from index.storage.journal import Journal
from scripts.terminal.output import guarded_output


@click.command("withdraw")
@click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The index directory, as given to rebuild_index.",
)
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--reason", default="", help="Why, for the list.")
@click.option("--list", "lists", is_flag=True, help="Show what is withdrawn.")
@guarded_output()
def main(index_dir: Path, ids: tuple[str, ...], reason: str, lists: bool) -> None:
    """Take articles out of the index, and refuse them in every rebuild and update from now on."""
    if lists == bool(ids):
        raise click.UsageError("Give ID…, or --list.")
    try:
        if lists:
            for entry in Journal(index_dir).withdrawn():
                day = datetime.fromtimestamp(entry.when, VIETNAM).date()
                click.echo("\t".join(filter(None, (entry.id, day.isoformat(), entry.reason))))
            return
        receipt = Publisher(index_dir, lambda _: None).withdraw(ids, reason, Repeat())
        apply_journal(index_dir, keep=KEEP_BUILDS)
    except IndexingError as error:
        raise click.ClickException(str(error)) from error
    for fate in receipt.fates:
        click.echo(f"Đã gỡ {fate.id}")
