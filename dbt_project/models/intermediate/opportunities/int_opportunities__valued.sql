{{ config(materialized='table') }}

with dated as (
    select * from {{ ref('int_opportunities__dated') }}
),

rates as (
    select * from {{ ref('int_exchange_rates__daily_filled') }}
),

valued as (
    select
        dated.*,
        own_rates.units_per_euro,
        reporting_rates.units_per_euro as reporting_units_per_euro,
        {{ exchange_rate(
            'dated.currency', 'own_rates.units_per_euro', 'reporting_rates.units_per_euro'
        ) }} as exchange_rate,
        {{ exchange_rate(
            'dated.currency', 'own_created_rates.units_per_euro',
            'reporting_created_rates.units_per_euro'
        ) }} as created_exchange_rate,
        {{ in_reporting_currency(
            'dated.live_amount', 'dated.currency', 'dated.valued_date',
            'own_rates.units_per_euro', 'reporting_rates.units_per_euro', 2
        ) }} as amount_reporting,
        {{ in_reporting_currency(
            'dated.created_amount', 'dated.currency', 'dated.created_date',
            'own_created_rates.units_per_euro', 'reporting_created_rates.units_per_euro', 2
        ) }} as created_amount_reporting,
        {{ used_rate_date('dated.currency', 'own_rates.rate_date', 'reporting_rates.rate_date') }}
            as rate_date,
        {{ used_rate_date(
            'dated.currency', 'own_created_rates.rate_date', 'reporting_created_rates.rate_date'
        ) }} as created_rate_date
    from dated
    left join rates as own_rates
        on dated.currency = own_rates.currency and dated.valued_date = own_rates.report_date
    left join rates as reporting_rates
        on dated.valued_date = reporting_rates.report_date
        and reporting_rates.currency = '{{ var("reporting_currency") }}'
    left join rates as own_created_rates
        on dated.currency = own_created_rates.currency
        and dated.created_date = own_created_rates.report_date
    left join rates as reporting_created_rates
        on dated.created_date = reporting_created_rates.report_date
        and reporting_created_rates.currency = '{{ var("reporting_currency") }}'
)

select * from valued
