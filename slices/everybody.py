"""Models of everybody: small tables, and marts that add up all customers. They are built whole on what is kept."""

from collections.abc import Collection

from slices.kept import FOR_EVERYBODY, MARTS, STATE
from slices.plan import Plan

# Fitted to everybody by a full build, and read by models of customers as they are until the next one.
PARAMETERS = (
    "int_attribution__removal_effects",
    "int_customers__rfm_limits",
    "int_customers__value_model",
    "int_identity__match_prior",
    "int_identity__naming_key",
    "int_recommendations__best_sellers",
    "int_recommendations__catalogue",
    "int_recommendations__product_pairs",
    "int_touchpoints__own_sites",
)
EVERYBODY = (
    "customer_id_redirects",
    "dim_campaigns",
    "dim_channels",
    "dim_dates",
    "dim_locations",
    "dim_products",
    "identity_dropped_links",
    "identity_history",
    "identity_map",
    "identity_quarantine",
    "identity_review",
    "int_attribution__ad_spend",
    "int_commerce__exchange_rates",
    "int_consistency__daily_prices",
    "int_consistency__price_conflicts",
    "int_consistency__promotion_conflicts",
    "int_deliveries__active_days",
    "int_deliveries__late_records",
    "int_identity__decisions",
    "int_identity__public_devices",
    "int_records__amounts",
    "mart_amount_coverage",
    "mart_attribution_totals",
    "mart_campaign_performance",
    "mart_channel_performance",
    "mart_completeness",
    "mart_consistency",
    "mart_currency_coverage",
    "mart_identity_health",
    "mart_identity_largest_people",
    "mart_internal_traffic",
    "mart_journey_funnel",
    "mart_late_arrivals",
    "mart_loads",
    "mart_mapping_coverage",
    "mart_omnichannel",
    "mart_outreach",
    "mart_rejects",
    "mart_retention",
    "stg_ledger__loads",
    "stg_ledger__rejects",
    "stg_marketing__ad_spend",
    "stg_store__locations",
    "stg_store__products",
)


def of_customers(plan: Plan, built: Collection[str]) -> set[str]:
    """Return the models that a slice builds for its customers beside those that are ``built`` or given already."""
    wanted = plan.upstream([*MARTS, *STATE, *FOR_EVERYBODY])
    return wanted - set(built) - set(PARAMETERS)


def missing_inputs(plan: Plan) -> dict[str, list[str]]:
    """Return what models of everybody read that is not kept: nothing, or the next slice would fail."""
    there = {*MARTS, *STATE, *FOR_EVERYBODY, *PARAMETERS, *EVERYBODY, *plan.seeds}
    lacks = {
        name: [parent for parent in plan.models[name].parents if parent not in there and parent in plan.models]
        for name in EVERYBODY
    }
    return {name: parents for name, parents in lacks.items() if parents}
