with accounts as (
    select * from {{ ref('int_accounts__unified') }}
),

persons as (
    select account_id, count(*) as persons
    from {{ ref('int_persons__profiled') }}
    where not is_deleted
    group by account_id
)

select
    accounts.account_id,
    accounts.source_system,
    accounts.name,
    accounts.domain,
    accounts.industry,
    accounts.country,
    coalesce(persons.persons, 0) as persons,
    accounts.created_at
from accounts
left join persons on accounts.account_id = persons.account_id
where not accounts.is_deleted
