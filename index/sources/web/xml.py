"""XML from strangers: no entities but the letters of HTML, nothing fetched, every entry survives.

A document that is well-formed is read as it stands. One that is not is cut where its entries begin
and each of them is read by itself, so that a fault costs the entry in which it stands, at most. It
knows nothing of feeds or sitemaps.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from itertools import pairwise
from typing import NamedTuple, cast

from lxml import etree

from index.errors import SourceError
from index.sources.files.decoding import decode
from index.sources.files.stream import Stream
from index.sources.kind import after_prolog

XML_LIMIT = 64 << 20
"""Bytes of a feed or a sitemap; the protocol of sitemaps allows 50 MB."""

_MARKS_LIMIT = 3_000_000
"""Signs that begin an element or give an attribute: each may take 200 bytes of memory."""

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_UNKEEPABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile(
    r"&#(?:[xX]([dD][89abAB][\da-fA-F]{2})|(5[56]\d{3}));"
    r"&#(?:[xX]([dD][c-fC-F][\da-fA-F]{2})|(5[67]\d{3}));"
)
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|&(?:#(?:[xX]([\da-fA-F]{1,6})|(\d{1,7}));|([A-Za-z][A-Za-z0-9]{1,31});)?"
    r"|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
_UNMARKED = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_START_TAG = re.compile(r"""<(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""")
_INHERITED = re.compile(r"""\s(?:xmlns(?::[\w.-]+)?|xml:base)\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_XML_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))

_VOCABULARIES = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dc:",
}
_PREFIXES = {"content": "content:", "dc": "dc:", "dcterms": "dc:", "atom": "", "rss": ""}
"""What these prefixes mean where a document forgets to say it."""


class Entries(NamedTuple):
    """A document that is a list.

    Attributes:
        root: with what stands before the entries.
        entries: in the order of the document; None for one that cannot be read.
    """

    root: etree._Element
    entries: Sequence[etree._Element | None]


def read_entries(stream: Stream, *names: str) -> Entries:
    """The entries of a document, whatever is wrong with it.

    Entities that the document itself defines are not replaced: a billion laughs are none.

    Args:
        stream: at most `XML_LIMIT` bytes are read.
        names: local names of entries, in lower case.

    Raises:
        SourceError: it is no XML at all.
        TooLargeError: it is larger than any list is.
    """
    text = _text(stream.read_all(XML_LIMIT), stream.charset)
    if max(text.count("<"), text.count("=")) > _MARKS_LIMIT:
        raise SourceError(f"has more than {_MARKS_LIMIT:,} elements or attributes; no list has")
    text = text[after_prolog(text) :]
    try:
        root = etree.fromstring(_cleaned(text).encode(), parser=_parser(recover=False))
    except etree.XMLSyntaxError as error:
        return _piece_by_piece(text, names, error)
    found = [element for element in root.iter() if local_name(element) in names]
    own = {element.tag for element in found[:1]}
    return Entries(root, [element for element in found if element.tag in own])


