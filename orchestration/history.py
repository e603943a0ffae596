"""What was published is remembered: frozen channel weights, reported credits and their changes.

All of it is in the state file, an input to the next build and to a rebuild. It is written in the
transaction that records a build: what readers have never seen leaves no trace.
"""

import duckdb

_FITS = {"channel_weight_fits": "channel_weights", "channel_transitions": "channel_transitions"}


def remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what the models of this build found; call it in the transaction of the build.

    A warehouse that has not built the models yet has nothing to remember.
    """
    [(models,)] = connection.execute(
        "select count(*) from duckdb_tables() where database_name = current_database() "
        "and table_name in ('channel_weights', 'fct_attribution_reports') "
        "and schema_name in ('statistics', 'marts')"
    ).fetchall()
    if models == 2:  # noqa: PLR2004 - both of them
        _freeze_fits(connection)
        _keep_reports(connection)


def _freeze_fits(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the fits that this build was the first to use; a fit that is kept never changes."""
    for kept, fitted in _FITS.items():
        connection.execute(
            f"""
            insert into state.{kept} by name
            select fitted.* from statistics.{fitted} as fitted
            anti join (select distinct journey_rule_id, fit_month, fit_version from state.{kept})
                using (journey_rule_id, fit_month, fit_version)
            """
        )


def _keep_reports(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the changes of reported credits to the ledger, and keep all as it is reported now."""
    connection.execute(
        """
        insert into state.attribution_changes by name
        from marts.fct_attribution_restatements where restatement > (
            select coalesce(max(restatement), 0) from state.attribution_changes
        )
        """
    )
    # what a credit depends on may change and leave it as it is: the next change is told from here
    connection.execute(
        """
        delete from state.attribution_reports
        where (attribution_model, conversion_id, channel) in (
            select (attribution_model, conversion_id, channel) from (
                from state.attribution_reports except from marts.fct_attribution_reports
            )
        )
        """
    )
    connection.execute(
        """
        insert into state.attribution_reports
        from marts.fct_attribution_reports except from state.attribution_reports
        """
    )
