-- one row per gross margin of the whole company and the days on which it holds
with margins as (
    select * from {{ ref('int_margins__unioned') }}
    where product_line = 'all'
)

select
    margin_share,
    valid_from,
    coalesce(
        lead(valid_from) over (order by valid_from), cast('9999-12-31' as date)
    ) as valid_before
from margins
