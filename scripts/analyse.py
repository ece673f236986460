#!/usr/bin/env python3
"""How a text becomes terms: accent keys, folded terms, how it was typed, what was repaired."""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click
import orjson
from rich.console import Console

from index.analysis import Analyser, Lexicon, Repair, Token, decode_typing, repair, sentences
from index.errors import IndexOpenError
from index.language.synonyms.aliases import AliasError
from scripts.terminal.analysis_display import display
from scripts.terminal.analysis_statistics import DerivedData, Json, TextStatistics
from scripts.terminal.output import guarded_output

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Analysis(NamedTuple):
    """What became of one text.

    In ``canonical`` and ``folded`` a space separates positions and ``|`` the forms that share one;
    ``read_as`` is the text after repair and decoding, in which tokens and sentences count their
    offsets.
    """

    input: str
    canonical: str
    folded: str
    typed_as: str
    repairs: tuple[Repair, ...]
    read_as: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]


def analyse(text: str, analyser: Analyser, lexicon: Lexicon | None = None) -> Analysis:
    r"""Analyse a text as an article's would be, and as a query's: repaired, decoded, taken apart.

    ``\u1ec7`` and the like stand for the character with that number.

    Args:
        text: as typed.
        analyser: takes it apart.
        lexicon: counts of an index, which decide with the spelling how it was typed.
    """
    characters = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    repaired = repair(characters)
    decoded = decode_typing(repaired.text, lexicon)
    tokens = tuple(analyser.tokens(decoded.text))
    return Analysis(
        text,
        _stream(tokens, [token.key for token in tokens]),
        _stream(tokens, [token.folded for token in tokens]),
        decoded.typed_as,
        repaired.repairs,
        decoded.text,
        tokens,
        tuple(sentences(decoded.text)),
    )


def _stream(tokens: tuple[Token, ...], forms: list[str]) -> str:
    pairs = zip(tokens, forms, strict=True)
    stacks = groupby(pairs, key=lambda pair: pair[0].position)
    return " ".join("|".join(dict.fromkeys(form for _, form in stack)) for _, stack in stacks)


def as_json(analysis: Analysis, statistics: TextStatistics | None = None) -> bytes:
    """One line of JSON; characters that are half of one (lone surrogates) become U+FFFD.

    With statistics of an index there are more keys: ``read_as``, ``tokens``, ``sentences`` and
    those of :class:`TextStatistics`.
    """
    fields: dict[str, Json] = {
        "input": _whole(analysis.input),
        "canonical": _whole(analysis.canonical),
        "folded": _whole(analysis.folded),
        "typed_as": analysis.typed_as,
        "repairs": [repair._asdict() for repair in analysis.repairs],
    }
    if statistics is not None:
        fields["read_as"] = _whole(analysis.read_as)
        fields["tokens"] = [
            {**token._asdict(), "key": _whole(token.key), "folded": _whole(token.folded)}
            for token in analysis.tokens
        ]
        fields["sentences"] = [[start, end] for start, end in analysis.sentences]
        fields.update(statistics.as_fields(_whole))
    return orjson.dumps(fields) + b"\n"


def _whole(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")


def _open(index_dir: Path | None, analyser: Analyser) -> DerivedData | None:
    if index_dir is None:
        return None
    try:
        return DerivedData.open(index_dir, analyser)
    except (AliasError, IndexOpenError) as error:
        raise click.ClickException(str(error)) from error


@click.command("analyse")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.option(
    "--index",
    "index_dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Show too what this index has learned: counts, accents, other names.",
)
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
@guarded_output()
def main(texts: tuple[str, ...], json_lines: bool, index_dir: Path | None) -> None:
    r"""Show how each TEXT becomes terms.

    Without TEXT, every line of standard input is answered with one line: its accent keys, its
    folded terms and how it was typed, or with --json all there is to tell. A space separates
    positions and | forms that share one; \u1ec7 stands for the character with that number.
    """
    analyser = Analyser()
    derived_data = _open(index_dir, analyser)
    lexicon = derived_data.model if derived_data else None
    console = Console(highlight=False, soft_wrap=True)
    for number, text in enumerate(texts or _lines()):
        analysis = analyse(text, analyser, lexicon)
        if json_lines:
            statistics = derived_data.of(analysis.tokens) if derived_data else None
            sys.stdout.buffer.write(as_json(analysis, statistics))
            sys.stdout.buffer.flush()
        elif texts:
            statistics = derived_data.of(analysis.tokens) if derived_data else None
            if number:
                console.print()
            display(analysis, statistics, console)
        else:
            click.echo(f"{analysis.canonical}\t{analysis.folded}\t{analysis.typed_as}")


if __name__ == "__main__":
    main()
