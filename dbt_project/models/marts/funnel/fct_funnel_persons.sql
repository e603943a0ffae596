-- one row per person: when each stage was first reached, and by which channel they came
with persons as (
    select * from {{ ref('int_funnel_persons__profiled') }}
),

reached as (
    select
        person_id,
        max(reached_at) filter (where stage = 'mql') as mql_at,
        max(reached_at) filter (where stage = 'sql') as sql_at,
        max(reached_at) filter (where stage = 'opportunity') as opportunity_at
    from {{ ref('int_lifecycle_stages__reached') }}
    group by person_id
)

select
    persons.person_id,
    persons.first_channel,
    persons.created_at,
    reached.mql_at,
    reached.sql_at,
    reached.opportunity_at,
    persons.won_date,
    persons.created_date
from persons
left join reached on persons.person_id = reached.person_id
