{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_invoices__unioned'}}}) }}

-- What is billed to an account that no CRM knows is in nobody's lifetime value.
with invoices as (
    select * from {{ ref('int_invoices__unioned') }}
),

account_records as (
    select record_id from {{ ref('int_account_records__unioned') }}
)

select
    invoices.invoice_id,
    invoices.account_record_id
from invoices
left join account_records on invoices.account_record_id = account_records.record_id
where account_records.record_id is null
