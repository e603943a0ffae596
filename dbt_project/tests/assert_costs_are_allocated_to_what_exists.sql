{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_costs__unioned'}}}) }}

-- A cost of a channel or campaign that nobody knows would be in no row that is broken down by it.
with costs as (
    select * from {{ ref('int_costs__unioned') }}
),

channels as (
    select channel from {{ ref('channels') }}
),

campaigns as (
    select campaign from {{ ref('int_campaigns__named') }}
)

select
    cost_id,
    channel,
    campaign
from costs
where
    channel not in (select channels.channel from channels)
    or campaign not in (select campaigns.campaign from campaigns)
