-- One row per fingerprint as it was when everything was last built to the end, and three of the project and
-- the run that built it. Written last: what it says is what all models by customer hold; nothing where only
-- some of them were built.
{%- set by_customer = [
    'fct_journey_transitions',
    'fct_sessions',
    'fct_touchpoints',
    'int_attribution__lost_paths',
    'int_attribution__path_channels',
    'int_attribution__paths',
    'int_attribution__rule_credits',
    'int_attribution__shapley_credits',
    'int_commerce__cart_lines',
    'int_commerce__cart_links',
    'int_commerce__cart_touchpoints',
    'int_commerce__carts',
    'int_consistency__price_sightings',
    'int_customers__activity',
    'int_journeys__described',
    'int_journeys__follow_ups',
    'int_journeys__keys_carried',
    'int_journeys__keys_seen',
    'int_journeys__objects',
    'int_journeys__purchase_touchpoints',
    'int_journeys__restarts',
    'int_journeys__runs',
    'int_journeys__service_touchpoints',
    'int_journeys__touchpoints',
    'int_journeys__transitions',
    'int_recommendations__responses',
    'int_touchpoints__arrivals',
    'int_touchpoints__classified',
    'int_touchpoints__keys',
    'int_touchpoints__landings',
    'int_touchpoints__sessionised',
    'int_touchpoints__unioned',
    'mart_customer_timeline',
] %}
{%- for model in by_customer %}
-- depends_on: {{ ref(model) }}
{%- endfor %}

with

fingerprints as (

    select * from {{ ref('int_changes__fingerprints') }}
    {%- if not are_all_in_this_run(['int_dirty_customers'] + by_customer) %}
    where 1 = 0
    {%- endif %}

),

built as (

    select
        told,
        scope,
        scope_key,
        fingerprint
    from fingerprints
    {%- for name, value in built_now().items() %}
    union all
    select
        '{{ name }}' as told,
        'project' as scope,
        '{{ name }}' as scope_key,
        '{{ value }}' as fingerprint
    {%- endfor %}

)

select * from built
