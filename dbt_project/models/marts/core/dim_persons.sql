select
    person_id,
    account_id,
    account_rule,
    created_at,
    mql_at,
    sql_at
from {{ ref('int_persons__profiled') }}
where not is_deleted
