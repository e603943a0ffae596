-- what was merged into another sale is counted there; here it stays as history
with opportunities as (
    select
        source_system,
        opportunity_id,
        account_record_id,
        stage,
        currency,
        lead_source,
        campaign_record_id,
        is_closed,
        is_won,
        is_deleted
        or coalesce(merged_into_record_id <> opportunity_id, false) as is_deleted,
        amount,
        created_at,
        close_date
    from {{ ref('int_opportunities__unioned') }}
),

history as (
    select * from {{ ref('int_opportunity_history__unioned') }}
),

account_records as (
    select source_system, record_id, account_id from {{ ref('int_account_records__matched') }}
),

first_amounts as (
    select
        source_system,
        opportunity_id,
        arg_min(amount, (changed_at, change_id)) as amount
    from history
    where amount is not null
    group by all
),

dated as (
    select
        opportunities.*,
        account_records.account_id,
        -- a deleted opportunity is no conversion, so its day may lack a rate
        case when not opportunities.is_deleted then opportunities.amount end as live_amount,
        case
            when not opportunities.is_deleted
                then coalesce(first_amounts.amount, opportunities.amount)
        end as created_amount,
        first_amounts.amount is null as is_created_amount_inferred,
        {{ reporting_date('opportunities.created_at') }} as created_date,
        -- an open opportunity's close date is a hope; its amount takes the rate of its creation
        case
            when opportunities.is_closed then opportunities.close_date
            else {{ reporting_date('opportunities.created_at') }}
        end as valued_date
    from opportunities
    left join account_records
        on opportunities.source_system = account_records.source_system
        and opportunities.account_record_id = account_records.record_id
    left join first_amounts
        on opportunities.source_system = first_amounts.source_system
        and opportunities.opportunity_id = first_amounts.opportunity_id
)

select * from dated
