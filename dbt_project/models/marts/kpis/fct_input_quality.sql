-- One row per kind of input: the day up to which it has settled and the share of its sources' rows
-- that could be read. Figures take their grade from it.
{% set areas = {
    'crm': ['person_records', 'account_records', 'opportunities', 'opportunity_history'],
    'touchpoints': ['touchpoints', 'web_events'],
    'ads': ['ad_performance', 'campaign_spend'],
    'costs': ['costs'],
    'margins': ['margins'],
    'invoices': ['invoices'],
} %}
with reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

settled as (
    select 'crm' as area, as_of_date as settled_until from reporting_date
    union all
    select 'touchpoints' as area, max(occurred_date) as settled_until
    from {{ ref('fct_touchpoints') }}
    union all
    select 'ads' as area, min(spend_settled_until) as settled_until
    from {{ ref('int_ads__platforms_settled') }}
    union all
    select 'costs' as area, last_day(max(cost_month)) as settled_until
    from {{ ref('int_costs__unioned') }}
    union all
    -- a margin holds until another one is set
    select 'margins' as area, max(reporting_date.as_of_date) as settled_until
    from {{ ref('int_margins__filled') }}
    cross join reporting_date
    union all
    select 'invoices' as area, last_day(max(period_start)) as settled_until
    from {{ ref('int_invoices__unioned') }}
),

sources as (
    {% for area, interfaces in areas.items() %}
        {% set outer = loop %}
        {% for interface in interfaces %}
            {% for table in tables_feeding(interface) %}
                select '{{ area }}' as area, '{{ table.split("__")[0] }}' as source
                {% if not (outer.last and loop.last) %} union {% endif %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
),

delivered as (
    select
        sources.area,
        cast(sum(deliveries.rows_loaded) as double)
        / nullif(sum(deliveries.rows_loaded + deliveries.rows_quarantined), 0) as good_row_share
    from sources
    inner join {{ ref('fct_source_deliveries') }} as deliveries
        on sources.source = deliveries.source
    group by sources.area
)

select
    settled.area,
    settled.settled_until,
    delivered.good_row_share
from settled
left join delivered on settled.area = delivered.area
