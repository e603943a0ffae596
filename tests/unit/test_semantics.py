"""What metrics say of a handful of rows, and which questions are refused."""

import socket
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt_runner import DbtProject
from orchestration.errors import PipelineError
from orchestration.resources import Settings
from orchestration.semantics import Question, SemanticLayer
from tests.support.commands import scalehouse

LINEAR = "{{ Dimension('credit__attribution_model') }} = 'linear'"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("semantics")
    return DbtProject.of(Settings(home=folder, landing=folder)).semantic_manifest()


@pytest.fixture(scope="session")
def layer(manifest: dict) -> SemanticLayer:
    return SemanticLayer(manifest)


@pytest.fixture
def snapshot() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table opportunities as from (values
                ('o1', 'a1', true, true, 100.00, date '2026-01-10', date '2025-12-01'),
                ('o2', 'a1', true, false, null, date '2026-01-20', date '2025-12-02'),
                ('o3', 'a2', true, false, null, date '2026-02-10', date '2025-12-03'),
                ('o4', 'a2', false, false, null, date '2026-03-10', date '2026-01-04')
            ) as opportunities(
                opportunity_id, account_id, is_closed, is_won, net_amount_reporting,
                close_date, created_date
            );
            create table attribution_by_campaign as from (values
                (date '2026-01-01', 'linear', 'closed_won', 'email', 60.00),
                (date '2026-01-01', 'linear', 'closed_won', 'unattributed', 40.00),
                (date '2026-02-01', 'linear', 'closed_won', 'unattributed', 50.00),
                (date '2026-01-01', 'linear', 'lead_created', 'email', 1.00),
                (date '2026-01-01', 'last_touch', 'closed_won', 'email', 100.00)
            ) as credits(report_month, attribution_model, conversion_type, channel, booked_credit);
            """
        )
        yield connection


def months(
    snapshot: duckdb.DuckDBPyConnection, layer: SemanticLayer, *metrics: str, where: tuple = ()
) -> list[tuple]:
    """Return the number of each month in which there is an answer, and the answer."""
    sql = layer.sql(Question(metrics, ["metric_time__month"], where, ["metric_time__month"]))
    rows = snapshot.execute(sql).fetchall()
    return [(month.month, *answers) for month, *answers in rows]


def test_a_period_without_a_win_has_a_win_rate_of_zero_and_one_without_an_end_has_none(
    snapshot: duckdb.DuckDBPyConnection, layer: SemanticLayer
) -> None:
    counts = ("won_opportunities", "lost_opportunities", "won_revenue", "win_rate")
    assert months(snapshot, layer, *counts) == [(1, 1, 1, 100, 0.5), (2, 0, 1, 0, 0)]


def test_each_metric_has_the_date_that_it_is_about(
    snapshot: duckdb.DuckDBPyConnection, layer: SemanticLayer
) -> None:
    assert months(snapshot, layer, "created_opportunities", "closed_opportunities") == [
        (12, 3, None),
        (1, 1, 2),
        (2, None, 1),
    ]


def test_unattributed_revenue_is_credited_but_not_attributed(
    snapshot: duckdb.DuckDBPyConnection, layer: SemanticLayer
) -> None:
    asked = ("credited_revenue", "attributed_revenue", "attribution_coverage")
    assert months(snapshot, layer, *asked, where=(LINEAR,)) == [
        (1, 100, 60, 0.6),
        (2, 50, 0, 0),
    ]


@pytest.mark.parametrize(
    "metric", ["attributed_revenue", "attribution_coverage", "Attributed_Revenue"]
)
def test_attribution_models_are_never_added_up(layer: SemanticLayer, metric: str) -> None:
    with pytest.raises(PipelineError, match="would add up every credit__attribution_model"):
        layer.sql(Question(["spend", metric], ["channel"]))
    assert layer.sql(Question([metric], ["channel"], [LINEAR]))
    assert layer.sql(Question([metric], ["channel", "credit__attribution_model"]))


def test_a_metric_may_choose_its_attribution_model_itself(manifest: dict) -> None:
    [revenue] = [each for each in manifest["metrics"] if each["name"] == "attributed_revenue"]
    filters = [*revenue["filter"]["where_filters"], {"where_sql_template": LINEAR}]
    linear = {**revenue, "name": "linear_revenue", "filter": {"where_filters": filters}}
    known = {**manifest, "metrics": [*manifest["metrics"], linear]}
    assert SemanticLayer(known).sql(Question(["linear_revenue", "spend"], ["channel"]))


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        (Question(["spent"]), "spend"),
        (Question(["spend"], ["chanel"]), "channel"),
        (Question(["spend"], ["credit__attribution_model"]), "does not match any"),
        (Question(["spend"], order=["clicks"]), "clicks"),
        (Question(["spend"], where=["{{ Dimension('ad__platform' }} = 1"]), "unexpected '}'"),
        (Question([]), "no metrics"),
    ],
    ids=["metric", "group-by", "group-by of another", "order", "filter", "nothing"],
)
def test_a_question_without_an_answer_is_refused_with_a_hint(
    layer: SemanticLayer, question: Question, hint: str
) -> None:
    with pytest.raises(PipelineError, match=hint) as refusal:
        layer.sql(question)
    assert "Traceback" not in str(refusal.value)


def test_every_metric_reads_published_tables_alone_and_says_what_it_means(
    layer: SemanticLayer, manifest: dict
) -> None:
    relations = [model["node_relation"] for model in manifest["semantic_models"]]
    relations += [
        spine["node_relation"] for spine in manifest["project_configuration"]["time_spines"]
    ]
    assert {relation["schema_name"] for relation in relations} == {"published"}
    assert [metric.name for metric in layer.metrics() if not metric.meaning] == []


def test_a_question_is_put_into_sql_without_the_network(
    manifest: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    layer = SemanticLayer(manifest)
    assert layer.metrics()
    assert layer.sql(Question(["spend"], ["channel"]))


@pytest.mark.parametrize("arguments", [["list"], ["query", "--metrics", "spend"]], ids=" ".join)
def test_before_the_first_run_there_is_nothing_to_ask(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALEHOUSE_HOME", str(tmp_path / "home"))
    assert "scalehouse run" in scalehouse("metrics", *arguments, expect=2)
    assert not (tmp_path / "home").exists()
