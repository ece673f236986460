"""XML from strangers: no entities but the letters of HTML, nothing fetched, broken parts survived.

It knows nothing of feeds or sitemaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

from index.errors import SourceError

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)


def parse_xml(content: bytes) -> etree._Element:
    """The root of a document.

    Entities that the document itself defines are not replaced: a billion laughs are none. Faults
    are passed over as browsers do it, so that one bad item does not cost the others.

    Raises:
        SourceError: it is no XML at all.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    content = _ENTITY.sub(_letter, _DOCTYPE.sub(b"", content, count=1))
    try:
        root = etree.fromstring(content.lstrip(), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"is not readable XML ({error})") from error
    if root is None:
        raise SourceError("is not readable XML")
    return root


def _letter(match: re.Match[bytes]) -> bytes:
    name = match[1]
    if name in _XML_OWN:
        return match[0]
    # As numbers, which stand for the same in whatever encoding the document is.
    letters = html5.get(f"{name.decode('ascii')};", "")
    return "".join(f"&#{ord(letter)};" for letter in letters).encode()


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, in lower case; "" for what is none."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these local names, in the order of the document."""
    for child in element:
        if local_name(child) in names:
            yield child


def text_of(element: etree._Element | None) -> str:
    """All text in an element."""
    return "" if element is None else "".join(str(text) for text in element.itertext()).strip()
