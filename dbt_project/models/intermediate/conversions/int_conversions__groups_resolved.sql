{{ config(materialized='table') }}

with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    -- a refund is shared out as the win that it takes back
    where reversed_conversion_id is null
),

buying_groups as (
    select * from {{ ref('int_buying_groups__resolved') }}
)

select
    conversion_id,
    person_id,
    'person' as rung
from conversions
where person_id is not null
union all
select
    conversions.conversion_id,
    buying_groups.person_id,
    buying_groups.rung
from conversions
inner join buying_groups on conversions.opportunity_id = buying_groups.opportunity_id
