"""The text of a newspaper's page as a person saves it: the article among much that is not.

Rules go by shape, not by newspaper. A headline that recurs inside the article is the hidden text of
a picture, and its caption follows. Two equal lines on end are another article's picture and
headline; where such teasers begin and the article does not resume, it ends. Navigation stands
before the headline, lines that invite to follow or share anywhere.

The date is what a line of the article's own head says, or else the day with which its lead opens
("Ngày 14/6/2022, …"), unless the article speaks of a later day too. A day without a year dates
nothing: other headlines of the page tell when it was saved, not when the article appeared, so the
article stays undated and the report says why. It knows nothing of HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from index.errors import RecordError
from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample
from index.sources.records.bylines import byline_names
from index.sources.records.dates import parse_date, parse_date_line, states_day_without_year
from index.sources.records.fields import Value
from index.sources.records.outcome import Gap, Outcome, Remark
from index.sources.text.document import article_of, read_document, split_front_matter
from index.sources.text.page_lines import (
    CAPTION_LENGTH,
    PageLine,
    followed_site,
    is_credited,
    is_furniture,
    is_label,
    is_prose,
    is_teaser,
    page_lines,
)

_SUFFIXES = frozenset({".txt", ".text", ""})
_HEADLINE_WORDS = 4
_HEAD_LINES = 60
_LEAD_LENGTH = 600
_FIRST_PAGES = 1997
_FULL_DATE = re.compile(r"\b\d{1,2}[-/]\d{1,2}[-/]\d{4}\b")
_OPENING_DATE = re.compile(
    r"(?:(?:rạng sáng|sáng|trưa|chiều|tối|đêm|hôm|sáng sớm|tối muộn)\s+)?(?:ngày\s+|hôm\s+)?"
    r"(\d{1,2}[-/]\d{1,2}[-/]\d{4})\b",
    re.IGNORECASE,
)
_SITE_SUFFIX = re.compile(r"\s+[|–—-]\s+[^|]{2,60}$")


class _Shape(NamedTuple):
    """Where the parts of a page are, as numbers of lines.

    Attributes:
        headline: the line of the headline.
        end: the line after the article's last.
    """

    headline: int
    end: int


def _recognises(sample: Sample) -> bool:
    if sample.suffix not in _SUFFIXES or not sample.is_text:
        return False
    _, text = split_front_matter(sample.text.replace("\r\n", "\n"))
    lines = page_lines(text)
    doubled = {lines[i].text for i in _doubled(lines) if not is_prose(lines[i].text)}
    furniture = {line.text for line in lines if is_furniture(line.text) or is_label(line.text)}
    return len(doubled) >= 2 or len(furniture) >= 3 or (bool(furniture) and bool(doubled))


def _read(stream: Stream) -> Iterator[Outcome]:
    document = read_document(stream)
    if isinstance(document, RecordError):
        yield document
        return
    lines = page_lines(document.text)
    fields = _fields(lines, _shape(lines)) if lines else {}
    remarks: tuple[Remark, ...] = ()
    if "published" not in fields and "published" not in document.front:
        opening = f"{fields.get('summary', '')} {fields.get('body', '')}"[:500]
        if day := states_day_without_year(opening):
            remarks = (
                Remark(
                    Gap.DATE_WITHOUT_YEAR,
                    f"says “{day}” but not the year, so it is undated; where you know the date, "
                    "put the lines ---, published: 2022-06-14, --- above the text",
                ),
            )
    yield article_of(document, fields, remarks)


def _doubled(lines: Sequence[PageLine]) -> list[int]:
    """The lines that stand twice on end, as the picture and the headline of a teaser do."""
    return [
        i
        for i in range(len(lines) - 1)
        if lines[i].text == lines[i + 1].text
        and len(lines[i].text.split()) >= _HEADLINE_WORDS
        and not lines[i].text.endswith((".", ",", ";", ":"))
    ]


def _shape(lines: Sequence[PageLine]) -> _Shape:
    headline = _headline(lines)
    title = lines[headline].text
    boxes = [i for i in _doubled(lines) if i > headline + 1 and lines[i].text != title]
    labels = [i for i, line in enumerate(lines) if i > headline and is_label(line.text)]
    end = len(lines)
    for i in sorted({*boxes, *labels}, reverse=True):
        if _resumes(lines[i:end], title):
            break
        end = i
    return _Shape(headline, end)


def _resumes(lines: Sequence[PageLine], headline: str) -> bool:
    """Whether the article goes on after a teaser or label on the first of these lines."""
    skipped = 2 if len(lines) > 1 and lines[0].text == lines[1].text else 1
    rest = [line.text for line in lines[skipped:] if not is_furniture(line.text)]
    if headline in rest:
        return True
    prose = [text for text in rest if is_prose(text) and not is_teaser(text)]
    if rest and prose and rest[0] == prose[0] and len(prose[0]) < 250:
        prose = prose[1:]  # the teaser itself, if it ends without an ellipsis
    return len(prose) >= 2 or sum(map(len, prose)) >= 250


def _headline(lines: Sequence[PageLine]) -> int:
    """The line of the headline: one that recurs as a picture's text, or the best of the head."""
    head = []
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if is_prose(line.text):
            break
        if len(line.text.split()) >= _HEADLINE_WORDS and not (
            is_furniture(line.text) or is_label(line.text) or parse_date_line(line.text)
        ):
            head.append(i)
    texts = [line.text for line in lines]
    titles = {_SITE_SUFFIX.sub("", texts[i]) for i in head if _SITE_SUFFIX.search(texts[i])}
    for i in head:
        if texts[i] in titles:
            return i
    recurring = [i for i in head if texts.count(texts[i]) > 1]
    # Where the title is doubled at the top, its last line there stands beside author and date.
    candidates = recurring or head
    if not candidates:
        return 0
    best = max(candidates, key=lambda i: (texts.count(texts[i]), len(texts[i]), -i))
    return max(i for i in head if texts[i] == texts[best])


