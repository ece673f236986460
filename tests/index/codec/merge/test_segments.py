"""A merge holds what its sources hold, wherever they were cut and whatever was deleted."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from index.analysis import Analyser
from index.article import Article
from index.build.writing.runs import Run, write_run
from index.codec.merge import segments
from index.codec.merge.numbering import Source
from index.codec.merge.segments import merge_segments
from index.codec.segment.file import SegmentFile
from index.codec.segment.profile import Profile
from index.codec.segment.streams import KeyNumbers, texts_of
from index.stored import dump_article, load_article

WORDS = [
    *("giá", "vàng", "hôm", "nay", "tăng", "mạnh", "ở", "Hà", "Nội", "ma", "má", "mà", "mả"),
    *("mã", "mạ", "Covid-19", "TP.HCM", "chủ", "tịch", "nước"),
]
PAIRED = Profile(pair_terms=(b"gia", b"vang", b"ma", b"chu"))


def articles(count: int, first: int = 0) -> list[Article]:
    source = random.Random(first)
    return [
        Article(
            id=f"bai-{number}",
            headline=" ".join(source.choices(WORDS, k=5)),
            body=" ".join(source.choices(WORDS, k=source.choice([0, 3, 60, 5_000]))),
            section=source.choice(["Thời sự", ""]),
        )
        for number in range(first, first + count)
    ]


def segment(path: Path, articles: list[Article], profile: Profile) -> SegmentFile:
    stored = [dump_article(article) for article in articles]
    write_run(Run(path, stored, statistics=None, number=0), profile, Analyser())
    return SegmentFile(path)


def held(file: SegmentFile, pair_terms: tuple[bytes, ...]) -> dict[str, object]:
    """Everything that can be asked of a segment, in terms and not in numbers."""
    numbers = KeyNumbers(file)
    everything: dict[str, object] = {
        "articles": [load_article(file.stored(doc)) for doc in range(file.doc_count)],
        "sections": [file.values("section").value(doc) for doc in range(file.doc_count)],
        "totals": file.totals,
    }
    for name in file.layout.texts:
        channel = file.channel(name)
        everything[name] = [
            sorted((numbers.keys[key], int(at)) for key, at in zip(*text, strict=True))
            for text in texts_of(file, name)
        ]
        everything[f"{name} lengths"] = channel.length.tolist()
        for fold, term in enumerate(file.terms.folds.terms()):
            postings = channel.postings(fold)
            everything[f"{name} {term!r}"] = [postings.docs.tolist(), postings.tf.tolist()]
        for key, term in enumerate(file.terms.keys.terms()):
            variant = file.terms.variant_of_key(key)
            postings = channel.variant_postings(variant)
            assert channel.variant_df(variant) == postings.df
            assert channel.variant_cf(variant) == postings.tf.sum()
            everything[f"{name} key {term!r}"] = [postings.docs.tolist(), postings.tf.tolist()]
    folds = {term: file.terms.folds.number(term) for term in pair_terms}
    for name, first in folds.items():
        for next_name, second in folds.items():
            if first is not None and second is not None:
                docs = file.channel("body").pair_docs(first, second)
                everything[f"pair {name!r} {next_name!r}"] = None if docs is None else docs.tolist()
    return everything


@pytest.mark.parametrize("chunk", [4_000_000, 50])
@pytest.mark.parametrize("deleted", [(), (0, 3, 11)])
def test_a_merge_is_the_segment_that_the_same_articles_would_make(
    tmp_path, monkeypatch, chunk, deleted
):
    monkeypatch.setattr(segments, "CHUNK", chunk)
    written = articles(24)
    sources = [
        Source(
            segment(tmp_path / f"part{at}", written[at : at + 8], PAIRED),
            np.array([doc - at for doc in deleted if at <= doc < at + 8], np.int64),
        )
        for at in (0, 8, 16)
    ]
    merge_segments(sources, tmp_path / "merged")
    kept = [article for number, article in enumerate(written) if number not in deleted]
    merged = SegmentFile(tmp_path / "merged")
    merged.verify()
    terms = PAIRED.pair_terms
    whole = held(segment(tmp_path / "whole", kept, PAIRED), terms)
    after_merge = held(merged, terms)
    # A merge keeps terms that only deleted articles had; no document has them.
    assert {name: value for name, value in after_merge.items() if value != [[], []]} == {
        name: value for name, value in whole.items() if value != [[], []]
    }


@pytest.mark.parametrize("other", [Profile(), Profile(pair_terms=(b"vang", b"nay", b"gia"))])
def test_only_neighbours_that_every_source_lists_are_listed_after_a_merge(tmp_path, other):
    written = articles(16)
    sources = [
        Source(segment(tmp_path / "one", written[:8], PAIRED), np.zeros(0, np.int64)),
        Source(segment(tmp_path / "two", written[8:], other), np.zeros(0, np.int64)),
    ]
    merge_segments(sources, tmp_path / "merged")
    merged = SegmentFile(tmp_path / "merged")
    common = set(PAIRED.pair_terms) & set(other.pair_terms)
    assert set(merged.channel("body").pair_terms) == common
    if common:
        profile = Profile(pair_terms=tuple(common))
        whole = segment(tmp_path / "whole", written, profile)
        assert held(merged, profile.pair_terms) == held(whole, profile.pair_terms)
