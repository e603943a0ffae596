with records as (
    select
        *,
        {{ registrable_domain('domain') }} as registrable_domain
    from {{ ref('int_account_records__unioned') }}
),

survivors as (
    select * from {{ ref('int_account_records__merged') }}
),

-- the systems that hold opportunities are the ones whose accounts count
selling_systems as (
    select distinct source_system from {{ ref('int_opportunities__unioned') }}
),

free_mail_domains as (
    select domain from {{ ref('free_mail_domains') }}
),

by_domain as (
    select
        registrable_domain,
        min(record_id) as record_id
    from records
    where
        source_system in (select source_system from selling_systems)
        and not is_deleted
        and merged_into_record_id is null
        and registrable_domain not in (select domain from free_mail_domains)
    group by registrable_domain
),

matched as (
    select
        records.*,
        coalesce(
            synced.survivor_id,
            case when survivors.survivor_id <> records.record_id then survivors.survivor_id end,
            case
                when records.source_system not in (select source_system from selling_systems)
                    then by_domain.record_id
            end,
            records.record_id
        ) as account_id
    from records
    inner join survivors
        on records.source_system = survivors.source_system
        and records.record_id = survivors.record_id
    left join survivors as synced
        on records.synced_record_id = synced.record_id
        and records.source_system <> synced.source_system
    left join by_domain on records.registrable_domain = by_domain.registrable_domain
)

select * from matched
