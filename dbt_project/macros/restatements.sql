{# Why a conversion is weighed differently: the first thing that differs, in this order. Without
   touchpoints there are no weights of channels, so to gain or lose all of them is no new version. #}
{% macro cause_of_weight_change(old, new) -%}
    case
        when {{ new }}.model_version <> {{ old }}.model_version then 'model_version'
        when coalesce({{ new }}.weights_version, '') <> coalesce({{ old }}.weights_version, '')
            and least({{ new }}.touchpoints, {{ old }}.touchpoints) > 0
            then 'weights_version'
        when coalesce({{ new }}.evidence_fingerprint, '') <> coalesce({{ old }}.evidence_fingerprint, '')
            then 'buying_group_edit'
        when coalesce({{ new }}.identity_fingerprint, '') <> coalesce({{ old }}.identity_fingerprint, '')
            then 'merge_or_stitching'
        when coalesce({{ new }}.touchpoint_fingerprint, '') <> coalesce({{ old }}.touchpoint_fingerprint, '')
            then case
                    when {{ new }}.touchpoints < {{ old }}.touchpoints then 'withdrawn_touchpoint'
                    else 'late_touchpoint'
                end
        when coalesce({{ new }}.origin_fingerprint, '') <> coalesce({{ old }}.origin_fingerprint, '')
            then 'platform_restatement'
        else 'stage_edit'
    end
{%- endmacro %}
