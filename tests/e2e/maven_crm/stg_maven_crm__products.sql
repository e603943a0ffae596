select * from {{ source('maven_crm', 'products') }}
qualify {{ is_current('maven_crm', 'products') }}
