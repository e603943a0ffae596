{{ config(
    severity='warn', meta={'dagster': {'ref': {'name': 'int_customer_payments__dated'}}}
) }}

-- What is billed to an account that has won nothing in a CRM is in nobody's lifetime value. Of an
-- account that no CRM knows assert_invoices_have_an_account tells.
with invoices as (
    select * from {{ ref('int_invoices__unioned') }}
),

payments as (
    select * from {{ ref('int_customer_payments__dated') }}
),

account_records as (
    select record_id from {{ ref('int_account_records__matched') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
)

select
    invoices.invoice_id,
    invoices.account_record_id
from invoices
inner join reporting_date on invoices.period_start <= reporting_date.as_of_date
left join payments
    on payments.payment_id = 'invoice:' || invoices.source_system || ':' || invoices.invoice_id
where
    payments.payment_id is null
    and invoices.account_record_id in (select record_id from account_records)
