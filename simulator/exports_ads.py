"""The ad platforms' exports, each with its own names, units and omissions."""

from simulator.delivery import Export

_DAYS = """
select
    ad_days.day * 86400 as happened_at, ad_days.*, ads.* exclude (ad), ad_accounts.*,
    campaigns.code, campaigns.slug
from ad_days
join ads using (ad)
join campaigns using (campaign)
join ad_accounts on ad_accounts.number = ads.account
where ads.platform = '{platform}'
"""

_GOOGLE_ADS = """
select
    account_id as customer_id, platform_campaign_id as campaign_id, code as campaign_name,
    ad_group_id, slug || ' group' as ad_group_name, ad_id, day_number(day) as segments_date,
    impressions, clicks, round(spend * 1000000)::bigint as cost_micros, conversions,
    conversions * 50 as conversions_value
from slice
where not is_whole_campaign
order by day, ad
"""
_GOOGLE_CAMPAIGNS = """
select
    account_id as customer_id, platform_campaign_id as campaign_id, code as campaign_name,
    if(bool_or(is_whole_campaign), 'PERFORMANCE_MAX', 'SEARCH') as advertising_channel_type,
    day_number(day) as segments_date, sum(impressions) as impressions, sum(clicks) as clicks,
    sum(round(spend * 1000000)::bigint) as cost_micros, sum(conversions) as conversions,
    sum(conversions) * 50 as conversions_value
from slice
group by all
order by segments_date, campaign_id
"""
_META_ADS = """
select
    account_id, platform_campaign_id as campaign_id, code as campaign_name,
    ad_group_id as adset_id, slug || ' set' as adset_name, ad_id,
    slug || ' ad ' || ad_number as ad_name, day_number(day) as date_start,
    day_number(day) as date_stop, ceil(impressions * 0.82)::bigint as reach, impressions,
    clicks + other_clicks as clicks, nullif(clicks, 0) as inline_link_clicks,
    spend::decimal(18, 2) as spend, nullif(conversions, 0) as actions_lead
from slice
order by day, ad
"""
_LINKEDIN_ADS = """
select
    ad_id as creative_id, ad_group_id as campaign_id, day_number(day) as day, impressions,
    clicks + other_clicks as clicks, clicks as landing_page_clicks,
    spend::decimal(18, 2) as cost_in_local_currency, spend_usd::decimal(18, 2) as cost_in_usd,
    floor(conversions)::bigint as external_website_conversions,
    (floor(conversions) * 50)::decimal(18, 2) as conversion_value_in_local_currency,
    0 as one_click_leads
from slice
order by day, ad
"""
_MICROSOFT_ADS = """
select
    account_id, platform_campaign_id as campaign_id, code as campaign_name, ad_group_id,
    slug || ' group' as ad_group_name, ad_id, day_number(day) as date, currency as currency_code,
    impressions, clicks, spend::decimal(18, 2) as spend,
    if(conversions = 0, '-', conversions::varchar) as conversions,
    if(conversions = 0, '-', (conversions * 50)::decimal(18, 2)::varchar) as revenue
from slice
order by day, ad
"""

_GOOGLE_ACCOUNTS = """
select
    account_id as customer_id, name as descriptive_name, currency as currency_code,
    zone as time_zone, true as auto_tagging_enabled
from ad_accounts where platform = 'google_ads' order by number
"""
_META_ACCOUNTS = """
select account_id, name, currency, zone as timezone_name, 1 as account_status
from ad_accounts where platform = 'meta_ads' order by number
"""
_LINKEDIN_ACCOUNTS = """
select account_id, name, currency, 'BUSINESS' as type, 'ACTIVE' as status
from ad_accounts where platform = 'linkedin_ads' order by number
"""
_MICROSOFT_ACCOUNTS = """
select account_id, name, currency as currency_code, zone as time_zone
from ad_accounts where platform = 'microsoft_ads' order by number
"""
_LINKEDIN_CAMPAIGNS = """
select distinct
    ad_group_id as campaign_id, slug || ' - ' || ad_accounts.currency as campaign_name,
    platform_campaign_id as campaign_group_id, code as campaign_group_name, account_id,
    'SPONSORED_UPDATES' as type,
    if(campaigns.ends_at < period.ends_at, 'COMPLETED', 'ACTIVE') as status
from ads
join campaigns using (campaign)
join ad_accounts on ad_accounts.number = ads.account
cross join period
where ads.platform = 'linkedin_ads'
order by campaign_id
"""

EXPORTS = (
    Export("google_ads", "ad_daily", _GOOGLE_ADS, _DAYS.format(platform="google_ads")),
    Export("google_ads", "campaign_daily", _GOOGLE_CAMPAIGNS, _DAYS.format(platform="google_ads")),
    Export("google_ads", "accounts", _GOOGLE_ACCOUNTS),
    Export("meta_ads", "ad_daily", _META_ADS, _DAYS.format(platform="meta_ads")),
    Export("meta_ads", "accounts", _META_ACCOUNTS),
    Export("linkedin_ads", "creative_daily", _LINKEDIN_ADS, _DAYS.format(platform="linkedin_ads")),
    Export("linkedin_ads", "campaigns", _LINKEDIN_CAMPAIGNS),
    Export("linkedin_ads", "accounts", _LINKEDIN_ACCOUNTS),
    Export("microsoft_ads", "ad_daily", _MICROSOFT_ADS, _DAYS.format(platform="microsoft_ads")),
    Export("microsoft_ads", "accounts", _MICROSOFT_ACCOUNTS),
)
