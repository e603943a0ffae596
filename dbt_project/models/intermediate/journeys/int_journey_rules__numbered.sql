-- which touchpoints make a journey, without how they are weighed: few models differ in this
with models as (
    select * from {{ ref('attribution_models') }}
)

select distinct
    conversion_type,
    lookback_days,
    direct_policy,
    fold_same_day,
    include_sales,
    include_impressions_and_opens,
    md5(concat_ws(
        '|', conversion_type, lookback_days, direct_policy, fold_same_day, include_sales,
        include_impressions_and_opens
    )) as journey_rule_id
from models
