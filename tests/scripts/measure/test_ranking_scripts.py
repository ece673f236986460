"""Evaluating and tuning the ranking, on the headlines of the sample newsroom."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from index.analysis import fold
from index.snapshot import Snapshot
from index.storage.builds import current_build
from index.stored import load_article
from scripts import evaluate
from scripts.measure import ablate_ranking, tune_ranking
from scripts.measure.judgements import RankedSet, read_ranked_set
from search import Matching, SearchEngine, SearchRequest


@pytest.fixture(scope="module")
def judged(newsroom_index: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that name the index, queries made of headlines, and their judgements."""
    directory = tmp_path_factory.mktemp("judged")
    snapshot = Snapshot.open(current_build(newsroom_index).path)
    lines, judgements = ["qid\tkind\taccented\tbare"], []
    for number in range(0, snapshot.doc_count, 3):
        article = load_article(snapshot.stored(number))
        words = re.findall(r"\w+", article.headline)[:6]
        query = " ".join(words[::2] if number % 2 else words)
        bare = " ".join(fold(word) for word in query.split())
        lines.append(f"q{number}\theadline\t{query}\t{bare}")
        judgements.append(f"q{number} 0 {article.id} 1")
    queries, qrels = directory / "queries.tsv", directory / "qrels.tsv"
    queries.write_text("\n".join(lines) + "\n", "utf-8")
    qrels.write_text("\n".join(judgements) + "\n", "utf-8")
    return ["--index", str(newsroom_index), "--queries", str(queries), "--qrels", str(qrels)]


def read_set(judged: list[str]) -> RankedSet:
    return read_ranked_set(Path(judged[3]), Path(judged[5]), ())


def test_headlines_find_their_articles_however_they_are_typed(judged: list[str]) -> None:
    answer = CliRunner().invoke(evaluate.main, [*judged, "--json"], catch_exceptions=False)
    means = json.loads(answer.output)
    assert means["accented"]["success"] > 0.95
    assert means["bare"]["success"] > 0.9
    assert means["bare"]["empty"] == 0


def test_a_run_compared_with_itself_has_not_changed(judged: list[str], tmp_path: Path) -> None:
    saved = str(tmp_path / "run.json")
    CliRunner().invoke(evaluate.main, [*judged, "--save", saved], catch_exceptions=False)
    answer = CliRunner().invoke(
        evaluate.main, [*judged, "--column", "bare", "--against", saved], catch_exceptions=False
    )
    assert re.search(r"bare: MRR \+0\.0000 on \d+ queries, p = 1\.0000", answer.output)


def test_tuning_reports_both_halves_and_never_loses_on_the_tuned_one(judged: list[str]) -> None:
    answer = CliRunner().invoke(
        tune_ranking.main, [*judged, "--sweeps", "1", "--seed", "3"], catch_exceptions=False
    )
    rows = re.findall(
        r"(tuned on|held back)\W+(?:queries\W+|(?=all))(\w+)\W+\d+\W+([\d.]+)\W+([\d.]+)",
        answer.output,
    )
    assert {(half, column) for half, column, _, _ in rows} == {
        (half, column)
        for half in ("tuned on", "held back")
        for column in ("all", "accented", "bare")
    }
    assert all(
        float(tuned) >= float(now)
        for half, column, now, tuned in rows
        if (half, column) == ("tuned on", "all")
    )


def test_no_query_is_in_both_halves(judged: list[str]) -> None:
    observed = tune_ranking.observe(Path(judged[1]), read_set(judged))
    one, other = tune_ranking.halves(observed, seed=1)
    assert not {found.qid for found in one} & {found.qid for found in other}
    assert len(one) + len(other) == len(observed) > 0


def test_what_is_kept_of_a_query_ranks_as_the_engine_does(judged: list[str]) -> None:
    judged_set = read_set(judged)
    queries, qrels = judged_set.queries, judged_set.qrels
    observed = tune_ranking.observe(Path(judged[1]), judged_set)
    kept = tune_ranking.figures(observed, tune_ranking.WEIGHTS)
    ranks = {(one.qid, one.column): rank for one, rank in zip(observed, kept, strict=True)}
    with SearchEngine.open(judged[1]) as engine:
        for query in queries:
            # Weights are tuned on what was typed, and on one order of all that has the words.
            page = engine.search(SearchRequest(query=query.text, match=Matching.ALL))
            if not page.query.also:
                relevant = [qrels[query.qid].get(hit.id, 0) > 0 for hit in page.hits]
                first = relevant.index(True) + 1 if any(relevant) else 0
                assert ranks[query.qid, query.column] == (1 / first if first else 0)


def test_sets_count_alike_however_many_queries_they_have() -> None:
    def seen(name: str) -> tune_ranking.Observed:
        nothing: Any = None
        return tune_ranking.Observed(name, "q", "accented", nothing, nothing, nothing, 0.0)

    observed = [seen("many"), seen("many"), seen("many"), seen("few")]
    assert tune_ranking.mean_of_sets(observed, np.array([0.0, 0.0, 0.0, 1.0])) == 0.5


@pytest.mark.parametrize(
    ("relevance", "grades", "expected"),
    [
        ([0, 1, 0], [1], 1 / 2),
        ([0, 0], [1, 0], 0),
        ([], [1], 0),
        ([1, 0, 1], [1, 1], (1 + 1 / 2) / (1 + 1 / np.log2(3))),
        ([1, 2], [2, 1], (1 + 2 / np.log2(3)) / (2 + 1 / np.log2(3))),
    ],
)
def test_one_wanted_article_is_measured_by_its_rank_and_several_by_their_gain(
    relevance: list[int], grades: list[int], expected: float
) -> None:
    ideal = tune_ranking.ideal_gain(grades)
    assert tune_ranking.figure(np.array(relevance, np.int64), ideal) == pytest.approx(expected)


def test_every_ingredient_is_left_out_for_each_set_and_column(judged: list[str]) -> None:
    answer = CliRunner().invoke(ablate_ranking.main, judged, catch_exceptions=False)
    rows = {
        line.split("│")[1].strip(): [float(cell) for cell in line.split("│")[2:4]]
        for line in answer.output.splitlines()
        if re.search(r"│ +[01]\.\d{3} +│", line)
    }
    assert rows["this ranking"][0] > 0.9
    assert rows["BM25, all words, folded"][1] > 0.5
    assert rows["BM25, all words, accents"][1] < rows["BM25, all words, folded"][1]
    assert len(rows) == len(ablate_ranking.WITHOUT) + 6


def test_there_is_one_index_for_all_sets_or_one_for_each(judged: list[str]) -> None:
    answer = CliRunner().invoke(
        tune_ranking.main, [*judged, *judged, "--index", "third"], catch_exceptions=False
    )
    assert answer.exit_code == 2
    assert "there are 3 --index and 2 --queries" in answer.output
