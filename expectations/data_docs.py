"""Great Expectations' own Data Docs: the rules in words, and how published tables fared."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.data_context import AbstractDataContext

from expectations.duckdb_dialect import add_source, whole_table
from expectations.published_suites import PUBLISHED_SUITES
from expectations.raw_suites import suite_for
from expectations.validation import new_context
from ingest.contract import Contract, load_contracts


def build_data_docs(
    database: Path,
    target: Path,
    schema: str = "published",
    contracts: Sequence[Contract] | None = None,
) -> Path:
    """Write Data Docs to the folder ``target`` and return its index page.

    They show every suite, raw ones as rules only, and one result for each published table that
    ``schema`` of ``database`` holds: counts, no value of a row. The pages fetch their styles
    from the web and are plain without it.
    """
    context = new_context()
    for name in context.get_site_names():
        context.delete_data_docs_site(name)
    context.add_data_docs_site("scalehouse", _site(target))
    for contract in load_contracts() if contracts is None else contracts:
        for table in contract.tables:
            context.suites.add(suite_for(contract.source, table))
    _validate_published(context, database, schema)
    context.build_data_docs()
    return target / "index.html"


def _site(target: Path) -> dict[str, object]:
    return {
        "class_name": "SiteBuilder",
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(target.resolve()),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "show_how_to_buttons": False,
    }


def _validate_published(context: AbstractDataContext, database: Path, schema: str) -> None:
    source = add_source(context, database)
    with source.get_engine().connect() as connection:
        present = sa.inspect(connection).get_table_names(schema=schema)
        for published in PUBLISHED_SUITES.values():
            # a copy, because a context keeps what it is given and marks it as its own
            rules = [copy(rule) for rule in published.suite.expectations]
            suite = context.suites.add(
                gx.ExpectationSuite(name=published.suite.name, expectations=rules)
            )
            if published.table not in present:
                continue
            rows = whole_table(source, schema, published.table)
            definition = gx.ValidationDefinition(name=suite.name, data=rows, suite=suite)
            context.validation_definitions.add(definition).run(
                result_format={"result_format": "BASIC", "exclude_unexpected_values": True}
            )
