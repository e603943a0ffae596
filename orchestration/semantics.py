"""Questions about metrics, which MetricFlow turns into SQL on the published tables.

The metrics are defined beside the published models, in ``models/published/semantics``. MetricFlow
only writes the SQL: what runs it is what answers every other query on the snapshot.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from metricflow.engine.metricflow_engine import (
    MetricFlowEngine,
    MetricFlowQueryRequest,
    OutputColumnOrderMode,
)
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.errors.error_classes import InformativeUserError
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from orchestration.errors import PipelineError

# Under a semantic model's ``config.meta``: the dimension whose values are alternatives.
_CHOICE = "choose_one_of"

# What MetricFlow quotes of a filter that it cannot read: its own calls, around the first cause.
_STACK = re.compile(
    r"Traceback .*?^\s*([\w.]+(?:Error|Exception): [^\n]*).*?\n\n\n", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Question:
    """Metrics by dimensions and entities, in the words of ``mf query``.

    ``where`` are conditions such as ``{{ Dimension('ad__platform') }} = 'meta_ads'`` that must
    all hold, ``order`` names of metrics and group-bys, with a minus for the largest first. Both
    ``start`` and ``end`` are inclusive.
    """

    metrics: Sequence[str]
    group_by: Sequence[str] = ()
    where: Sequence[str] = ()
    order: Sequence[str] = ()
    limit: int | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Metric:
    """A metric that can be asked for, and the names that it can be grouped by."""

    name: str
    meaning: str
    group_by: tuple[str, ...]


class _DuckDb:
    """What MetricFlow must know of the database to write for it; it is given no connection."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


@dataclass(frozen=True)
class SemanticLayer:
    """The metrics of a semantic manifest, as dbt's parsing leaves it."""

    manifest: Mapping[str, Any]

    def sql(self, question: Question) -> str:
        """Return the SELECT that answers ``question`` in a snapshot, a column per name asked for.

        Raises:
            PipelineError: a name is unknown, or the metrics have no such group-by in common, or
                alternatives such as attribution models would be added up.
        """
        request = MetricFlowQueryRequest.create(
            metric_names=question.metrics,
            group_by_names=question.group_by,
            where_constraints=question.where or None,
            order_by_names=question.order,
            limit=question.limit,
            time_constraint_start=question.start,
            time_constraint_end=question.end,
            output_column_order_mode=OutputColumnOrderMode.INPUT_ORDER,
        )
        try:
            explained = self._engine.explain(request)
        except InformativeUserError as error:
            raise PipelineError(f"no answer: {_without_stacks(str(error))}") from error
        self._refuse_sums_of_alternatives(question)
        return explained.sql_statement.without_descriptions.sql

    def metrics(self) -> list[Metric]:
        """Return every metric, by name."""
        return [
            Metric(
                name=metric.name,
                meaning=_first_paragraph(metric.description or ""),
                group_by=(
                    *sorted(
                        entity.name for entity in self._engine.entities_for_metrics([metric.name])
                    ),
                    *sorted(each.granularity_free_dunder_name for each in metric.dimensions),
                ),
            )
            for metric in sorted(self._engine.list_metrics(), key=lambda metric: metric.name)
        ]

    @cached_property
    def _engine(self) -> MetricFlowEngine:
        text = json.dumps(_in_snapshot(self.manifest))
        lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text))
        return MetricFlowEngine(semantic_manifest_lookup=lookup, sql_client=_DuckDb())

    def _refuse_sums_of_alternatives(self, question: Question) -> None:
        chosen = " ".join([*question.group_by, *question.where])
        for metric in question.metrics:
            for dimension in self._unchosen(metric, chosen):
                example = f"--where \"{{{{ Dimension('{dimension}') }}}} = '…'\""
                raise PipelineError(
                    f"{metric} would add up every {dimension}: add that to --group-by, "
                    f"or choose one with {example}"
                )

    def _unchosen(self, name: str, chosen: str) -> Iterator[str]:
        """Yield the dimensions of alternatives that neither ``chosen`` nor a filter names."""
        metric = self._metrics[name.lower()]
        chosen += json.dumps(metric["filter"])
        parameters = metric["type_params"]
        inputs = [
            parameters["numerator"],
            parameters["denominator"],
            *(parameters["metrics"] or []),
        ]
        for each in filter(None, inputs):
            yield from self._unchosen(each["name"], chosen + json.dumps(each["filter"]))
        if not any(inputs):
            for measure in parameters["input_measures"]:
                dimension = self._choices.get(measure["name"])
                if dimension and dimension not in chosen + json.dumps(measure["filter"]):
                    yield dimension

    @cached_property
    def _metrics(self) -> dict[str, Mapping[str, Any]]:
        return {metric["name"]: metric for metric in self.manifest["metrics"]}

    @cached_property
    def _choices(self) -> dict[str, str]:
        return {
            measure["name"]: model["config"]["meta"][_CHOICE]
            for model in self.manifest["semantic_models"]
            if _CHOICE in model["config"]["meta"]
            for measure in model["measures"]
        }


def _first_paragraph(description: str) -> str:
    """Return what a doc block says before its list of formula, unit and so on, on one line."""
    return " ".join(description.partition("\n- ")[0].split())


def _without_stacks(message: str) -> str:
    return _STACK.sub(r"\1\n\n", message)


def _in_snapshot(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``manifest`` with each table under the name that a snapshot has it by."""

    def moved(node: Mapping[str, Any]) -> dict[str, Any]:
        table = node["node_relation"]["alias"]
        relation = {"alias": table, "schema_name": "main", "relation_name": f"main.{table}"}
        return {**node, "node_relation": relation}

    configuration = manifest["project_configuration"]
    spines = [moved(spine) for spine in configuration["time_spines"]]
    return {
        **manifest,
        "semantic_models": [moved(model) for model in manifest["semantic_models"]],
        "project_configuration": {**configuration, "time_spines": spines},
    }
