"""One good row of each published table of what customers cost and what spend returns."""

_PERIOD = {"period": ("varchar", "quarter"), "period_start": ("date", "2026-01-01")}
_CELL = {"breakdown": ("varchar", "all"), "breakdown_value": ("varchar", "all")}
_MODEL = {"attribution_model": ("varchar", "linear")}
_LAG = {"lag": ("varchar", "none")}
_BASIS = {"basis": ("varchar", "sale_date")}
_GRADE = {
    "sample_size": ("bigint", 12),
    "grade": ("varchar", "C"),
    "grade_reason": ("varchar", "sample_size"),
    "null_reason": ("varchar", None),
}


def _doubles(**values: float) -> dict[str, tuple[str, object]]:
    return {name: ("double", value) for name, value in values.items()}


GOOD_COST: dict[str, dict[str, tuple[str, object]]] = {
    "cost_monthly": {
        "cost_month": ("date", "2026-01-01"),
        "cost_category": ("varchar", "agency"),
        "team": ("varchar", "marketing"),
        "channel": ("varchar", "paid_search"),
        "campaign_type": ("varchar", "none"),
        "cost": ("decimal(18, 2)", 100),
    },
    "acquisition_cost": {
        **_PERIOD, **_MODEL, **_LAG, **_CELL,
        **_doubles(paid_cac=100, paid_cac_low=60, paid_cac_high=190),
        **_GRADE,
    },
    "acquisition_cost_range": {
        **_PERIOD, **_LAG, **_CELL,
        **_doubles(least_paid_cac=90, median_paid_cac=100, most_paid_cac=120),
        **_GRADE,
    },
    "cost_per_stage": {**_PERIOD, **_MODEL, **_CELL, **_doubles(cost_per_lead=10), **_GRADE},
    "blended_acquisition_cost": {
        **_PERIOD, **_LAG,
        **_doubles(blended_cac=100, blended_cac_low=60, blended_cac_high=190,
                   cac_payback_months=5),
        **_GRADE,
    },
    "return_on_spend": {**_PERIOD, **_MODEL, **_BASIS, **_CELL, **_doubles(marketing_roi=-0.5),
                        **_GRADE},
    "return_on_spend_range": {
        **_PERIOD, **_BASIS, **_CELL,
        **_doubles(least_attributed_revenue=-1, median_attributed_revenue=0,
                   most_attributed_revenue=1, least_roas=0, median_roas=1, most_roas=2,
                   least_marketing_roi=-0.5, median_marketing_roi=0.5, most_marketing_roi=1),
        **_GRADE,
    },
    "return_change": {
        **_PERIOD, **_MODEL, "kpi": ("varchar", "roas"),
        **_doubles(base=2, now=3, own_change=0.75, mix_change=0.25),
        **_GRADE,
    },
}  # fmt: skip
