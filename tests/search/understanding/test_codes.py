"""Words of letters and digits in one piece are one thing; capitals that articles have, no Telex."""

from __future__ import annotations

import pytest

from search import SearchEngine, SearchRequest, SuggestionReason


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("CO2", '="CO2"'), ("khí co2 tăng", 'khí ="co2" tăng'), ("có2", "có2"), ("CO 2", "CO 2")],
)
def test_a_code_that_articles_have_is_asked_for_as_one(
    sentences: SearchEngine, typed: str, understood: str
) -> None:
    page = sentences.search(SearchRequest(query=typed))
    assert page.query.understood == understood
    assert not page.query.respelled


def test_a_code_finds_no_words_of_its_letters_and_gets_no_accents(sentences: SearchEngine) -> None:
    page = sentences.search(SearchRequest(query="CO2", per_page=50))
    assert page.total == 12
    assert all("CO2" in hit.headline for hit in page.hits)
    assert page.suggestion is None


@pytest.mark.parametrize(
    ("typed", "headline"),
    [
        ("K'Ho", "Lễ hội của người K'Ho"),
        ("K’Ho", "Lễ hội của người K'Ho"),
        ('"K\'Ho"', "Lễ hội của người K'Ho"),
        ("người K'Ho", "Lễ hội của người K'Ho"),
        ("M'Nông", "Sử thi M'Nông được ghi danh"),
        ("sử thi m'nong", "Sử thi M'Nông được ghi danh"),
        ('"thi M\'Nông được"', "Sử thi M'Nông được ghi danh"),
    ],
)
def test_the_letter_before_an_apostrophe_counts(
    sentences: SearchEngine, typed: str, headline: str
) -> None:
    page = sentences.search(SearchRequest(query=typed))
    assert page.total == 3
    assert all(hit.headline.startswith(headline) and hit.headline_marks for hit in page.hits)


def test_a_name_that_articles_have_otherwise_is_found_by_its_part(sentences: SearchEngine) -> None:
    page = sentences.search(SearchRequest(query="O'Nông"))
    assert page.query.understood == "O'Nông"
    assert page.total > 0


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("TW", "TW"),
        ("ban chấp hành TW", "ban chấp hành TW"),
        ("=TW", "=TW"),
        ("VIEETJ NAM", "VIỆT NAM"),
        ("VIEETJ", "VIỆT"),
    ],
)
def test_capitals_that_articles_have_are_no_telex(
    sentences: SearchEngine, typed: str, understood: str
) -> None:
    assert sentences.search(SearchRequest(query=typed)).query.understood == understood


def test_the_telex_reading_of_lone_capitals_is_offered(sentences: SearchEngine) -> None:
    suggestion = sentences.search(SearchRequest(query="TW")).suggestion
    assert suggestion is not None
    assert (suggestion.text, suggestion.reason) == ("TƯ", SuggestionReason.TELEX)
