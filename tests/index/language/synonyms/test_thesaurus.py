"""Other names for parts of a query."""

from __future__ import annotations

import pytest

from index.analysis import Analyser
from index.analysis.phrases import phrase_of, phrase_reader
from index.language.synonyms.acronyms import Acronym, Origin
from index.language.synonyms.aliases import parse_aliases, shipped_aliases
from index.language.synonyms.thesaurus import Thesaurus

READ = phrase_reader(Analyser())
ALIASES = """
UBND = ủy ban nhân dân
Bắc Kinh = Beijing
Úc = Australia
Bộ Mới => Bộ Cũ
"""


def acronym(short, long, share=1.0, long_share=1.0):
    return Acronym(short, long, Origin.DEFINED, 3, share, long_share, "")


ACRONYMS = (
    acronym("TTĐN", "thông tin đối ngoại"),
    acronym("BQL", "ban quản lý", 0.5),
    acronym("BQL", "bên quanh làng", 0.3, 0.5),
    acronym("BQL", "bờ quen lạ", 0.2),
    acronym("NQĐ", "nghị quyết", 1.0),
    acronym("THA", "thi hành án"),
    acronym("UBND", "uống bia nhiều dần"),
    acronym("XYZ", "xa yêu zì", 0.1),
)


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    return Thesaurus(parse_aliases(ALIASES, "test"), ACRONYMS, READ)


def ask(thesaurus, query):
    phrase = READ(query)
    return [
        (each.start, each.stop, each.text)
        for each in thesaurus.alternatives(phrase.keys, phrase.folded)
    ]


@pytest.mark.parametrize(
    ("query", "alternatives"),
    [
        ("họp UBND tỉnh", [(1, 2, "ủy ban nhân dân")]),
        ("chu tich uy ban nhan dan xa", [(2, 6, "UBND")]),
        ("uỷ ban nhân dân", [(0, 4, "UBND")]),
        ("bac kinh", [(0, 2, "Beijing")]),
        ("bạc kinh", []),
        ("beijing và bắc kinh", [(0, 1, "Bắc Kinh"), (2, 4, "Beijing")]),
        ("úc", [(0, 1, "Australia")]),
        ("uc", []),
        ("bộ mới", [(0, 2, "Bộ Cũ")]),
        ("bộ cũ", []),
        ("công tác TTĐN", [(2, 3, "thông tin đối ngoại")]),
        ("thong tin doi ngoai", [(0, 4, "TTĐN")]),
        ("thông tin đội ngoại", []),
        ("bql", [(0, 1, "ban quản lý"), (0, 1, "bên quanh làng")]),
        ("bên quanh làng", []),
        ("nghị quyết", []),
        ("tha", []),
        ("thi hành án", [(0, 3, "THA")]),
        ("xyz", []),
        ("", []),
    ],
)
def test_a_query_gets_the_other_names_of_its_parts(thesaurus, query, alternatives):
    assert ask(thesaurus, query) == alternatives


def test_weights_fall_with_the_share(thesaurus):
    phrase = READ("bql")
    weights = [each.weight for each in thesaurus.alternatives(phrase.keys, phrase.folded)]
    assert weights == pytest.approx([0.3, 0.18])


def test_the_longest_name_wins():
    thesaurus = Thesaurus(parse_aliases("sao = x1\nsao vàng = y1", "test"), (), READ)
    assert ask(thesaurus, "sao vàng sao") == [(0, 2, "y1"), (2, 3, "x1")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("TP.HCM", "Sài Gòn"),
        ("tphcm", "Sài Gòn"),
        ("sai gon", "Thành phố Hồ Chí Minh"),
        ("Beijing", "Bắc Kinh"),
        ("Sở GD-ĐT", "giáo dục và đào tạo"),
        ("Bộ Nông nghiệp và Môi trường", "Bộ Tài nguyên và Môi trường"),
    ],
)
def test_shipped_aliases_know_the_names_of_the_news(query, name):
    thesaurus = Thesaurus(shipped_aliases(), (), READ)
    assert name in [text for _, _, text in ask(thesaurus, query)]


def test_nothing_known_gives_nothing():
    assert ask(Thesaurus((), (), READ), "bắc kinh") == []


@pytest.mark.parametrize("query", ["x sao", "sao", "trăng", "ttđn", "thông tin đối ngoại"])
def test_a_name_taken_back_has_no_other_names_and_is_none(query):
    lines = "x sao = trăng = y1\n- X Sao\n- trăng\n- TTĐN"
    assert ask(Thesaurus(parse_aliases(lines, "test"), ACRONYMS, READ), query) == []


def test_a_name_taken_back_may_be_told_anew():
    thesaurus = Thesaurus(parse_aliases("trăng = y1\n- trăng\ntrăng = y2", "test"), (), READ)
    assert ask(thesaurus, "trăng") == [(0, 1, "y2")]
    assert ask(thesaurus, "y1") == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Covid-19 ở TP.HCM", ("covid", "19", "ở", "tp", "hcm")),
        ("ủy ban", ("uỷ", "ban")),
        ("", ()),
    ],
)
def test_a_phrase_has_one_word_at_each_position(text, keys):
    assert phrase_of(Analyser().tokens(text)).keys == keys
