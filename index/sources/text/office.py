"""Office documents that are one article each: Word's DOCX, OpenDocument text, PDF with text in it.

Paragraphs are read and then taken as plain text is: the first is the headline unless the document
marks one, the last may sign and date. What was deleted with changes tracked, comments, headers and
footers are no text. It knows nothing of where documents come from.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import IO, TYPE_CHECKING, NamedTuple

from lxml import etree

from index.errors import RecordError, SourceError
from index.sources.extras import needing
from index.sources.files.stream import DOCUMENT_LIMIT, DamagedStreamError, Stream, TooLargeError
from index.sources.kind import Kind, Sample
from index.sources.records.markup import read_fragment
from index.sources.records.outcome import Found, Gap, Outcome, Remark, SkipReason, skip
from index.sources.text.document import Document, article_of
from index.sources.text.file import read_plain

if TYPE_CHECKING:
    from pypdf import PageObject

_ZIP = b"PK\x03\x04"
_OPENDOCUMENT_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_FAULTS = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, LookupError, ValueError, EOFError,
    RuntimeError, OSError,
)  # fmt: skip
"""What broken ZIP archives and the XML in them raise."""

_WORD_TEXT = "word/document.xml"
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Caption'] => p.caption:fresh"
_UNSEEN = frozenset(("annotation", "tracked-changes", "note", "tracked-change", "sequence-decls"))
_MOST_PAGES = 400
_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*\d{1,4}(?:\s*/\s*\d{1,4})?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_HEADLINE_LENGTH = 250
_FULL_LINE = 0.85
_LARGER = 1.15


class _Paragraphs(NamedTuple):
    """What a document holds: a headline, or "" if it marks none, and paragraphs."""

    headline: str
    paragraphs: Sequence[str]
    captions: Sequence[str] = ()


def first_member(start: bytes) -> bytes:
    """The name of the first member of a ZIP archive, or b"" if it is none."""
    if not start.startswith(_ZIP):
        return b""
    return start[30 : 30 + int.from_bytes(start[26:28], "little")]


def is_office_zip(start: bytes, folder: bytes) -> bool:
    """Whether a ZIP archive is a document of Microsoft's, by a folder that it has."""
    first = first_member(start)
    parts = (b"[Content_Types].xml", b"_rels/", b"docProps/", folder)
    return first.startswith(parts) and folder in start


