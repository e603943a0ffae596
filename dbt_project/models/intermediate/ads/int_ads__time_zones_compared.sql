-- how far the days of two zones can be compared: over the year up to the last reported day,
-- once a day, since a zone's offset changes twice a year and not in the same week everywhere
with accounts as (
    select distinct time_zone from {{ ref('int_ads__accounts_unioned') }}
    where time_zone is not null
),

last_day as (
    select max(report_date) as report_date from {{ ref('int_ads__spend_classified') }}
),

instants as (
    select
        cast(report_date - cast(ages.age as integer) as timestamp) + interval 12 hour as noon
    from last_day
    cross join range(366) as ages (age)
),

-- a name that the database does not know has no offset, and is no error
known as (
    select distinct accounts.time_zone
    from accounts
    inner join pg_timezone_names() as zones on accounts.time_zone = zones.name
),

offsets as (
    select
        known.time_zone,
        date_diff(
            'minute',
            timezone('{{ var("reporting_time_zone") }}', timezone('UTC', instants.noon)),
            timezone(known.time_zone, timezone('UTC', instants.noon))
        ) / 60.0 as offset_hours
    from known
    cross join instants
),

compared as (
    select
        accounts.time_zone,
        cast(min(offsets.offset_hours) as double) as offset_hours_min,
        cast(max(offsets.offset_hours) as double) as offset_hours_max
    from accounts
    left join offsets on accounts.time_zone = offsets.time_zone
    group by accounts.time_zone
)

select
    time_zone,
    offset_hours_min,
    offset_hours_max,
    case
        when offset_hours_min is null then 'unknown'
        when offset_hours_min = 0 and offset_hours_max = 0 then 'same'
        else 'shifted'
    end as day_comparability
from compared
