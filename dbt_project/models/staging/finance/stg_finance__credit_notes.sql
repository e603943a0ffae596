with source as (
    select * from {{ source('finance', 'credit_notes') }}
    qualify {{ is_current('finance', 'credit_notes') }}
),

conformed as (
    select
        'finance' as source_system,
        credit_note_id as refund_id,
        {{ salesforce_id('opportunity_id') }} as opportunity_id,
        upper(currency) as currency,

        cast(amount as decimal(18, 2)) as amount,

        issued_on as refunded_date
    from source
)

select * from conformed
