with records as (
    select * from {{ ref('int_campaigns__unioned') }}
)

-- the code that a campaign is called by in every system, whatever the case it is typed in
select
    *,
    lower(trim(campaign_name)) as campaign
from records
where not is_deleted and campaign_name is not null