def _fields(lines: Sequence[PageLine], shape: _Shape) -> dict[str, Value]:
    headline = lines[shape.headline].text
    reader = _ArticleReader(headline, spaced=any(line.after_blank for line in lines))
    article = lines[shape.headline + 1 : shape.end]
    drop = {j for i in _doubled(article) if article[i].text != headline for j in (i, i + 1)}
    drop |= {j + 1 for j in drop if j + 1 < len(article) and is_teaser(article[j + 1].text)}
    for i, line in enumerate(article):
        if i not in drop:
            reader.take(line)
    fields = reader.fields()
    if "published" not in fields and (date := _date_above(lines[: shape.headline])):
        fields["published"] = date
    return fields


def _date_above(head: Sequence[PageLine]) -> str:
    """A date with a time of day right above the headline; without one it is the page's clock."""
    for line in reversed(head[-2:]):
        if re.search(r"\d\s?[:h]\s?\d", line.text) and parse_date_line(line.text):
            return line.text
    return ""


def _opening_date(lead: str, paragraphs: Sequence[str]) -> datetime | None:
    """The day with which a lead opens, if it can be that of the news.

    Newspapers have had pages since 1997; and an article on an old event ("Ngày 2/9/2001, …") speaks
    of a later day somewhere.
    """
    opening = _OPENING_DATE.match(unicodedata.normalize("NFC", lead))
    date = parse_date(opening[1]) if opening else None
    if date is None or date.year < _FIRST_PAGES:
        return None
    text = unicodedata.normalize("NFC", " ".join(paragraphs))
    others = (parse_date(match[0]) for match in _FULL_DATE.finditer(text))
    later = date + timedelta(days=31)
    return None if any(other and other > later for other in others) else date


class _ArticleReader:
    """Sorts the lines between headline and end into the parts of the article."""

    def __init__(self, headline: str, spaced: bool) -> None:
        self._headline = headline
        self._spaced = spaced
        self._after_picture = False
        self._fields: dict[str, Value] = {"headline": headline}
        self._paragraphs: list[str] = []
        self._captions: list[str] = []

    def take(self, line: PageLine) -> None:
        """Take the next line of the article."""
        text, after_picture = line.text, self._after_picture
        self._after_picture = text == self._headline
        if text == self._headline:
            return
        if site := followed_site(text):
            self._fields.setdefault("source", site)
        elif is_furniture(text) or is_label(text) or is_teaser_only(text):
            return
        elif self._is_caption(line, after_picture):
            self._captions.append(text)
        elif not self._paragraphs and self._takes_head(text):
            return
        else:
            self._paragraphs.append(text)

    def fields(self) -> dict[str, Value]:
        """What was found."""
        paragraphs = self._paragraphs
        while paragraphs and "author" not in self._fields and len(paragraphs) > 1:
            if not (names := byline_names(paragraphs[-1])):
                break
            self._fields["author"] = names
            paragraphs.pop()
        lead = paragraphs[0] if paragraphs else ""
        if len(paragraphs) > 2 and is_prose(lead) and len(lead) <= _LEAD_LENGTH:
            self._fields["summary"] = paragraphs.pop(0)
        if "published" not in self._fields and (date := _opening_date(lead, paragraphs)):
            self._fields["published"] = date
        self._fields["body"] = "\n".join(paragraphs)
        self._fields["captions"] = self._captions
        return self._fields

    def _takes_head(self, text: str) -> bool:
        """Whether a line between headline and lead names the author or the date."""
        if parse_date_line(text):
            self._fields.setdefault("published", text)
            return True
        if names := byline_names(text):
            self._fields.setdefault("author", names)
            return True
        return False

    def _is_caption(self, line: PageLine, after_picture: bool) -> bool:
        if (
            after_picture
            and self._spaced
            and not line.after_blank
            and len(line.text) <= CAPTION_LENGTH
        ):
            return True
        return is_credited(line.text)


def is_teaser_only(text: str) -> bool:
    """Whether a line announces another article ("Xem thêm: …", ">> …")."""
    return text.startswith((">>", "»", "Xem thêm:", "Đọc thêm:", "XEM THÊM:", "Mời bạn đọc thêm"))


KIND = Kind("page", _recognises, _read)
