"""docs/indexing.md names every option, kind and reason, and its example of a kind works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from index.build.report.report import Report
from index.sources import KIND_NAMES, Found, Gap, Repair, SkipReason, skip
from index.sources.files.stream import Stream
from index.sources.kind import Item, Kind, Sample
from index.sources.origin import NOT_IN_FILES, FetchRules
from index.sources.records.fields import article_from_record
from index.sources.records.names import ALIASES
from scripts.rebuild_index import main

DOCS = (Path(__file__).parents[2] / "docs" / "indexing.md").read_text("utf-8")


def named(pattern: str, text: str = DOCS) -> set[str]:
    return set(re.findall(pattern, text))


def test_every_option_is_described() -> None:
    table = DOCS.partition("| option |")[2].partition("\n\n")[0]
    options = {option for param in main.params for option in param.opts if option.startswith("-")}
    options |= {option for param in main.params for option in param.secondary_opts}
    assert named(r"`(--[a-z-]+)", table) == options


def test_every_kind_is_described() -> None:
    table = DOCS.partition("| you have |")[2].partition("\n\n")[0]
    cells = " ".join(line.split(" | ")[2] for line in table.splitlines()[2:])
    assert named(r"`([a-z]+)`", cells) == set(KIND_NAMES)


def test_every_reason_is_described() -> None:
    for codes in (SkipReason, Repair, Gap):
        for code in codes:
            assert f"`{code.value}`" in DOCS, code


def test_every_field_and_rule_is_described() -> None:
    for name in (*ALIASES, *(set(FetchRules.__slots__) - NOT_IN_FILES)):
        assert re.search(rf"`{name}`|^{name} = ", DOCS, re.MULTILINE), name


def test_the_report_shown_has_the_keys_of_a_report() -> None:
    shown = DOCS.partition("## The report\n\n```json\n")[2].partition("```")[0]
    assert list(orjson.loads(shown)) == list(orjson.loads(Report().to_json()))


def test_the_example_of_a_kind_works() -> None:
    code = DOCS.partition("## A new kind of source")[2].partition("```python\n")[2]
    names = {
        "Item": Item,
        "Iterator": Iterator,
        "Kind": Kind,
        "Sample": Sample,
        "SkipReason": SkipReason,
        "Stream": Stream,
        "article_from_record": article_from_record,
        "skip": skip,
    }
    exec(code.partition("```")[0], names)
    kind = names["KIND"]
    assert isinstance(kind, Kind)
    assert kind.recognises(Sample("tin.bai", b"x"))
    (found,) = kind.read(Stream("tin.bai", iter(["Mùa sen — Sen nở.".encode()])))
    assert isinstance(found, Found)
    assert (found.article.headline, found.article.body) == ("Mùa sen", "Sen nở.")
