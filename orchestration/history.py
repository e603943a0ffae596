"""What was published is remembered: frozen channel weights, reported credits and their changes.

All of it is in the state file, an input to the next build and to a rebuild. It is written in the
transaction that records a build: what readers have never seen leaves no trace.
"""

import re

import duckdb

from orchestration.errors import PipelineError

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
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


def request_refit(connection: duckdb.DuckDBPyConnection, month: str, reason: str) -> None:
    """Let the next run fit the channel weights of ``month`` (such as 2026-03) anew.

    Raises:
        PipelineError: it is no month, or none whose weights are frozen.
    """
    if not _MONTH.fullmatch(month):
        raise PipelineError(f"{month} is no month: write it as 2026-03")
    rows = connection.execute(
        "select distinct strftime(fit_month, '%Y-%m') as month from state.channel_weight_fits "
        "order by month"
    ).fetchall()
    months = [frozen for (frozen,) in rows]
    if not months:
        raise PipelineError("no channel weights are frozen yet: run `scalehouse run` first")
    if month not in months:
        raise PipelineError(f"{month} has no frozen weights; these have: {', '.join(months)}")
    connection.execute(
        "insert into state.channel_weight_refits values (?, ?, now()::timestamp)",
        [f"{month}-01", reason],
    )


def is_refit_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether somebody asked for a fit that no published build has made yet."""
    [(due,)] = connection.execute(
        """
        select count(*) from (
            select fit_month, count(*) + 1 as wanted from state.channel_weight_refits group by all
        ) as refits
        where wanted > (
            select max(fit_version) from state.channel_weight_fits as fits
            where fits.fit_month = refits.fit_month
        )
        """
    ).fetchall()
    return due > 0
