-- a win and its refunds in one row: what is left of the credit
with credits as (
    select * from {{ ref('fct_attribution_credits') }}
),

conversions as (
    select conversion_id, opportunity_id, account_id
    from {{ ref('fct_conversions') }}
    where opportunity_id is not null
)

select
    conversions.opportunity_id,
    conversions.account_id,
    credits.attribution_model,
    credits.model_version,
    credits.conversion_type,
    credits.channel,
    count(distinct credits.touchpoint_id) as touchpoints,
    cast(sum(cast(credits.credit as decimal(38, 12))) as double) as credit,
    cast(sum(credits.booked_credit) as decimal(18, 6)) as booked_credit
from credits
inner join conversions on credits.conversion_id = conversions.conversion_id
group by all
