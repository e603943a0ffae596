select calendar_date from {{ ref('dim_days') }}
