"""Make, list and revoke API keys."""

from __future__ import annotations

from pathlib import Path

import click

from scripts.terminal.output import guarded_output
from webui.http.keys.key_file import KEYS_NAME, KeyFileError, Scope, make_key, read_keys, revoke_key

_INDEX = click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The index directory, as given to rebuild_index; the keys are kept in it.",
)


@click.group("keys")
def main() -> None:
    """API keys: who may search, write, and do everything."""


@main.command("add")
@_INDEX
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=[Scope.SEARCH.value],
    show_default=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it is for. Repeatable.",
)
@guarded_output()
def add(index_dir: Path, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key and print it: it is shown this once and kept nowhere."""
    try:
        click.echo(make_key(index_dir / KEYS_NAME, name, map(Scope, scopes)))
    except KeyFileError as error:
        raise click.ClickException(str(error)) from error


@main.command("list")
@_INDEX
@guarded_output()
def show(index_dir: Path) -> None:
    """Show the names of all keys, what they are for, and when they were made."""
    try:
        for key in read_keys(index_dir / KEYS_NAME):
            click.echo(f"{key.name}\t{','.join(scope.value for scope in key.scopes)}\t{key.made}")
    except KeyFileError as error:
        raise click.ClickException(str(error)) from error


@main.command("revoke")
@_INDEX
@click.argument("name")
@guarded_output()
def revoke(index_dir: Path, name: str) -> None:
    """Forget a key; a server that runs refuses it from then on."""
    try:
        revoke_key(index_dir / KEYS_NAME, name)
    except KeyFileError as error:
        raise click.ClickException(str(error)) from error
