select
    kpi,
    meaning,
    formula,
    unit,
    grain,
    caveat,
    owner,
    kind
from {{ ref('metrics') }}
