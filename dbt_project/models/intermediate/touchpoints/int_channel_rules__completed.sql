with rules as (
    select * from {{ ref('channel_rules') }}
),

sites as (
    select
        source_kind,
        string_agg(source_pattern, '|' order by source_pattern) as source_pattern
    from {{ ref('source_sites') }}
    group by source_kind
)

-- a rule for a kind of site is one for all its sites
select
    rules.rule_order,
    rules.touchpoint_type,
    rules.click_id_kind,
    case
        when rules.source_kind is null then rules.source_pattern
        -- a kind without a site, such as a misspelt one, fits no source
        else coalesce(sites.source_pattern, '$.')
    end as source_pattern,
    rules.medium_pattern,
    rules.campaign_pattern,
    rules.channel
from rules
left join sites on rules.source_kind = sites.source_kind
