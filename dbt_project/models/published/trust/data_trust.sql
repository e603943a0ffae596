with deliveries as (
    select * from {{ ref('fct_source_deliveries') }}
),

coverage as (
    select * from {{ ref('fct_attribution_coverage') }}
),

reconciliation as (
    select sum(conversions_that_differ) as conversions_that_differ
    from {{ ref('fct_reconciliation') }}
)

select
    deliveries.source,
    deliveries.files_loaded,
    deliveries.files_open,
    deliveries.files_left_out,
    deliveries.rows_read,
    deliveries.rows_loaded,
    deliveries.rows_quarantined,
    deliveries.lines_read,
    deliveries.lines_unaccounted,
    deliveries.last_loaded_at,
    coverage.won_revenue,
    coverage.attributed_revenue,
    {{ attribution_coverage('coverage.attributed_revenue', 'coverage.won_revenue') }}
        as attribution_coverage,
    cast(coalesce(reconciliation.conversions_that_differ, 0) as bigint) as conversions_that_differ
from deliveries
cross join coverage
cross join reconciliation
