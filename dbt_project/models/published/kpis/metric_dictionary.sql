select
    kpi,
    meaning,
    formula,
    unit,
    grain,
    caveat,
    owner,
    better,
    kind
from {{ ref('dim_metrics') }}
