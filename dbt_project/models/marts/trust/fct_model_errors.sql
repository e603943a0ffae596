select
    attribution_model,
    scenario,
    worst_channel,
    most_biased_channel,

    companies,
    mean_absolute_error,
    worst_error,
    rank_correlation,
    largest_bias,
    unattributed_share
from {{ ref('model_errors') }}
