with spend as (
    select * from {{ ref('int_ads__spend_allocated') }}
),

accounts as (
    select * from {{ ref('int_ads__accounts_unioned') }}
),

campaigns as (
    select * from {{ ref('int_ads__campaigns_unioned') }}
),

rates as (
    select * from {{ ref('int_exchange_rates__daily_filled') }}
),

completed as (
    select
        spend.platform,
        spend.utm_source,
        spend.click_id_kind,
        coalesce(spend.account_id, campaigns.account_id) as account_id,
        spend.campaign_id,
        lower(trim(coalesce(spend.campaign_name, campaigns.campaign_name))) as campaign,
        spend.ad_group_id,
        spend.ad_id,
        coalesce(spend.currency, accounts.currency) as currency,
        accounts.time_zone,
        spend.impressions,
        spend.clicks,
        spend.spend,
        spend.platform_conversions,
        spend.report_date,
        spend.is_unallocated
    from spend
    left join campaigns
        on spend.platform = campaigns.platform and spend.campaign_id = campaigns.campaign_id
    left join accounts
        on spend.platform = accounts.platform
        and coalesce(spend.account_id, campaigns.account_id) = accounts.account_id
),

converted as (
    select
        completed.*,
        {{ in_reporting_currency(
            'completed.spend', 'completed.currency', 'completed.report_date',
            'own_rates.units_per_euro', 'reporting_rates.units_per_euro', 6
        ) }} as spend_reporting,
        {{ used_rate_date(
            'completed.currency', 'own_rates.rate_date', 'reporting_rates.rate_date'
        ) }} as rate_date
    from completed
    left join rates as own_rates
        on completed.currency = own_rates.currency
        and completed.report_date = own_rates.report_date
    left join rates as reporting_rates
        on completed.report_date = reporting_rates.report_date
        and reporting_rates.currency = '{{ var("reporting_currency") }}'
)

select
    *,
    coalesce(rate_date < report_date, false) as is_rate_carried_forward
from converted
