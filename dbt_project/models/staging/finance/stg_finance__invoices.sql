with source as (
    select * from {{ source('finance', 'invoices') }}
    qualify {{ is_current('finance', 'invoices') }}
),

conformed as (
    select
        'finance' as source_system,
        invoice_id,
        {{ salesforce_id('account_id') }} as account_record_id,
        {{ salesforce_id('opportunity_id') }} as opportunity_id,
        kind as invoice_kind,
        upper(currency) as currency,

        cast(amount as decimal(18, 2)) as amount,

        period_start,
        period_end
    from source
)

select * from conformed
