select
    attribution_model,
    scenario,
    companies,
    mean_absolute_error,
    worst_error,
    worst_channel,
    rank_correlation,
    largest_bias,
    most_biased_channel,
    unattributed_share
from {{ ref('fct_model_errors') }}
