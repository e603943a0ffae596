select
    kpi,
    meaning,
    formula,
    unit,
    grain,
    caveat,
    owner,
    kind
from {{ ref('dim_metrics') }}