def refuse_bombs(path: Path, limit: int) -> None:
    """See that what is packed in a document can be held.

    Raises:
        TooLargeError: it cannot.
        DamagedStreamError: it is no ZIP archive after all.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(m.file_size for m in archive.infolist() if m.filename.endswith(".xml"))
    except _FAULTS as error:
        raise DamagedStreamError(f"the document cannot be opened ({error})") from error
    if size > limit:
        raise TooLargeError(limit)


def _recognises_docx(sample: Sample) -> bool:
    if not sample.start.startswith(_ZIP):
        return False
    return sample.suffix in (".docx", ".docm") or is_office_zip(sample.start, b"word/")


def _recognises_odt(sample: Sample) -> bool:
    return _OPENDOCUMENT_TEXT in sample.start[:128]


def _recognises_pdf(sample: Sample) -> bool:
    return b"%PDF-" in sample.start[:1024]


def _read_docx(stream: Stream) -> Iterator[Outcome]:
    with needing("mammoth", "office"):
        import mammoth
    with stream.on_disk() as path:
        refuse_bombs(path, DOCUMENT_LIMIT * 4)
        with _visible(path) as file:
            try:
                no_pictures = mammoth.images.img_element(lambda _: {"src": ""})
                read = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=no_pictures)
            except Exception as error:  # whatever a parser does on a broken document costs it alone
                raise DamagedStreamError(f"the document cannot be read ({error})") from error
    whole = read_fragment(str(read.value))
    heading = re.search(r"<h1[^<>]*>((?:(?!<h1).)*?)</h1>", str(read.value), re.DOTALL)
    headline = " ".join(read_fragment(heading[1]).text.split()) if heading else ""
    yield _article(stream, _Paragraphs(headline, whole.text.split("\n"), whole.captions))


def _visible(path: Path) -> IO[bytes]:
    """A document of Word without the text that it hides, which mammoth would show."""
    try:
        with zipfile.ZipFile(path) as archive:
            if b"<w:vanish" not in archive.read(_WORD_TEXT):
                return path.open("rb")
            copy = io.BytesIO()
            with zipfile.ZipFile(copy, "w") as visible:
                for member in archive.infolist():
                    if not member.filename.startswith("word/media/"):
                        content = archive.read(member)
                        is_text = member.filename == _WORD_TEXT
                        visible.writestr(member, _unhidden(content) if is_text else content)
    except _FAULTS as error:
        raise DamagedStreamError(f"the document cannot be read ({error})") from error
    copy.seek(0)
    return copy


def _unhidden(content: bytes) -> bytes:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for mark in list(root.iter("{*}vanish")):
        run = next((above for above in mark.iterancestors() if _name(above) == "r"), None)
        is_off = any(value in ("0", "false", "off") for value in mark.attrib.values())
        if run is not None and not is_off and (parent := run.getparent()) is not None:
            parent.remove(run)
    return etree.tostring(root)


def _read_odt(stream: Stream) -> Iterator[Outcome]:
    with stream.on_disk() as path:
        refuse_bombs(path, DOCUMENT_LIMIT * 4)
        try:
            with zipfile.ZipFile(path) as archive:
                content = archive.read("content.xml")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
            root = etree.fromstring(content, parser=parser)
        except _FAULTS as error:
            raise DamagedStreamError(f"the document cannot be read ({error})") from error
    headline, paragraphs = "", []
    for element in root.iter("{*}p", "{*}h"):
        if any(_name(above) in _UNSEEN for above in element.iterancestors()):
            continue
        text = " ".join("".join(_opendocument_text(element)).split())
        if not headline and _name(element) == "h":
            headline = text
        paragraphs += [text] if text else []
    yield _article(stream, _Paragraphs(headline, paragraphs))


def _opendocument_text(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = _name(child)
        if name in ("s", "tab", "line-break"):
            yield " "
        elif name not in _UNSEEN and name not in ("p", "h"):
            yield from _opendocument_text(child)
        yield child.tail or ""


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _read_pdf(stream: Stream) -> Iterator[Outcome]:
    with needing("pypdf", "office"):
        import pypdf
    with stream.on_disk() as path:
        try:
            reader = pypdf.PdfReader(path)
            pages = [_page_lines(page) for page in reader.pages[:_MOST_PAGES]]
        except Exception as error:  # whatever a parser does on a broken document costs it alone
            raise SourceError(f"the PDF cannot be read ({error})") from error
    if not any(pages):
        message = "holds pictures of text and no text; run it through OCR first"
        yield skip(stream.name, SkipReason.NO_TEXT_LAYER, message)
        return
    outcome = _article(stream, _pdf_paragraphs(pages))
    if isinstance(outcome, Found):
        told = Remark(Gap.ONE_ARTICLE, "a PDF is taken for one article, of which it says no more")
        outcome = outcome._replace(remarks=(*outcome.remarks, told))
    yield outcome


class _Line(NamedTuple):
    """A line of a page and the size of its letters."""

    text: str
    size: float


def _page_lines(page: PageObject) -> list[_Line]:
    lines: list[_Line] = []
    text, largest = "", 0.0

    def take(piece: str, _: object, matrix: list[float], __: object, size: float) -> None:
        nonlocal text, largest
        for number, part in enumerate(piece.split("\n")):
            if number:
                if line := " ".join(text.split()):
                    lines.append(_Line(line, largest))
                text, largest = "", 0.0
            if part.strip():
                largest = max(largest, size * abs(matrix[3] or 1.0))
            text += part

    page.extract_text(visitor_text=take)
    if line := " ".join(text.split()):
        lines.append(_Line(line, largest))
    return lines


def _pdf_paragraphs(pages: Sequence[Sequence[_Line]]) -> _Paragraphs:
    on_pages = Counter(text for page in pages for text in {line.text for line in page})
    repeated = {text for text, count in on_pages.items() if count > 2 and count * 2 > len(pages)}
    lines = [
        line
        for page in pages
        for line in page
        if line.text not in repeated and not _PAGE_NUMBER.fullmatch(line.text)
    ]
    largest = _largest(lines)
    headline = " ".join(line.text for line in lines[largest])
    del lines[largest]
    usual = median(len(line.text) for line in lines) if lines else 0
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            paragraphs[-1] += f" {line.text}"
        else:
            paragraphs.append(line.text)
        is_full = len(line.text) >= usual * _FULL_LINE
        goes_on = is_full or not _SENTENCE_END.search(line.text)
    return _Paragraphs(headline, paragraphs)


def _largest(lines: Sequence[_Line]) -> slice:
    """The first lines in letters larger than most, which are the headline; or none."""
    sizes = sorted(line.size for line in lines)
    if not sizes or sizes[-1] < sizes[len(sizes) // 2] * _LARGER:
        return slice(0, 0)
    first = next(number for number, line in enumerate(lines) if line.size == sizes[-1])
    last = first
    while last < len(lines) and lines[last].size == sizes[-1]:
        last += 1
    length = sum(len(line.text) for line in lines[first:last])
    return slice(first, last) if length <= _HEADLINE_LENGTH else slice(0, 0)


def _article(stream: Stream, read: _Paragraphs) -> Outcome | RecordError:
    front = {"headline": read.headline} if read.headline else {}
    paragraphs = [text for text in read.paragraphs if text != read.headline]
    document = Document(stream.name, front, "\n\n".join(paragraphs), ())
    return article_of(document, {**read_plain(document), "captions": list(read.captions)})


DOCX = Kind("docx", _recognises_docx, _read_docx)
ODT = Kind("odt", _recognises_odt, _read_odt)
PDF = Kind("pdf", _recognises_pdf, _read_pdf)
