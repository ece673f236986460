"""XML that holds records: any elements whose children are named as the fields of an article.

What phpMyAdmin, MySQL, Solr and many an interface write. An element is a record if it has a
headline and a text among its children, or is called like one that has. Elements are forgotten as
they are read, so a file may be of any size. It knows nothing of feeds and sitemaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Kind, Sample
from index.sources.records.export import article_from_export
from index.sources.records.names import Value, sources_of
from index.sources.records.outcome import Outcome, SkipReason, skip
from index.sources.web.xml import local_name

_HTML = frozenset(
    (
        "p",
        "br",
        "div",
        "b",
        "i",
        "em",
        "strong",
        "a",
        "img",
        "span",
        "ul",
        "ol",
        "li",
        "figure",
        "h2",
    )
)
_NAMED = frozenset(("column", "field", "str", "arr", "date", "int", "property", "cell"))
"""Elements whose attribute ``name`` says what they hold."""

_ITEMS = frozenset(("str", "item", "value", "name"))


def _recognises(sample: Sample) -> bool:
    if not sample.is_text or not sample.root:
        return False
    return sample.suffix == ".xml" or "<?xml" in sample.text[:100]


def elements(path: Path, *tags: str) -> Iterator[etree._Element]:
    """Every element that ends, of these local names or of all, and what is in it.

    Faults are passed over as browsers do it; an element is emptied once it was handed out.

    Raises:
        DamagedStreamError: nothing can be read from here on.
    """
    with path.open("rb") as file:
        parsing = etree.iterparse(
            file,
            events=("end",),
            recover=True,
            huge_tree=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in parsing:
                if not tags:
                    yield element
                elif local_name(element) in tags:
                    yield element
                    forget(element)
        except etree.XMLSyntaxError as error:
            raise DamagedStreamError(f"the XML cannot be read on ({error})") from error


def forget(element: etree._Element) -> None:
    """Free an element that was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def _read(stream: Stream) -> Iterator[Outcome]:
    known: set[str] = set()
    number = 0
    unread: dict[str, Value] = {}
    with stream.on_disk() as path:
        for element in elements(path):
            if len(element) < 2 and local_name(element) not in known:
                continue
            record = _record(element)
            fields = sources_of(record, stream.names)
            is_record = "headline" in fields and "body" in fields
            if is_record or local_name(element) in known:
                number += 1
                known.add(local_name(element))
                yield article_from_export(record, f"{stream.name}#{number}", stream.names)
                forget(element)
            elif not unread and len(record) > 1:
                unread = record
    if not known:
        message = "is XML in which no element has a headline and a text"
        outcome = skip(stream.name, SkipReason.NO_HEADLINE, message)
        outcome.ignored = unread
        yield outcome


def _record(element: etree._Element) -> dict[str, Value]:
    record: dict[str, Value] = {str(name): str(value) for name, value in element.items()}
    for child in element:
        name = local_name(child)
        if name in _NAMED and (called := child.get("name")):
            name = called
        value = _value(child)
        if name and name in record and value:
            before = record[name]
            record[name] = [*before, value] if isinstance(before, list) else [before, value]
        elif name:
            record[name] = value
    return record


def _value(element: etree._Element) -> Value:
    """The text of an element, markup in it as HTML, or what it holds under names."""
    if not len(element):
        return (element.text or "").strip()
    names = {local_name(child) for child in element}
    if names & _HTML or (element.text or "").strip():
        inner = [element.text or ""]
        inner += [etree.tostring(child, encoding="unicode", method="html") for child in element]
        return "".join(inner)
    if names <= _ITEMS or len(names) == 1:
        return [_text(child) for child in element if local_name(child)]
    return {name: _text(child) for child in element if (name := local_name(child))}


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


KIND = Kind("xml", _recognises, _read)
