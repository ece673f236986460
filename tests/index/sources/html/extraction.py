"""How well articles come out of laid-out pages: what is right, and the F1 of their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.sources import Found
from index.sources.files.stream import Stream
from index.sources.html.page import KIND
from tests.index.sources.html.layouts import Story, Teaser


@dataclass
class Score:
    """Of one layout: pages, how many were right in each respect, and the F1 of each body."""

    pages: int = 0
    headlines: int = 0
    authors: int = 0
    dates: int = 0
    f1: list[float] = field(default_factory=list)
    intruders: list[str] = field(default_factory=list)


def score_layout(
    layout: Callable[[Story, Sequence[Teaser]], str],
    stories: Sequence[tuple[Story, Sequence[Teaser]]],
) -> Score:
    """Lay out stories, read the pages, and compare."""
    score = Score()
    for story, others in stories:
        score.pages += 1
        (outcome,) = KIND.read(Stream("bai.html", iter([layout(story, others).encode()])))
        if not isinstance(outcome, Found):
            score.f1.append(0.0)
            continue
        article = outcome.article
        score.headlines += article.headline == " ".join(story.headline.split())
        score.authors += article.author == story.author
        score.dates += (
            article.published is not None and article.published.date() == story.published.date()
        )
        # Lead and text: some newspapers have the lead in the text.
        read = f"{article.summary}\n{article.body}"
        score.f1.append(f1(read, "\n".join([story.lead, *story.paragraphs])))
        score.intruders += [
            other.headline
            for other in others
            if other.headline in article.body or (other.lead and other.lead in article.body)
        ]
    return score


def f1(read: str, wanted: str) -> float:
    """The harmonic mean of precision and recall over words."""
    taken, right = Counter(read.split()), Counter(wanted.split())
    common = sum((taken & right).values())
    return 2 * common / (taken.total() + right.total()) if common else 0.0
