"""The numbers that a merge gives: documents that stay one after the other, terms in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.codec.merge.numbering import Source, number_sources
from index.codec.segment.profile import Profile
from tests.index.codec.merge.test_segments import articles, segment


def sources(folder: Path, *deleted: list[int]) -> list[Source]:
    return [
        Source(
            segment(folder / f"part{number}", articles(4, first=4 * number), Profile()),
            np.array(documents, np.int64),
        )
        for number, documents in enumerate(deleted)
    ]


def test_deleted_documents_get_no_number_and_the_others_are_numbered_through(tmp_path: Path):
    _, (one, two, three) = number_sources(sources(tmp_path, [1], [0, 1, 2, 3], [3]))
    assert one.kept.tolist() == [True, False, True, True]
    assert one.new_doc[one.kept].tolist() == [0, 1, 2]
    assert not two.kept.any()
    assert three.new_doc[three.kept].tolist() == [3, 4, 5]


def test_terms_of_deleted_documents_alone_keep_a_number(tmp_path: Path):
    parts = sources(tmp_path, [], [0, 1, 2, 3])
    table, (one, two) = number_sources(parts)
    assert table.folds == sorted(table.folds)
    for source, mapped in zip(parts, (one, two), strict=True):
        folds = source.segment.terms.folds.terms()
        assert [table.folds[number] for number in mapped.fold.tolist()] == list(folds)
