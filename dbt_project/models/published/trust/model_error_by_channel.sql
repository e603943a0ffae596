select
    attribution_model,
    scenario,
    channel,
    true_share,
    attributed_share,
    bias
from {{ ref('fct_model_error_channels') }}
