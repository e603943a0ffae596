{{ config(materialized='table') }}

-- One row: the last instant that the CRM has recorded. Ages are measured from it, not from the
-- clock, so that a run with nothing new changes no figure. A close date does not count: it is
-- typed in and may lie in the future.
with recorded as (
    select max(converted_at) as recorded_at
    from {{ ref('int_conversions__unioned') }}
    where conversion_type <> 'closed_won'
    union all
    select max(changed_at) as recorded_at from {{ ref('int_opportunity_history__unioned') }}
)

select
    max(recorded_at) as as_of_at,
    {{ reporting_date('max(recorded_at)') }} as as_of_date
from recorded
