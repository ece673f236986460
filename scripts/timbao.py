"""The command ``timbao``: the Python scripts of this folder as verbs.

``timbao search …`` does what ``scripts/search.py …`` does; ``timbao rebuild-index`` and ``timbao
rebuild_index`` are the same verb. ``demo``, ``test`` and ``check`` need the repository around them
and are no verbs.

Invariant: a verb's module is imported when the verb is called and not before, so that ``timbao
search`` waits for nothing that only the server needs. It knows nothing of what a verb does.
"""

from __future__ import annotations

import importlib

import click

# Each is the name of a module, whose `main` is a click command: of this folder but for the last.
VERBS = ("analyse", "benchmark", "evaluate", "rebuild_index", "search", "serve", "site")
_PLACES = {"site": "terminal.site"}


class VerbGroup(click.Group):
    """A group whose commands are the ``main`` of the modules named in `VERBS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, imported or not, by name."""
        return sorted({*VERBS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module at the first call; a hyphen stands for an underscore."""
        verb = cmd_name.replace("-", "_")
        if verb in VERBS and verb not in self.commands:
            self.add_command(self._main(verb), verb)
        return super().get_command(ctx, verb)

    def _main(self, verb: str) -> click.Command:
        module = importlib.import_module(f"scripts.{_PLACES.get(verb, verb)}")
        command: click.Command = module.main
        return command


@click.group(cls=VerbGroup)
@click.version_option(package_name="timbao")
def main() -> None:
    """Tìm Báo: full-text search for Vietnamese news."""
