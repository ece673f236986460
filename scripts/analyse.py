#!/usr/bin/env python3
"""How a text becomes terms: accent keys, folded terms, how it was typed, what was repaired."""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import _environment

    _environment.enter()

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import click
import orjson
from rich.console import Console
from rich.text import Text

from index.analysis import Analyser, Repair, Token, decode_typing, repair
from scripts._terminal import guarded_output

_NAME_WIDTH = 11
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Analysis(NamedTuple):
    """What became of one text.

    In ``canonical`` and ``folded`` a space separates positions and ``|`` the forms that share one.
    """

    input: str
    canonical: str
    folded: str
    typed_as: str
    repairs: tuple[Repair, ...]


def analyse(text: str, analyser: Analyser) -> Analysis:
    r"""Analyse a text as an article's would be, and as a query's: repaired, decoded, taken apart.

    ``\u1ec7`` and the like stand for the character with that number.
    """
    characters = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    repaired = repair(characters)
    decoded = decode_typing(repaired.text)
    tokens = analyser.tokens(decoded.text)
    return Analysis(
        text,
        _stream(tokens, [token.key for token in tokens]),
        _stream(tokens, [token.folded for token in tokens]),
        decoded.typed_as,
        repaired.repairs,
    )


def _stream(tokens: list[Token], forms: list[str]) -> str:
    pairs = zip(tokens, forms, strict=True)
    stacks = groupby(pairs, key=lambda pair: pair[0].position)
    return " ".join("|".join(dict.fromkeys(form for _, form in stack)) for _, stack in stacks)


def as_json(analysis: Analysis) -> bytes:
    """One line of JSON; characters that are half of one (lone surrogates) become U+FFFD."""
    fields = analysis._replace(repairs=())._asdict()
    whole = {name: _LONE_SURROGATE.sub("\ufffd", value) for name, value in fields.items() if value}
    repairs = [one._asdict() for one in analysis.repairs]
    return orjson.dumps({**dict.fromkeys(fields, ""), **whole, "repairs": repairs}) + b"\n"


def _show(analyses: Iterable[Analysis], console: Console) -> None:
    for analysis in analyses:
        for name in ("canonical", "folded", "typed_as"):
            _show_row(name.replace("_", " "), getattr(analysis, name) or "–", console)
        for found in analysis.repairs:
            done = "repaired" if found.changed else "noticed"
            _show_row(done, f"{found.kind} × {found.places}", console)


def _show_row(name: str, value: str, console: Console) -> None:
    console.print(Text.assemble((f"{name:<{_NAME_WIDTH}}", "dim"), value))


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")


@click.command("analyse")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
@guarded_output()
def main(texts: tuple[str, ...], json_lines: bool) -> None:
    r"""Show how each TEXT becomes terms.

    Without TEXT, every line of standard input is answered with one line: its accent keys, or with
    --json all there is to tell. A space separates positions and | forms that share one; \u1ec7
    stands for the character with that number.
    """
    analyser = Analyser()
    analyses = (analyse(text, analyser) for text in texts or _lines())
    if json_lines:
        for analysis in analyses:
            sys.stdout.buffer.write(as_json(analysis))
            sys.stdout.buffer.flush()
    elif texts:
        _show(analyses, Console(highlight=False, soft_wrap=True))
    else:
        for analysis in analyses:
            click.echo(f"{analysis.canonical}\t{analysis.folded}\t{analysis.typed_as}")


if __name__ == "__main__":
    main()
