with source as (
    select * from {{ source('finance', 'margins') }}
    qualify {{ is_current('finance', 'margins') }}
),

conformed as (
    select
        'finance' as source_system,
        lower(trim(product_line)) as product_line,

        cast(share as decimal(18, 6)) as margin_share,

        valid_from
    from source
)

select * from conformed
