"""Articles come whole out of ten layouts of newspapers, and nothing else comes with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import mean

import pytest

from tests.index.sources.html.extraction import score_layout
from tests.index.sources.html.layouts import LAYOUTS, Story, Teaser
from tests.index.sources.reading import articles

NEWSROOM = Path(__file__).parents[4] / "examples" / "newsroom" / "jsonl"
LEAST_F1 = 0.97


@pytest.fixture(scope="module")
def stories() -> list[tuple[Story, list[Teaser]]]:
    """The sample newsroom's articles, each with three others."""
    suitable = [a for a in articles(NEWSROOM) if a.summary and a.author and a.body.count("\n") > 1]
    start = datetime(2023, 3, 5, 8, 15, tzinfo=timezone(timedelta(hours=7)))
    laid_out = []
    for number, article in enumerate(suitable):
        others = [suitable[(number + step) % len(suitable)] for step in (1, 2, 3)]
        story = Story(
            headline=article.headline,
            lead=article.summary,
            paragraphs=article.body.split("\n"),
            captions=article.captions or ("Một góc nơi sự việc diễn ra. Ảnh: Tư liệu",),
            author=article.author,
            published=article.published or start + timedelta(days=number),
            section=article.section,
        )
        laid_out.append((story, [Teaser(o.headline, o.summary) for o in others]))
    assert len(laid_out) > 15
    return laid_out


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_an_article_comes_whole_out_of_its_page(
    layout: Callable[[Story, Sequence[Teaser]], str], stories: list[tuple[Story, list[Teaser]]]
) -> None:
    score = score_layout(layout, stories)
    assert score.intruders == []
    assert mean(score.f1) >= LEAST_F1
    assert (score.headlines, score.authors, score.dates) == (score.pages,) * 3
