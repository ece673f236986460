"""The verb ``timbao mcp``: an assistant on this machine searches an index over stdin and stdout."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import click

from index.errors import IndexMissing
from scripts.terminal.site import site_of
from search import IndexUnavailable, SearchEngine
from webui.searching import in_turn
from webui.settings import SiteError


@click.command("mcp")
@click.option(
    "--index",
    "index_dir",
    required=True,
    help="The directory of the index, or of one in a cluster opensearch://HOST:PORT/NAME.",
)
@click.option(
    "--site",
    "site_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The site.toml that names the site; by default that in the index directory.",
)
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    help="Where the site is, for the addresses of articles that name none of their own.",
)
def main(index_dir: str, site_file: Path | None, public_url: str) -> None:
    """Serve the tools of an assistant over stdin and stdout, until stdin ends.

    An assistant starts this command by itself; docs/assistants.md says how it is told to.
    """
    if find_spec("mcp") is None:
        raise click.ClickException("This needs a library:  pip install 'timbao[mcp]'")
    from webui.api.mcp.tools import make_server

    def address(article_id: str) -> str:
        return f"{public_url.rstrip('/')}/article/{quote(article_id)}"

    try:
        with SearchEngine.open(index_dir) as engine:
            engine.follow()
            site = site_of(engine.directory, site_file)
            make_server(engine, partial(in_turn, engine), site.name, address).run("stdio")
    except (IndexMissing, IndexUnavailable, SiteError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
