{{ config(materialized='view') }}

-- One row per change of a credit in a closed month since the last publish, with its cause. The
-- steps are taken in one order, amount, exchange rate, weights, and add up exactly. A view, so that
-- what is published meanwhile is no change any more.
with paired as (
    select * from {{ ref('fct_attribution_reports_compared') }}
),

-- a conversion that came, went or moved to another month takes its whole credit along
moved as (
    select
        *,
        -old_credit as credit_change,
        old_month as report_month,
        case when is_merged then 'merge_or_stitching' else 'stage_edit' end as cause
    from paired
    where old_month is not null and new_month is distinct from old_month
    union all
    select
        *,
        new_credit as credit_change,
        new_month as report_month,
        case
            when not is_reported_month then 'first_report'
            when is_merged then 'merge_or_stitching'
            else 'stage_edit'
        end as cause
    from paired
    where new_month is not null and new_month is distinct from old_month
),

stayed as (
    select
        *,
        new_value - old_value as value_part,
        cast(case
            when new_amount = old_amount then 0
            when new_rate is not distinct from old_rate then new_value - old_value
            -- nothing was converted without a rate, so what came is worth what it is now
            else round(
                    cast(new_amount - old_amount as double) * coalesce(old_rate, new_rate), 2
                )
        end as decimal(18, 2)) as amount_part
    from paired
    where new_month = old_month
),

split as (
    select
        *,
        cast(old_weight * cast(amount_part as double) as decimal(18, 6)) as amount_step,
        cast(
            old_weight * cast(value_part - amount_part as double) as decimal(18, 6)
        ) as rate_step,
        cast(
            cast(new_value as double) * (new_weight - old_weight) as decimal(18, 6)
        ) as weight_step
    from stayed
),

stepped as (
    {% for cause, step in [
        ("'amount_edit'", 'amount_step'),
        ("'exchange_rate'", 'rate_step'),
        ('weight_cause', 'weight_step'),
        ("'rounding'", 'new_credit - old_credit - amount_step - rate_step - weight_step'),
    ] %}
        select
            new_month as report_month,
            conversion_type,
            conversion_id,
            attribution_model,
            channel,
            {{ cause }} as cause,
            {{ step }} as credit_change
        from split
        union all
    {% endfor %}
    select
        report_month,
        conversion_type,
        conversion_id,
        attribution_model,
        channel,
        cause,
        credit_change
    from moved
)

select
    report_month,
    conversion_type,
    conversion_id,
    attribution_model,
    channel,
    cause,
    cast(credit_change as decimal(18, 6)) as credit_change
from stepped
where credit_change <> 0
