"""Lists of documents, occurrences and dictionaries come back as they were written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.channel.occurrences import pack
from index.codec.channel.pairs import MOST_TERMS, NOT_PAIRED, find_pairs
from index.codec.container import Container, ContainerWriter
from index.codec.dictionary import Dictionary, write_dictionary
from index.codec.lists.doclists import DocLists, DocListsWriter, bits_of, docs_of, ranks_in
from index.codec.lists.gaps import decode_gap_lists, decode_gaps, encode_gaps

near = st.sets(st.integers(0, 600), max_size=30)
far = st.sets(st.integers(0, 400_000), max_size=20)
doc_lists = st.lists((near | far).map(sorted), max_size=8)


def _flat(lists):
    docs = np.array([doc for members in lists for doc in members], np.uint32)
    return docs, np.array([len(members) for members in lists], np.int64)


def _decoded_one_by_one(lists):
    ends = np.cumsum(lists.counts)
    for count, end, in_bytes in zip(lists.counts, ends, lists.in_bytes, strict=True):
        units = lists.units[end - count : end]
        yield decode_gaps(units.view(np.uint8) if in_bytes else units).tolist()


@given(doc_lists)
def test_gaps_decode_to_the_documents_encoded(lists):
    docs, frequencies = _flat(lists)
    gaps = encode_gaps(docs, frequencies)
    decoded, counted = decode_gap_lists(gaps)
    assert decoded.tolist() == docs.tolist()
    assert counted.tolist() == frequencies.tolist()
    assert list(_decoded_one_by_one(gaps)) == lists


@pytest.mark.parametrize("doc", [0, 65_533, 65_534, 65_535, 131_069, 131_070, 400_000])
def test_wide_gaps_around_the_escape_are_exact(doc):
    lists = [[doc, doc + 70_000]]
    gaps = encode_gaps(*_flat(lists))
    assert not gaps.in_bytes.any()
    assert list(_decoded_one_by_one(gaps)) == lists


@pytest.mark.parametrize("gap", [1, 2, 253, 254, 255, 256, 509, 510, 511])
@pytest.mark.parametrize("length", [8, 9])
def test_gaps_in_bytes_around_the_escape_are_exact(gap, length):
    lists = [[0, gap, *range(gap + 1, gap + length)], [5], list(range(length))]
    gaps = encode_gaps(*_flat(lists))
    assert gaps.in_bytes.tolist() == [True, False, True]
    assert list(_decoded_one_by_one(gaps)) == lists
    assert decode_gap_lists(gaps)[0].tolist() == [doc for members in lists for doc in members]


def test_a_list_takes_the_shorter_of_two_widths():
    near, far = list(range(0, 30_000, 100)), list(range(0, 300_000, 1_000))
    gaps = encode_gaps(*_flat([near, far]))
    assert gaps.in_bytes.tolist() == [True, False]
    assert gaps.counts.tolist() == [150, 300]


@given(st.sets(st.integers(0, 299)).map(sorted))
def test_bitsets_give_back_documents_and_ranks(docs):
    words = bits_of(np.array(docs, np.uint32), 300)
    assert docs_of(words).tolist() == docs
    assert ranks_in(words, np.array(docs, np.int64)).tolist() == list(range(len(docs)))


@given(
    st.lists(st.sets(st.integers(0, 199)).map(sorted), min_size=1, max_size=9), st.integers(1, 4)
)
@settings(max_examples=60)
def test_sparse_and_dense_lists_are_read_one_by_one_and_in_ranges(tmp_path_factory, lists, step):
    path = tmp_path_factory.mktemp("lists") / "a"
    with ContainerWriter(path) as writer:
        doc_lists = DocListsWriter(writer, 200)
        for start in range(0, len(lists), step):
            doc_lists.add(*_flat(lists[start : start + step]))
        doc_lists.write("lists")
        writer.finish({})
    read = DocLists(Container(path), "lists", 200)
    assert [read.docs(number).tolist() for number in range(len(read))] == lists
    for first in range(len(lists)):
        docs, frequencies = read.decode(first, len(lists))
        assert docs.tolist() == [doc for own_docs in lists[first:] for doc in own_docs]
        assert frequencies.tolist() == [len(own_docs) for own_docs in lists[first:]]
        together = sorted({doc for own_docs in lists[first:] for doc in own_docs})
        assert docs_of(read.union(first, len(lists))).tolist() == together
    assert not read.union(0, 0).any()


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 40)), max_size=50))
def test_occurrences_unpack_exactly_however_late_or_rare(places):
    positions = np.array([position for position, _ in places], np.uint32)
    ranks = np.array([rank for _, rank in places], np.uint32)
    unpacked = pack(positions, ranks).unpacked()
    assert [array.tolist() for array in unpacked] == [positions.tolist(), ranks.tolist()]


@given(st.sets(st.text(max_size=6)), st.text(max_size=6))
@settings(max_examples=60)
def test_a_dictionary_finds_its_terms_and_no_others(tmp_path_factory, words, prefix):
    terms = sorted(word.encode("utf-8", "surrogatepass") for word in words)
    wanted = prefix.encode("utf-8", "surrogatepass")
    path = tmp_path_factory.mktemp("dictionary") / "a"
    with ContainerWriter(path) as writer:
        write_dictionary(writer, "terms", terms)
        writer.finish({})
    dictionary = Dictionary(Container(path), "terms")
    assert list(dictionary.terms()) == terms
    assert [dictionary.number(term) for term in terms] == list(range(len(terms)))
    assert dictionary.number(wanted) == (terms.index(wanted) if wanted in terms else None)
    assert list(dictionary.terms(*dictionary.prefix_range(wanted))) == [
        term for term in terms if term.startswith(wanted)
    ]


tokens = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 6), st.sampled_from([NOT_PAIRED, 0, 1, 255])),
    max_size=25,
)


@given(tokens)
def test_neighbours_are_all_pairs_one_position_apart_stacked_ones_too(placed):
    placed = sorted(placed, key=lambda token: token[:2])
    columns = list(zip(*placed, strict=True)) or [(), (), ()]
    docs, positions, numbers = (np.array(column, np.int64) for column in columns)
    pairs = find_pairs(
        numbers.astype(np.int16), docs.astype(np.uint32), positions.astype(np.uint32)
    )
    listed = np.repeat(np.arange(len(pairs.frequencies)), pairs.frequencies)
    expected = {
        (number * MOST_TERMS + next_number, doc)
        for doc, place, number in placed
        for other, next_place, next_number in placed
        if doc == other and next_place == place + 1 and NOT_PAIRED not in (number, next_number)
    }
    assert list(zip(listed.tolist(), pairs.docs.tolist(), strict=True)) == sorted(expected)
