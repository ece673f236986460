"""Which blocks of a page are its article's text: what libraries say, and what a reader sees.

Each block has a few features; a logistic model weighs them. The weights are fitted by
`scripts/measure/bench/extraction.py --fit` over pages whose text is known, and by nothing else: no
newspaper is known here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from index.sources.html.blocks import Block
from index.sources.html.readings import Readings

_WORD = re.compile(r"\w+")
_SENTENCE_END = tuple(".!?…\"'”’»")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:relat(?:ed|e)|lien-?quan|cung-?(?:chuyen-?)?muc|doc-?(?:nhieu|them)|popular|"
    r"xem-?(?:nhieu|them)|most-?(?:read|viewed)|trending|recommend\w*|suggest\w*|side-?bar|"
    r"comments?|cmt|binh-?luan|shar(?:e|ing)|social|tags?|keywords?|bread-?crumbs?|ads?|"
    r"advert\w*|quang-?cao|banner|promo|sponsor\w*|newsletter|subscribe|copyright|menu|footer|"
    r"read-?more|more-?news|tin-?(?:khac|moi|nong|lien-?quan))(?:$|[\s_-])",
    re.IGNORECASE,
)
_LEVELS = 4
_HAS_IT = 0.7
_NEAR = 3

WEIGHTS: Mapping[str, float] = {
    "trafilatura": 3.0,
    "readability": 1.4,
    "resiliparse": 0.81,
    "block before": 0.53,
    "three before": -0.22,
    "three after": 1.54,
    "linked": -0.97,
    "log words": 0.41,
    "sentence end": 0.96,
    "heading": 1.43,
    "p": 1.15,
    "figure": -2.31,
    "list item": -1.1,
    "named around": -0.86,
    "below a linked headline": -1.83,
    "bias": -6.27,
}
"""Log-odds by feature; a block whose sum is positive is part of the text.

The features are the libraries that have the block; how many of them on average have those around
it; and what it shows by itself.
"""

FEATURES = tuple(WEIGHTS)


def is_text(blocks: Sequence[Block], readings: Readings) -> list[bool]:
    """Whether each block of a page is part of its article's text."""
    odds = features(blocks, readings) @ np.array(list(WEIGHTS.values()))
    return [value > 0 for value in odds.tolist()]


def features(blocks: Sequence[Block], readings: Readings) -> NDArray[np.float64]:
    """The features of each block, in the order of `FEATURES`; shape (blocks, features)."""
    votes = np.array([votes_for(reading, blocks) for reading in readings]).T.reshape(-1, 3)
    mean = votes.mean(axis=1)
    before, after = _means_around(mean)
    previous = np.concatenate(([0.0], mean[:-1])) if len(mean) else mean
    seen = [
        (
            block.linked,
            math.log1p(len(_WORD.findall(block.text))),
            block.text.endswith(_SENTENCE_END),
            block.element.tag in _HEADINGS,
            block.element.tag == "p",
            _is_inside(block, ("figure", "figcaption")),
            _is_inside(block, ("li",)),
            holder_around(block) is not None,
            place > 0 and blocks[place - 1].leads_away,
            1.0,
        )
        for place, block in enumerate(blocks)
    ]
    return np.column_stack((votes, previous, before, after, np.array(seen, float).reshape(-1, 10)))


def votes_for(reading: str, blocks: Sequence[Block]) -> list[float]:
    """1 for each block that a reading has, else 0.

    It has one if it has most of its runs of three words, line ends among them: linear in the size
    of the page, and blind to how a library joins pieces of a line.
    """
    runs = {run for line in reading.split("\n") for run in _runs(line)}
    return [
        float(sum(run in runs for run in own) >= _HAS_IT * len(own)) if own else 0.0
        for own in ([*_runs(block.text)] for block in blocks)
    ]


def _runs(line: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(line.lower())
    if words:
        padded = ["", *words, ""]
        yield from zip(padded, padded[1:], padded[2:], strict=False)


def _means_around(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each value the means of the (at most) three before and after it."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    place = np.arange(len(values))
    first, last = np.maximum(place - _NEAR, 0), np.minimum(place + 1 + _NEAR, len(values))
    before = (sums[place] - sums[first]) / np.maximum(place - first, 1)
    after = (sums[last] - sums[place + 1]) / np.maximum(last - place - 1, 1)
    return before, after


def _is_inside(block: Block, tags: tuple[str, ...]) -> bool:
    return block.element.tag in tags or next(block.element.iterancestors(*tags), None) is not None


def holder_around(block: Block) -> HtmlElement | None:
    """The part that holds a block and says by its class or id that it is around an article."""
    holders = (block.element, *block.element.iterancestors())[:_LEVELS]
    return next((holder for holder in holders if _AROUND.search(_named(holder))), None)


def _named(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
