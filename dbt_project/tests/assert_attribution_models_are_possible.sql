{{ config(meta={'dagster': {'ref': {'name': 'attribution_models'}}}) }}

-- A row that cannot share out a conversion is refused, with the reason.
with models as (
    select
        *,
        least(
            weight_first, weight_last, weight_lead_creation, weight_opportunity_creation,
            weight_stage_conversions, weight_middle
        ) as smallest_weight,
        weight_first + weight_last + weight_lead_creation + weight_opportunity_creation
        + weight_stage_conversions + weight_middle as total_weight
    from {{ ref('attribution_models') }}
),

judged as (
    select
        attribution_model,
        version,
        conversion_type,
        case
            when smallest_weight is null then 'a weight is missing'
            when smallest_weight < 0 then 'a weight is negative'
            when total_weight = 0 then 'all weights are 0'
            when coalesce(lookback_days, 0) <= 0 then 'the lookback is not positive'
            when half_life_days <= 0 then 'the half-life is not positive'
            when channel_weights not in ('none', 'markov', 'shapley') then 'unknown channel weights'
            when channel_weights <> 'none' and weight_middle = 0
                then 'channel weights need a weight for the middle'
            when channel_weights <> 'none'
                and conversion_type not in ('opportunity_created', 'closed_won')
                then 'channel weights are fitted on opportunities alone'
            when direct_policy not in ('keep', 'ignore_unless_only') then 'unknown direct policy'
            when conversion_type not in (
                    'lead_created', 'mql', 'sql', 'opportunity_created', 'closed_won'
                ) then 'unknown conversion type'
        end as reason
    from models
)

select * from judged
where reason is not null
