-- One row per fingerprint as it was when everything was last built to the end, and three of the project and
-- the run that built it. Written last: what it says is what all models by customer hold.
-- depends_on: {{ ref('fct_journey_transitions') }}
-- depends_on: {{ ref('fct_sessions') }}
-- depends_on: {{ ref('fct_touchpoints') }}
-- depends_on: {{ ref('int_attribution__lost_paths') }}
-- depends_on: {{ ref('int_attribution__path_channels') }}
-- depends_on: {{ ref('int_attribution__paths') }}
-- depends_on: {{ ref('int_attribution__rule_credits') }}
-- depends_on: {{ ref('int_attribution__shapley_credits') }}
-- depends_on: {{ ref('int_commerce__cart_lines') }}
-- depends_on: {{ ref('int_commerce__cart_links') }}
-- depends_on: {{ ref('int_commerce__cart_touchpoints') }}
-- depends_on: {{ ref('int_commerce__carts') }}
-- depends_on: {{ ref('int_consistency__price_sightings') }}
-- depends_on: {{ ref('int_customers__activity') }}
-- depends_on: {{ ref('int_journeys__described') }}
-- depends_on: {{ ref('int_journeys__follow_ups') }}
-- depends_on: {{ ref('int_journeys__keys_carried') }}
-- depends_on: {{ ref('int_journeys__keys_seen') }}
-- depends_on: {{ ref('int_journeys__objects') }}
-- depends_on: {{ ref('int_journeys__purchase_touchpoints') }}
-- depends_on: {{ ref('int_journeys__restarts') }}
-- depends_on: {{ ref('int_journeys__runs') }}
-- depends_on: {{ ref('int_journeys__service_touchpoints') }}
-- depends_on: {{ ref('int_journeys__touchpoints') }}
-- depends_on: {{ ref('int_journeys__transitions') }}
-- depends_on: {{ ref('int_recommendations__responses') }}
-- depends_on: {{ ref('int_touchpoints__arrivals') }}
-- depends_on: {{ ref('int_touchpoints__classified') }}
-- depends_on: {{ ref('int_touchpoints__keys') }}
-- depends_on: {{ ref('int_touchpoints__landings') }}
-- depends_on: {{ ref('int_touchpoints__sessionised') }}
-- depends_on: {{ ref('int_touchpoints__unioned') }}
-- depends_on: {{ ref('mart_customer_timeline') }}

with

fingerprints as (

    select * from {{ ref('int_changes__fingerprints') }}

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
