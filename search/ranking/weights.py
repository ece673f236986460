"""The weights of the ranking, each with its reason; docs/ranking.md has the evaluation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each ingredient of a score counts.

    A word's weight is its inverse document frequency, in ``accented``, ``folded``, ``pairs`` and
    ``passage`` times how telling it is; coverage, headline and phrase are fractions of the summed
    weight of the query's words, so that they count alike for long and short queries.

    Attributes:
        headline: of one occurrence there, against one in the body: an editor chose those words.
        summary: of one occurrence in the lead, which says what the article is about.
        body: of one occurrence in the body or a caption; the unit of the other two.
        headline_length: how far the length of a headline discounts its words (BM25's b). Little:
            headlines are all short.
        summary_length: the same for summaries.
        body_length: the same for bodies, whose length varies a hundredfold: in full, for long ones
            have more of whatever is frequent.
        saturation: BM25's k1: occurrences count less and less from about this many, of a body of
            mean length; one in a headline is more than that.
        folded: what the word without regard to accents counts beside the word with them. A floor
            that keeps other accents in the order of their own relevance.
        folded_presence: how far a word with other accents than typed counts as present.
        coverage: for having all words between headline and lead. The strongest ingredient: an
            article about the query says so there, one that mentions it does not.
        coverage_power: how much more all words count than most of them. So much that most of
            a question in a headline is worth little: it is answered in a body.
        scattered: what is left of it where these words stand far apart.
        headline_coverage: for having them in the headline alone. Twice what it was before there
            were passages: those draw towards bodies that speak of the words, this back to articles
            about them.
        nearness: for having neighbours of the query near each other, in the query's order.
        phrase: for having all of the query side by side in one text. Readers type what they have in
            mind as it is written, so an article that has it so is worth more than one that has its
            words here and there, even in headline and lead.
        short_phrase: the same for two words; for more it is divided among their pairs. A short
            query is one notion, a long one several that need not stand in one piece. So much that
            the seven articles with "lịch thi đấu" are the first seven for "lich thi dau".
        phrase_power: how much more the whole phrase counts than most of it.
        telling_floor: what is left of a word that is strewn evenly over the articles, as words
            that ask ("nào", "bao nhiêu") and function words are. Not nothing: a query may be of
            such words alone.
        telling_enough: the residual idf from which a word counts in full: 1, where its articles are
            fewer by the factor e than chance would make of its occurrences.
        pairs: for neighbours of the query side by side, as often as they stand so: in a question
            most of the meaning is in words of two syllables, and in the body.
        pair_slots: words of the query from which that counts in full, by the square of their number
            below. In a few keywords neighbours often stand together by chance, and a phrase has a
            part of its own; in a sentence they belong together.
        pair_saturation: the ``saturation`` of pairs, which are rarer than words.
        pair_folded: what pairs without regard to accents count, of the whole.
        passage: for the passage with the most of the words, each once: an answer stands in one
            place, while the words of a question are strewn over any long text.
        passage_words: how long a passage is, two sentences or so.
        recency: for being new, where a site asks for that: enough to order what is about equally
            relevant, too little to lift an article that merely mentions the query above one about
            it.
    """

    headline: float = 4.0
    summary: float = 2.5
    body: float = 1.0
    headline_length: float = 0.3
    summary_length: float = 0.3
    body_length: float = 1.0
    saturation: float = 2.4
    folded: float = 0.1
    folded_presence: float = 0.3
    coverage: float = 1.33
    coverage_power: float = 8.0
    scattered: float = 0.4
    headline_coverage: float = 0.2
    nearness: float = 0.6
    phrase: float = 0.4
    short_phrase: float = 1.5
    phrase_power: float = 4.0
    telling_floor: float = 0.2
    telling_enough: float = 1.0
    pairs: float = 1.3
    pair_slots: float = 12.0
    pair_saturation: float = 0.6
    pair_folded: float = 0.1
    passage: float = 1.2
    passage_words: int = 50
    recency: float = 0.3


WEIGHTS = Weights()
