select
    attribution_model,
    scenario,
    channel,

    true_share,
    attributed_share,
    bias
from {{ ref('model_error_channels') }}
