"""The verb ``timbao site``: reads a ``site.toml`` and says whether a site can be set up by it."""

from __future__ import annotations

from pathlib import Path

import click

from webui.settings import SITE_FILE, Site, SiteError, read_site


def site_of(index_dir: Path, given: Path | None) -> Site:
    """The site that a file describes: the one given, else that in the index directory, if any.

    Raises:
        SiteError: it cannot be read, or says what is not possible.
    """
    path = given or index_dir / SITE_FILE
    return read_site(path) if given or path.exists() else Site()


@click.command("site")
@click.option(
    "--check",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The site.toml to read.",
)
def main(path: Path) -> None:
    """Say whether the site can be set up by a site.toml; exit status 1 if not, with the reason."""
    try:
        site = read_site(path)
    except SiteError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path}: {site.name}")


if __name__ == "__main__":
    main()
