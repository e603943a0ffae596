with records as (
    select * from {{ ref('int_account_records__matched') }}
),

-- the record that gave the account its id speaks first, the others fill its gaps
unified as (
    select
        account_id,
        -- a record that was merged away is deleted, its account is not
        coalesce(
            bool_and(is_deleted) filter (where merged_into_record_id is null), false
        ) as is_deleted,
        arg_min(name, (record_id <> account_id, created_at, record_id))
        filter (where name is not null) as name,
        arg_min(domain, (record_id <> account_id, created_at, record_id))
        filter (where domain is not null) as domain,
        arg_min(industry, (record_id <> account_id, created_at, record_id))
        filter (where industry is not null) as industry,
        arg_min(country, (record_id <> account_id, created_at, record_id))
        filter (where country is not null) as country,
        arg_min(source_system, (record_id <> account_id, created_at, record_id)) as source_system,
        min(created_at) as created_at
    from records
    group by account_id
)

select * from unified
