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
from {{ ref('metrics') }}
