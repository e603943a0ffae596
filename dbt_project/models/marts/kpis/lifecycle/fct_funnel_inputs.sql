-- one row per breakdown of the funnel: how far what it is made of has settled and could be read
with needed as (
    select
        unnest(['all', 'campaign_type', 'channel', 'segment', 'source']) as breakdown,
        'crm' as area
    union all
    select
        unnest(['campaign_type', 'channel']) as breakdown,
        'touchpoints' as area
),

input_quality as (
    select * from {{ ref('fct_input_quality') }}
)

-- what is not known of one input is not known of all
select
    needed.breakdown,
    case
        when bool_and(input_quality.settled_until is not null)
            then min(input_quality.settled_until)
    end as settled_until,
    case
        when bool_and(input_quality.good_row_share is not null)
            then min(input_quality.good_row_share)
    end as good_row_share
from needed
left join input_quality on needed.area = input_quality.area
group by needed.breakdown
