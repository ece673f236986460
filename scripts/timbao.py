"""The command ``timbao``: the Python scripts of this folder as verbs.

``timbao search …`` does what ``scripts/search.py …`` does; ``timbao rebuild-index`` and ``timbao
rebuild_index`` are the same verb. ``demo``, ``test`` and ``check`` need the repository around them
and are no verbs.

Invariant: a verb's module is imported when the verb is called and not before, so that ``timbao
search`` waits for nothing that only the server needs. It knows nothing of what a verb does.
"""

from __future__ import annotations

import importlib
import pkgutil

import click

import scripts


def verbs() -> list[str]:
    """The modules of this folder, by name, but for this one and those that begin with ``_``."""
    names = (module.name for module in pkgutil.iter_modules(scripts.__path__))
    return sorted(name for name in names if name != "timbao" and not name.startswith("_"))


class VerbGroup(click.Group):
    """A group whose commands are the ``main`` of the modules named by `verbs`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, imported or not, by name."""
        return sorted({*verbs(), *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module at the first call; a hyphen stands for an underscore."""
        verb = cmd_name.replace("-", "_")
        if verb not in self.commands and verb in verbs():
            self.add_command(importlib.import_module(f"scripts.{verb}").main, verb)
        return super().get_command(ctx, verb)


@click.group(cls=VerbGroup)
@click.version_option(package_name="timbao")
def main() -> None:
    """Tìm Báo: full-text search for Vietnamese news."""
