select * from {{ source('maven_crm', 'sales_teams') }}
qualify {{ is_current('maven_crm', 'sales_teams') }}
