"""What a rebuild did, counted exactly, with a few examples of everything that went wrong.

Two forms: JSON for programs, whose codes are stable, and a summary in plain Vietnamese or English
for the person who started it. It knows nothing of how articles are read or indexed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import orjson

from index.build.fingerprints import Meeting
from index.build.report.names_met import NamesMet, toml_text
from index.build.report.words import PHRASES, WORDS, Language
from index.errors import RecordError
from index.sources import Found, Repair, SkipReason


class Kept(str, Enum):
    """Why an update deleted nothing, though the sources lack articles that the index has."""

    INCOMPLETE = "incomplete"
    TOO_FEW = "too-few"


EXAMPLES = 10
"""Examples kept of each reason; counts are exact however many there are."""

_SHOWN = 3
_NAMES_SHOWN = 12
_TOLD_WHOLE = frozenset({SkipReason.UNREADABLE.value, SkipReason.DATABASE_DUMP.value})
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""The text with escapes (\x1b) for what a terminal would obey and what no UTF-8 can hold.

    A file's name may hold both, and so may what a record says.
    """
    return _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], text)


class Example(NamedTuple):
    """One case: the file and line, and what is wrong there and what to do."""

    where: str
    message: str


@dataclass(slots=True)
class Tally:
    """How often one thing happened, and the first cases of it."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """Count one case."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(Example(printable(where), printable(message)))


