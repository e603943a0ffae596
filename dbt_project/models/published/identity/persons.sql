select
    person_id,
    account_id,
    account_rule,
    created_at,
    mql_at,
    sql_at
from {{ ref('dim_persons') }}
