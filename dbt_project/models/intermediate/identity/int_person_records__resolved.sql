with records as (
    select * from {{ ref('int_person_records__unioned') }}
),

nodes as (
    select * from {{ ref('int_identity__nodes_resolved') }}
),

account_records as (
    select source_system, record_id, account_id from {{ ref('int_account_records__matched') }}
),

-- an address leads to an account by its domain, unless anybody can have one there
domains as (
    select
        {{ registrable_domain('domain') }} as registrable_domain,
        min(account_id) as account_id
    from {{ ref('int_accounts__unified') }}
    where not is_deleted
    group by all
    having registrable_domain not in (select domain from {{ ref('free_mail_domains') }})
)

select
    records.*,
    nodes.person_id,
    account_records.account_id as linked_account_id,
    domains.account_id as domain_account_id
from records
inner join nodes on records.node_key = nodes.node_key
left join account_records
    on records.source_system = account_records.source_system
    and records.account_record_id = account_records.record_id
left join domains
    on {{ registrable_domain('records.email_domain') }} = domains.registrable_domain
