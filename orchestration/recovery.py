"""One run has the warehouse at a time, and puts right what a killed one has left behind."""

from collections.abc import Iterator

import dagster as dg

from ingest.damage import set_damaged_aside
from ingest.warehouse import Warehouse
from orchestration.run_lock import run_lock

# On a run while its process lives; found on another run by whoever holds the lock: it was killed.
RUNNING = {"scalehouse/running": "true"}

# Dagster prunes its ticks but no runs, and each leaves about 2 MB of events.
KEEP_RUNS = 300


def exclusive_warehouse(warehouse: Warehouse) -> dg.ResourceDefinition:
    """Define the resource ``warehouse``, which a run has for itself while it lasts."""

    @dg.resource(description="The warehouse's files, for one run at a time.")
    def resource(context: dg.InitResourceContext) -> Iterator[Warehouse]:
        with run_lock(warehouse):
            damage = set_damaged_aside(warehouse)
            if damage:
                context.log.warning(damage)
            if context.instance and context.run:
                recover(context.instance, context.run.run_id)
                forget_old_runs(context.instance)
                context.instance.add_run_tags(context.run.run_id, RUNNING)
            yield warehouse

    return resource


def recover(instance: dg.DagsterInstance, run_id: str) -> None:
    """Fail the runs that were killed and free their slots of the pools.

    Call it with the run's lock held and before ``run_id`` has started a step: whatever other
    run is marked as running is dead, and whatever slot is taken was left behind.
    """
    unfinished = [
        *instance.get_runs(dg.RunsFilter(tags=RUNNING, statuses=[dg.DagsterRunStatus.STARTED])),
        # the command line makes its run with the lock held, so such a run has no process either
        *instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.NOT_STARTED])),
    ]
    for run in unfinished:
        if run.run_id != run_id:
            instance.report_run_failed(run, "The run's process was killed.")
    events = instance.event_log_storage
    for pool in events.get_concurrency_keys():
        info = events.get_concurrency_info(pool)
        holders = [*info.claimed_slots, *info.pending_steps]
        for dead in {holder.run_id for holder in holders} - {run_id}:
            events.free_concurrency_slots_for_run(dead)


def forget_old_runs(instance: dg.DagsterInstance, keep: int = KEEP_RUNS) -> int:
    """Delete the finished runs beyond the last ``keep`` with their events; return how many.

    What each check found stays in ``state.check_results``.
    """
    finished = dg.RunsFilter(
        statuses=[
            dg.DagsterRunStatus.SUCCESS,
            dg.DagsterRunStatus.FAILURE,
            dg.DagsterRunStatus.CANCELED,
        ]
    )
    old = instance.get_run_ids(finished)[keep:]
    for run_id in old:
        instance.delete_run(run_id)
    return len(old)
