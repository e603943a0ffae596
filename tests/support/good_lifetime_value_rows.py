"""One good row of each published table of what customers are worth."""

_GROUP = {"breakdown": ("varchar", "channel"), "breakdown_value": ("varchar", "webinar")}
_GRADE = {
    "null_reason": ("varchar", None),
    "grade": ("varchar", "B"),
    "grade_reason": ("varchar", "sample_size"),
}
_MARGIN = {
    **_GROUP,
    "age_months": ("integer", 12),
    "customers": ("bigint", 40),
    "observed_customers": ("bigint", 40),
    "realised_margin": ("double", 900.0),
    **_GRADE,
}

GOOD_LIFETIME_VALUE: dict[str, dict[str, tuple[str, object]]] = {
    "customers": {
        "customer_id": ("varchar", "a1"),
        "is_churned": ("boolean", True),
        "churned_date": ("date", "2026-01-31"),
    },
    "lifetime_value": {
        **_GROUP,
        "renewals_due": ("bigint", 40),
        "renewals_made": ("bigint", 40),
        "renewal_rate": ("double", 1.0),
        "renewal_rate_low": ("double", 0.91),
        "renewal_rate_high": ("double", 1.0),
        "expected_lifetime_value": ("double", 3000.0),
        "purchase_independence": ("double", 0.0),
        "purchase_independence_low": ("double", -0.3),
        "purchase_independence_high": ("double", 0.3),
        **_GRADE,
    },
    "margin_by_cohort": {**_MARGIN, "cohort_quarter": ("date", "2025-01-01")},
    "margin_by_origin": _MARGIN,
}