@dataclass(slots=True)
class Report:
    """Counts of a rebuild, growing while it runs.

    Attributes:
        read: records looked at: those indexed, unchanged and skipped.
        indexed: articles given to the index, or taken over from a rebuild that was killed.
        updates: whether the index was updated and not built anew; the next five count only then.
        added: articles that the index did not have.
        changed: articles that it had otherwise.
        unchanged: articles that it had just so.
        deleted: articles that the sources do not have any more.
        kept: articles that were not met, and may be there still.
        kept_because: why they are kept, or None.
        resumed: articles taken over from a rebuild that was killed.
        skipped: by `SkipReason`, in the order of their first case.
        repaired: by `Repair`.
        incomplete: by `Gap`: articles indexed without something their source says something about.
        names: what records call what, and what is ignored of them.
        files: files read.
        bytes_read: from them, before decompression.
        seconds: of the whole rebuild.
        build: the id of the new build, or "" if there is none.
    """

    read: int = 0
    indexed: int = 0
    updates: bool = False
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    kept: int = 0
    kept_because: Kept | None = None
    resumed: int = 0
    skipped: dict[str, Tally] = field(default_factory=dict)
    repaired: dict[str, Tally] = field(default_factory=dict)
    incomplete: dict[str, Tally] = field(default_factory=dict)
    names: NamesMet = field(default_factory=NamesMet)
    files: int = 0
    bytes_read: int = 0
    seconds: float = 0.0
    build: str = ""

    def skip(self, error: RecordError) -> None:
        """Count a record that is no article."""
        self.read += 1
        self.names.skip(error)
        self.skipped.setdefault(error.reason, Tally()).add(error.where, error.message)

    def meet(self, found: Found, meeting: Meeting) -> None:
        """Count an article, and what there is to say about it if it is indexed."""
        self.read += 1
        self.names.meet(found)
        if self.updates and meeting is Meeting.UNCHANGED:
            self.unchanged += 1
            return
        self.indexed += 1
        self.added += meeting is Meeting.NEW
        self.changed += meeting is Meeting.CHANGED
        for remark in found.remarks:
            tallies = self.repaired if isinstance(remark.code, Repair) else self.incomplete
            tallies.setdefault(remark.code.value, Tally()).add(found.where, remark.message)

    @property
    def skipped_total(self) -> int:
        """How many records were skipped for any reason."""
        return sum(tally.count for tally in self.skipped.values())

    def to_json(self) -> bytes:
        """The report as a JSON object, ending in a newline; docs/indexing.md shows its fields."""
        return orjson.dumps(
            {
                "build": self.build or None,
                "read": self.read,
                "indexed": self.indexed,
                "update": self._update_json(),
                "resumed": self.resumed,
                "skipped": _tallies_json(self.skipped),
                "repaired": _tallies_json(self.repaired),
                "incomplete": _tallies_json(self.incomplete),
                "ignored": dict(self.names.ignored),
                "proposed": self.names.proposed(),
                "files": self.files,
                "bytes": self.bytes_read,
                "seconds": round(self.seconds, 3),
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )

    def _update_json(self) -> dict[str, int | str | None] | None:
        if not self.updates:
            return None
        names = ("added", "changed", "unchanged", "deleted", "kept")
        counts = {name: getattr(self, name) for name in names}
        return {**counts, "kept_because": self.kept_because and self.kept_because.value}


def _tallies_json(tallies: Mapping[str, Tally]) -> dict[str, object]:
    return {
        "total": sum(tally.count for tally in tallies.values()),
        "reasons": {
            code: {
                "count": tally.count,
                "examples": [example._asdict() for example in tally.examples],
            }
            for code, tally in tallies.items()
        },
    }


def summarise(report: Report, language: Language) -> str:
    """The report as lines for a terminal."""
    words = WORDS[language]
    lines = [_outcome(report, language)]
    if report.resumed:
        lines.append(words.resumed.format(count=_number(report.resumed, language)))
    if report.kept:
        reason = words.too_few if report.kept_because is Kept.TOO_FEW else words.kept
        lines.append(reason.format(count=_number(report.kept, language)))
    for phrase, tallies in (
        (words.skipped, report.skipped),
        (words.repaired, report.repaired),
        (words.incomplete, report.incomplete),
    ):
        lines += _section(phrase, tallies, language)
    return "\n".join([*lines, *_names_lines(report.names, language)])


def _names_lines(names: NamesMet, language: Language) -> list[str]:
    """What was ignored of records, and what it may be, as lines of a description in TOML."""
    words = WORDS[language]
    if not names.ignored:
        return []
    shown = [
        f"{printable(name)} ({_number(count, language)})"
        for name, count in names.ignored.most_common(_NAMES_SHOWN)
    ]
    shown += ["…"] if len(names.ignored) > _NAMES_SHOWN else []
    lines = [words.ignored.format(names=", ".join(shown))]
    if proposed := names.proposed():
        lines += [words.proposed, "    [fields]"]
        lines += [f"    {name} = {toml_text(called)}" for name, called in proposed.items()]
    return lines


def _outcome(report: Report, language: Language) -> str:
    """The first line: what there is now that was not there before."""
    words = WORDS[language]
    seconds = _number(report.seconds, language, 1)
    if report.updates and (report.build or report.unchanged):
        return words.updated.format(
            added=_number(report.added, language),
            changed=_number(report.changed, language),
            deleted=_number(report.deleted, language),
            unchanged=_number(report.unchanged, language),
            seconds=seconds,
        )
    if not report.build:
        return words.nothing
    rate = report.indexed / report.seconds if report.seconds else 0.0
    return words.indexed.format(
        indexed=_number(report.indexed, language),
        seconds=seconds,
        rate=_number(rate, language),
    )


def _section(phrase: str, tallies: Mapping[str, Tally], language: Language) -> list[str]:
    if not tallies:
        return []
    total = sum(tally.count for tally in tallies.values())
    lines = [phrase.format(count=_number(total, language))]
    for code, tally in tallies.items():
        meaning = PHRASES[language].get(code, code)
        lines.append(f"  {_number(tally.count, language)} {meaning} ({code})")
        for where, message in tally.examples[:_SHOWN]:
            # Messages are in English; the Vietnamese phrase says itself what to do, but for what
            # to type, which is different for each.
            is_told = language is Language.ENGLISH or code in _TOLD_WHOLE
            lines.append(f"    {where}: {message}" if is_told else f"    {where}")
        if tally.count > _SHOWN:
            more = _number(tally.count - _SHOWN, language)
            lines.append(f"    {WORDS[language].more.format(count=more)}")
    return lines


def _number(value: float, language: Language, places: int = 0) -> str:
    text = f"{value:,.{places}f}"
    if language is Language.VIETNAMESE:
        return text.translate(str.maketrans(",.", ".,"))
    return text
