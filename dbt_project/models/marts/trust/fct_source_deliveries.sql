-- one row per source: what was delivered and what became of it
with ledger as (
    select * from {{ source('ops', 'load_ledger') }}
)

select
    source,
    count(*) filter (where status = 'loaded') as files_loaded,
    count(*) filter (where status in ('refused', 'held')) as files_open,
    count(*) filter (where status in ('acknowledged', 'withdrawn')) as files_left_out,
    cast(coalesce(sum(rows_read) filter (where status = 'loaded'), 0) as bigint) as rows_read,
    cast(coalesce(sum(rows_loaded) filter (where status = 'loaded'), 0) as bigint) as rows_loaded,
    cast(coalesce(sum(rows_quarantined) filter (where status = 'loaded'), 0) as bigint)
        as rows_quarantined,
    cast(coalesce(sum(physical_lines) filter (where status = 'loaded'), 0) as bigint)
        as lines_read,
    cast(
        coalesce(sum(
            physical_lines - coalesce(preamble_lines, 0) - header_lines - blank_lines
            - coalesce(footer_lines, 0) - loaded_lines - quarantined_lines
        ) filter (where status = 'loaded'), 0) as bigint
    ) as lines_unaccounted,
    max(loaded_at) as last_loaded_at
from ledger
group by source
