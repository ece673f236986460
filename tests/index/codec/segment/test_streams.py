"""What a segment was made of can be read back from it, token by token."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from index.analysis import Analyser
from index.article import Article
from index.build.writing.writer import IndexWriter
from index.codec.segment import streams
from index.codec.segment.streams import KeyNumbers, texts_of
from index.snapshot import Snapshot

TEXTS = (
    "Covid-19 và U23 Việt Nam",
    "",
    "Giá vàng hôm nay, giá vàng ngày mai",
    "một " * 5_000 + "hai Covid-19 ba",
)


@pytest.mark.parametrize(("chunk", "batch"), [(4_000_000, 1_000_000), (3, 5)])
def test_texts_come_back_as_the_analyser_gave_them(tmp_path, monkeypatch, chunk, batch):
    monkeypatch.setattr(streams, "CHUNK", chunk)
    monkeypatch.setattr(streams, "BATCH", batch)
    with IndexWriter(tmp_path, workers=1) as writer:
        for number, text in enumerate(TEXTS):
            when = datetime(2022, 1, 1, tzinfo=timezone.utc)
            writer.add(Article(id=str(number), headline="Tin", body=text, published=when))
    (leaf,) = Snapshot.open(tmp_path).leaves
    numbers = KeyNumbers(leaf.segment)
    read = [
        [
            (numbers.keys[key], numbers.folded[numbers.fold_of[key]], int(position))
            for key, position in zip(text.keys.tolist(), text.positions, strict=True)
        ]
        for text in texts_of(leaf.segment, "body")
    ]
    analyser = Analyser()
    assert read == [
        [(token.key, token.folded, token.position) for token in analyser.tokens(text)]
        for text in TEXTS
    ]
