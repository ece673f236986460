#!/usr/bin/env python3
"""The command ``timbao``: the Python scripts of this folder as verbs, and some that are verbs only.

``timbao search …`` does what ``scripts/search.py …`` does; ``timbao rebuild-index`` and ``timbao
rebuild_index`` are the same verb. ``demo``, ``test`` and ``check`` need the repository around them
and are no verbs.

Invariant: a verb's module is imported when the verb is called and not before, so that ``timbao
search`` waits for nothing that only the server needs. It knows nothing of what a verb does.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import importlib

import click

# Each is the name of a module of this folder, whose `main` is a click command.
VERBS = ("analyse", "benchmark", "evaluate", "rebuild_index", "search", "serve")
PUBLISHING_VERBS = ("indexer", "keys", "withdraw")

_MODULES = {
    **{verb: f"scripts.{verb}" for verb in VERBS},
    **{verb: f"scripts.terminal.publishing.{verb}" for verb in PUBLISHING_VERBS},
    "inspect": "scripts.terminal.inspection",
    "mcp": "scripts.terminal.mcp_stdio",
    "site": "scripts.terminal.site",
}


class VerbGroup(click.Group):
    """A group whose commands are the ``main`` of the modules named in `_MODULES`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, imported or not, by name."""
        return sorted({*_MODULES, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module at the first call; a hyphen stands for an underscore."""
        verb = cmd_name.replace("-", "_")
        if verb in _MODULES and verb not in self.commands:
            self.add_command(importlib.import_module(_MODULES[verb]).main, verb)
        return super().get_command(ctx, verb)


@click.group(cls=VerbGroup)
@click.version_option(package_name="timbao")
def main() -> None:
    """Tìm Báo: full-text search for Vietnamese news."""


if __name__ == "__main__":
    main()