def _text(content: bytes, charset: str) -> str:
    """The document as text. A declared encoding is obeyed unless the bytes say otherwise."""
    declared = _DECLARED.match(content.lstrip(codecs.BOM_UTF8)[:300])
    named = charset or (declared[1].decode("ascii") if declared else "")
    is_marked = content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if named and not is_marked:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            try:
                # What calls itself Latin-1 is windows-1252, as on the web.
                name = codecs.lookup(named).name
                return content.decode("cp1252" if name == "iso8859-1" else name)
            except (LookupError, UnicodeError):
                pass
    decoded = decode(content, named)
    if decoded is None:
        raise SourceError("is in no encoding that can be told; save it as UTF-8")
    return decoded.text


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _piece_by_piece(text: str, names: Sequence[str], fault: Exception) -> Entries:
    """The entries of a document that is not well-formed, each read by itself."""
    name = rf"(?:[\w.-]+:)?(?:{'|'.join(names)})"
    starts = re.compile(rf"{_UNMARKED}|(<{name}(?=[\s/>]))", re.DOTALL | re.IGNORECASE)
    ends = re.compile(rf"</{name}\s*>", re.IGNORECASE)
    # Where one entry ends and another begins there is a border, though a fault hide it.
    borders = re.compile(rf"</{name}\s*>\s*(?=<{name}[\s/>])", re.IGNORECASE)
    at = [0, *(border.end() for border in borders.finditer(text)), len(text)]
    begins = [
        start.start()
        for left, right in pairwise(at)
        for start in starts.finditer(text, left, right)
        if start[1]
    ]
    if not begins:
        raise SourceError(f"is not readable XML ({fault})") from fault
    opening = _START_TAG.match(text)
    inherited = "".join(_INHERITED.findall(opening[0])) if opening else ""
    entries: list[etree._Element | None] = []
    for begin, end in zip(begins, [*begins[1:], len(text)], strict=True):
        closed = [each.end() for each in ends.finditer(text, begin, end)]
        if not closed and end == len(text):
            entries.append(None)  # the document was cut in the middle of it
            continue
        piece = text[begin : closed[-1] if closed else end]
        entries.append(_entry(f"<x{inherited}>{_cleaned(piece)}</x>", names))
    head = _recovered(_cleaned(text[: begins[0]]))
    return Entries(etree.Element("x") if head is None else head, entries)


def _entry(piece: str, names: Sequence[str]) -> etree._Element | None:
    root = _recovered(piece)
    if root is None:
        return None
    return next((element for element in root.iter() if local_name(element) in names), None)


def _recovered(text: str) -> etree._Element | None:
    """What can be made of a piece of broken XML."""
    try:
        root = etree.fromstring(text.encode(), parser=_parser(recover=True))
    except etree.XMLSyntaxError:
        return None
    return cast("etree._Element | None", root)  # it is None where nothing is an element


def _cleaned(text: str) -> str:
    """The text with every sign that no XML may hold replaced by what was meant."""
    return _REFERENCE.sub(_meant, _PAIR.sub(_joined_halves, _UNKEEPABLE.sub("", text)))


def _meant(match: re.Match[str]) -> str:
    written, hexadecimal, decimal, name = match[0], match[1], match[2], match[3]
    if written == "<":
        return "&lt;"
    if written == "&":
        return "&amp;"
    if hexadecimal or decimal:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        is_kept = code <= 0x10FFFF and not _UNKEEPABLE.match(chr(code))
        return written if is_kept else "\ufffd"
    if name is None or name in _XML_OWN:
        return written
    letters = html5.get(f"{name};", "")
    return "".join(f"&#{ord(letter)};" for letter in letters) or f"&amp;{name};"


def _joined_halves(match: re.Match[str]) -> str:
    """A character that was written as its two halves."""
    high = int(match[1], 16) if match[1] else int(match[2])
    low = int(match[3], 16) if match[3] else int(match[4])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return match[0]


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, in lower case; "" for what is none."""
    tag = element.tag
    return re.split("[}:]", tag)[-1].lower() if isinstance(tag, str) else ""


def name_of(element: etree._Element, own: str) -> str:
    """The name of an element in lower case, or "" for one of a vocabulary that is not read.

    Args:
        element: any.
        own: the namespace of its parent, whose elements have no prefix.

    Returns:
        ``title``, ``content:encoded``, ``dc:creator`` and the like, whatever the prefix is.
    """
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    if namespace in ("", own):
        prefix, colon, rest = name.partition(":")
        if not colon:
            return name.lower()
        known = _PREFIXES.get(prefix.lower())
        return "" if known is None else f"{known}{rest.lower()}"
    vocabulary = _VOCABULARIES.get(namespace)
    return "" if vocabulary is None else f"{vocabulary}{name.lower()}"


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these names (see `name_of`), in the order of the document."""
    own = etree.QName(element).namespace or ""
    for child in element:
        if name_of(child, own) in names:
            yield child


def children_named(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these local names, of whatever vocabulary, in the order of the document."""
    return (child for child in element if local_name(child) in names)


def text_of(element: etree._Element | None) -> str:
    """All text in an element."""
    return "" if element is None else "".join(str(text) for text in element.itertext()).strip()
