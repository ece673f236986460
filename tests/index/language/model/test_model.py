"""The language model as a lexicon and as counts of runs, against plain counts of a small corpus."""

from __future__ import annotations

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.analysis import Analyser, Lexicon
from index.analysis.keystrokes.decoding import decode_typing
from index.language.model.builder import LanguageModelBuilder
from index.language.model.codes import PAIR_COUNTS, discounted, estimate_discounts
from index.language.model.model import LanguageModel
from index.storage.array_file import ModelFileError
from tests.index.language.model.samples import SENTENCES, build_model


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> LanguageModel:
    return build_model(tmp_path_factory.mktemp("model") / "m")


def terms(text):
    return [token.key for token in Analyser().tokens(text)]


def test_counts_are_those_of_the_texts(model):
    counts = Counter(key for sentence in SENTENCES * 3 for key in terms(sentence))
    words = {key: count for key, count in counts.items() if not key.isdigit()}
    for key, count in words.items():
        assert model.key_count(key) == count
    assert len(model) == len(words)


def test_it_is_the_lexicon_that_telex_detection_asks(model):
    lexicon: Lexicon = model
    words = [term for sentence in SENTENCES * 3 for term in terms(sentence) if not term.isdigit()]
    assert lexicon.total == len(words)
    assert decode_typing("thoong tin ddoois ngoaij", lexicon).text == "thông tin đối ngoại"


def test_a_folded_form_counts_all_its_keys(model):
    assert model.keys_of("doi") == (("đội", 9), ("đối", 6), ("đổi", 6), ("đợi", 3))
    assert model.folded_count("doi") == 24


@pytest.mark.parametrize("unknown", ["", "xyz", "đường xa", "duong", "\udc80", "đ\0"])
def test_what_the_articles_lack_counts_nothing(model, unknown):
    assert model.key_count(unknown) == 0
    assert model.folded_count("zzz" + unknown) == 0
    assert model.keys_of("zzz" + unknown) == ()


def test_forms_fall_in_frequency_and_frequent_numbers_come_last(tmp_path):
    model = build_model(tmp_path / "m", (*SENTENCES * 15, "ngày 12 tháng 3"))
    forms = list(model.forms())
    letters = [count for form, count in forms if not form.isdigit()]
    assert letters == sorted(letters, reverse=True)
    assert forms[len(letters) :] == [("12", 16), ("3", 16)]
    assert model.key_count("4") == 0


def test_a_form_with_hundreds_of_keys_keeps_the_frequent_ones(tmp_path):
    class Many:
        keys = tuple(f"a{number:03}b" for number in range(300))
        folded = ("ab",)
        fold_of = np.zeros(300, np.uint32)

    with LanguageModelBuilder(Many(), tmp_path) as builder:
        for number in range(300):
            keys = np.full(2 + number % 7, number, np.uint32)
            builder.add(keys, np.arange(len(keys), dtype=np.uint32))
        builder.write(tmp_path / "m")
    model = LanguageModel.open(tmp_path / "m")
    assert len(model) == 191
    assert [count for _, count in model.keys_of("ab")] == sorted(
        (2 + number % 7 for number in range(300)), reverse=True
    )[:191]
    assert model.word("a006b") == (1, 0)


def test_texts_too_long_to_be_written_are_left_out(tmp_path):
    model = build_model(tmp_path / "m", ("𝟘𐐀" + "𐐀" * 62 + " đường",) * 3)
    assert model.key_count("đường") == 3
    assert len(model) == 1


def test_followers_are_the_words_that_stand_behind(model):
    assert model.followers("đội") == (("bóng", 9),)
    assert dict(model.followers("con")) == {"đường": 9, "nhà": 3, "đổi": 3}
    assert model.followers("con", most=1) == (("đường", 9),)
    assert model.followers("không-có") == ()


