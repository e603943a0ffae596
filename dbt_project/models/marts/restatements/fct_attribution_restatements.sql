-- Every change of a credit in a closed month, the first report included: those that were published,
-- and those of this run under the next number.
with published as (
    select * from {{ source('history', 'attribution_changes') }}
),

changes as (
    select * from {{ ref('fct_attribution_changes') }}
),

counted as (
    select coalesce(max(restatement), 0) as restatements from published
),

loaded as (
    select coalesce(max(file_sequence), 0) as ledger_sequence
    from {{ source('ops', 'load_ledger') }}
    where status = 'loaded'
)

select
    restatement,
    ledger_sequence,
    report_month,
    conversion_type,
    conversion_id,
    attribution_model,
    channel,
    cause,
    credit_change
from published
union all
select
    counted.restatements + 1 as restatement,
    loaded.ledger_sequence,
    changes.report_month,
    changes.conversion_type,
    changes.conversion_id,
    changes.attribution_model,
    changes.channel,
    changes.cause,
    changes.credit_change
from changes
cross join counted
cross join loaded
