"""Evaluating and tuning the ranking, on the headlines of the sample newsroom."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.analysis import fold
from index.snapshot import Snapshot
from index.storage.builds import current_build
from index.stored import load_article
from scripts import evaluate
from scripts.measure import tune_ranking
from scripts.measure.judgements import read_qrels, read_queries
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
    rows = re.findall(r"(tuned on|held back)\W+(\w+)\W+\d+\W+([\d.]+)\W+([\d.]+)", answer.output)
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
    queries = read_queries(Path(judged[3]), ())
    observed = tune_ranking.observe(Path(judged[1]), queries, read_qrels(Path(judged[5])))
    one, other = tune_ranking.halves(observed, seed=1)
    assert not {found.qid for found in one} & {found.qid for found in other}
    assert len(one) + len(other) == len(observed) > 0


def test_what_is_kept_of_a_query_ranks_as_the_engine_does(judged: list[str]) -> None:
    queries = read_queries(Path(judged[3]), ())
    qrels = read_qrels(Path(judged[5]))
    observed = tune_ranking.observe(Path(judged[1]), queries, qrels)
    kept = tune_ranking.reciprocal_ranks(observed, tune_ranking.WEIGHTS)
    ranks = {(one.qid, one.column): rank for one, rank in zip(observed, kept, strict=True)}
    with SearchEngine.open(judged[1]) as engine:
        for query in queries:
            # Weights are tuned on what was typed, and on one order of all that has the words.
            page = engine.search(SearchRequest(query=query.text, match=Matching.ALL))
            if not page.query.also:
                relevant = [qrels[query.qid].get(hit.id, 0) > 0 for hit in page.hits]
                first = relevant.index(True) + 1 if any(relevant) else 0
                assert ranks[query.qid, query.column] == (1 / first if first else 0)