def test_pairs_and_triples_are_those_of_the_texts(model):
    pairs = Counter()
    triples = Counter()
    discounts = estimate_discounts(np.zeros(5, np.int64))
    for sentence in SENTENCES * 3:
        words = ["#" if word.isdigit() else word for word in terms(sentence)]
        pairs.update(itertools.pairwise(words))
        triples.update(zip(words, words[1:], words[2:], strict=False))
    for (first, second, third), count in triples.items():
        forms = [(0, 0) if word == "#" else model.word(word) for word in (first, second, third)]
        kept = model.pairs(forms[0][0], forms[1][0])
        assert kept is not None
        here = (kept.first == forms[0][1]) & (kept.second == forms[1][1])
        assert PAIR_COUNTS[kept.counts[here]].tolist() == [pairs[first, second]]
        behind = model.triples(kept.block, forms[2][0])
        assert behind is not None
        here = here[behind.place] & (behind.third == forms[2][1])
        expected = discounted(np.array([float(count)]), discounts) / pairs[first, second]
        assert behind.chances[here] == pytest.approx(expected, rel=0.34)


def test_the_runs_of_a_text_count_as_often_as_it_weighs_and_its_keys_once(tmp_path):
    analyser = Analyser()
    with LanguageModelBuilder(analyser.vocabulary, tmp_path) as builder:
        for weight in (3, 1, 1):
            builder.add(*analyser.encode("con đường mới"), weight)
        builder.add(*analyser.encode("con đường cũ"))
        builder.write(tmp_path / "m")
    weighed = LanguageModel.open(tmp_path / "m")
    assert dict(weighed.keys_of("duong")) == {"đường": 4}
    assert weighed.total == 11  # "cũ" was seen once
    assert weighed.followers("con") == (("đường", 6),)
    assert dict(weighed.followers("đường")) == {"mới": 6}  # 5, within a third


def test_words_that_never_met_have_no_pair(model):
    assert model.pairs(model.form("bong"), model.form("con")) is None
    assert model.pairs(model.form("giong"), model.form("xe")) is None


def test_texts_do_not_run_into_each_other(model):
    assert "con" not in dict(model.followers("làng"))


def test_the_same_texts_give_the_same_bytes(tmp_path):
    build_model(tmp_path / "a")
    build_model(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_of_stacked_forms_the_last_ones_make_runs_and_all_are_counted(tmp_path):
    model = build_model(tmp_path / "m", ("dịch covid19 lan rộng",) * 3)
    assert model.key_count("covid19") == 3
    assert model.key_count("covid") == 3
    assert dict(model.followers("dịch")) == {"covid": 3}


def test_keys_seen_once_are_left_out(tmp_path):
    model = build_model(tmp_path / "m", ("một hai ba bốn", "một hai ba"))
    assert model.key_count("ba") == 2
    assert model.key_count("bốn") == 0


@pytest.mark.parametrize("texts", [(), ("",), ("một",), ("một", "hai"), ("12 3",) * 2])
def test_next_to_nothing_makes_a_model_too(tmp_path, texts):
    model = build_model(tmp_path / "m", texts)
    model.verify()
    assert model.followers("một") == ()


def test_too_many_runs_drop_the_rarest_first(tmp_path):
    analyser = Analyser()
    with LanguageModelBuilder(analyser.vocabulary, tmp_path, most_entries=20) as builder:
        for sentence in (*SENTENCES, *(SENTENCES[5],) * 5):
            builder.add(*analyser.encode(sentence + " " + sentence))
        size = builder.write(tmp_path / "m")
    assert size.pairs <= 20
    assert size.triples <= 20
    assert dict(LanguageModel.open(tmp_path / "m").followers("đối")) == {"ngoại": 14}


def test_keys_beyond_the_range_of_numbers_take_no_part_in_runs(tmp_path):
    class Huge:
        keys = tuple(f"k{number}" for number in range(4))
        folded = keys
        fold_of = np.arange(4, dtype=np.uint32)

    with LanguageModelBuilder(Huge(), tmp_path) as builder:
        builder.add(np.array([0, 1, 0, 1], np.uint32), np.arange(4, dtype=np.uint32))
        size = builder.write(tmp_path / "m")
    assert (size.tokens, size.keys, size.pairs, size.triples) == (4, 2, 2, 2)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path):
    (tmp_path / "m").write_bytes(b"not a model")
    with pytest.raises(ModelFileError, match="no model file"):
        LanguageModel.open(tmp_path / "m")


def test_threads_share_a_model(model):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: model.keys_of("doi"), range(200)))
    assert set(answers) == {model.keys_of("doi")}
