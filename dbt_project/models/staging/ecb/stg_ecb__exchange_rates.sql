with source as (
    select * from {{ source('ecb', 'exchange_rates') }}
    qualify {{ is_current('ecb', 'exchange_rates') }}
),

unpivoted as (
    unpivot source
    on usd, jpy, gbp, chf, sek, dkk, nok, pln, czk
    into name currency_code value units_per_euro
),

conformed as (
    select
        upper(currency_code) as currency,

        units_per_euro,

        date as rate_date
    from unpivoted
)

select * from conformed
