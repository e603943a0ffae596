{{ config(materialized='table') }}

with records as (
    select * from {{ ref('int_person_records__resolved') }}
),

profiled as (
    select
        person_id,
        -- a record that was merged away is deleted, its person is not
        coalesce(
            bool_and(is_deleted) filter (where merged_into_record_id is null), false
        ) as is_deleted,
        -- a link that somebody set in a system outranks the domain of the address
        coalesce(
            arg_min(linked_account_id, (is_deleted, created_at, node_key))
            filter (where linked_account_id is not null),
            arg_min(domain_account_id, (is_deleted, created_at, node_key))
            filter (where domain_account_id is not null)
        ) as account_id,
        case
            when bool_or(linked_account_id is not null) then 'crm_id'
            when bool_or(domain_account_id is not null) then 'email_domain'
        end as account_rule,
        min(created_at) as created_at,
        min(mql_at) as mql_at,
        min(sql_at) as sql_at
    from records
    group by person_id
)

select * from profiled
