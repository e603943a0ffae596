select
    platform,
    account_id,
    currency,
    time_zone,
    offset_hours_min,
    offset_hours_max,
    day_comparability,
    day_overlap,
    week_overlap,
    case day_comparability
        when 'same' then 'Its days are the reporting days.'
        when 'shifted' then 'Its days are cut at another hour: compare weeks or months, not days.'
        else 'Nobody knows where its days are cut: compare months alone.'
    end as meaning
from {{ ref('dim_ad_accounts') }}
