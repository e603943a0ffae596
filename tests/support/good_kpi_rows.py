"""One good row of each published table of KPIs, with the columns that its rules read."""

GOOD_KPIS: dict[str, dict[str, tuple[str, object]]] = {
    "metric_dictionary": {"kpi": ("varchar", "win_rate")},
    "kpi_baseline": {
        "kpi": ("varchar", "win_rate"),
        "variant": ("varchar", ""),
        "breakdown": ("varchar", "all"),
        "breakdown_value": ("varchar", "all"),
        "frozen_at": ("timestamp", "2026-01-01"),
    },
}
