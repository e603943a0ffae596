{{ config(materialized='table') }}

-- One row per invoice, renewal that did not come, and credit note of a customer, as the books have
-- them: a won amount that the CRM lowered later is billed as lowered, so it is taken off once. It
-- counts on the day when its period begins, or the note is issued; what begins later is not earned.
with invoices as (
    select * from {{ ref('int_invoices__unioned') }}
),

customers as (
    select * from {{ ref('int_customers__acquired') }}
),

margins as (
    select * from {{ ref('int_margins__filled') }}
),

rates as (
    select * from {{ ref('int_exchange_rates__daily_filled') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

-- an invoice does not say which system its account's id is from
accounts as (
    select record_id, arg_min(account_id, source_system) as account_id
    from {{ ref('int_account_records__matched') }}
    group by record_id
),

invoiced as (
    select
        'invoice:' || invoices.source_system || ':' || invoices.invoice_id as payment_id,
        accounts.account_id as customer_id,
        invoices.opportunity_id,
        invoices.invoice_kind as payment_kind,
        {{ in_reporting_currency(
            'invoices.amount', 'invoices.currency', 'invoices.period_start',
            'own_rates.units_per_euro', 'reporting_rates.units_per_euro', 2
        ) }} as amount,
        invoices.period_start as payment_date
    from invoices
    inner join reporting_date on invoices.period_start <= reporting_date.as_of_date
    inner join accounts on invoices.account_record_id = accounts.record_id
    left join rates as own_rates
        on invoices.currency = own_rates.currency and invoices.period_start = own_rates.report_date
    left join rates as reporting_rates
        on invoices.period_start = reporting_rates.report_date
        and reporting_rates.currency = '{{ var("reporting_currency") }}'
),

refunded as (
    select
        conversions.conversion_id as payment_id,
        sourced.customer_id,
        conversions.opportunity_id,
        'refund' as payment_kind,
        conversions.conversion_value as amount,
        conversions.converted_date as payment_date
    from {{ ref('int_conversions__unioned') }} as conversions
    inner join reporting_date on conversions.converted_date <= reporting_date.as_of_date
    inner join {{ ref('int_opportunities__sourced') }} as sourced
        on conversions.opportunity_id = sourced.opportunity_id
    where conversions.conversion_id like 'refund:credit_note:%'
),

paid as (
    select * from invoiced
    union all
    select * from refunded
)

select
    paid.payment_id,
    paid.customer_id,
    paid.opportunity_id,
    paid.payment_kind,
    cast(paid.amount as decimal(18, 2)) as amount,
    -- nothing has no margin to know
    case
        when paid.amount = 0 then 0
        else cast(paid.amount * margins.margin_share as decimal(28, 8))
    end as margin,
    paid.payment_date,
    {{ months_until('customers.acquired_date', 'paid.payment_date') }} as age_months
from paid
inner join customers on paid.customer_id = customers.customer_id
left join margins
    on paid.payment_date >= margins.valid_from and paid.payment_date < margins.valid_before
