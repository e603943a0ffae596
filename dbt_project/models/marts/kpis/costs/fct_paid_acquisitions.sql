-- One row per period, attribution model, type of conversion and what was paid for: how many
-- conversions it is credited with. A period without any has a row, too.
with acquisitions as (
    select * from {{ ref('fct_acquisitions') }}
),

periods as (
    select * from {{ ref('int_reporting_periods__listed') }}
),

models as (
    select distinct attribution_model, conversion_type from {{ ref('attribution_models') }}
    where conversion_type <> 'sql'
),

cells as (
    select distinct breakdown, breakdown_value from {{ ref('fct_paid_spend') }}
),

summed as (
    select
        periods.period,
        periods.period_start,
        acquisitions.attribution_model,
        acquisitions.conversion_type,
        acquisitions.breakdown,
        acquisitions.breakdown_value,
        sum(acquisitions.credited_conversions) as credited_conversions,
        sum(acquisitions.conversions) as conversions
    from periods
    inner join acquisitions
        on acquisitions.converted_month between periods.period_start and periods.period_end
    group by all
),

-- the share of all conversions, paid for or not, that the model could attribute to anything
covered as (
    select
        period,
        period_start,
        attribution_model,
        conversion_type,
        -- whole conversions: the credits of one add up to 1 but for rounding
        1 - cast(
            coalesce(
                sum(conversions) filter (where breakdown_value = 'unattributed'), 0
            ) as double
        ) / cast(round(sum(credited_conversions)) as double) as coverage
    from summed
    where breakdown = 'channel'
    group by all
)

select
    periods.period,
    periods.period_start,
    models.attribution_model,
    models.conversion_type,
    cells.breakdown,
    cells.breakdown_value,
    cast(coalesce(summed.credited_conversions, 0) as decimal(38, 12)) as credited_conversions,
    cast(coalesce(summed.conversions, 0) as bigint) as conversions,
    coalesce(covered.coverage, 1) as coverage
from periods
cross join models
cross join cells
left join summed
    on periods.period = summed.period
    and periods.period_start = summed.period_start
    and models.attribution_model = summed.attribution_model
    and models.conversion_type = summed.conversion_type
    and cells.breakdown = summed.breakdown
    and cells.breakdown_value = summed.breakdown_value
left join covered
    on periods.period = covered.period
    and periods.period_start = covered.period_start
    and models.attribution_model = covered.attribution_model
    and models.conversion_type = covered.conversion_type
