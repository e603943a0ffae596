-- what no channel rule names, so that somebody can write one
select
    origin_type,
    origin_source,
    origin_medium,
    min({{ origin_word('campaign') }}) as campaign,
    count(*) as touchpoints,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at
from {{ ref('int_touchpoints__placed') }}
where channel = 'other'
group by all
