-- A failing row is a conversion whose credits, in one attribution model, do not share out the whole of it:
-- some of it is lost (a model that says nothing of it included) or counted twice.
with

conversions as (

    select
        conversion_kind,
        conversion_id
    from {{ ref('fct_touchpoints') }}
    where is_conversion

),

attribution as (

    select * from {{ ref('fct_attribution') }}

),

models as (

    select distinct model
    from attribution

),

credits as (

    select
        conversion_kind,
        conversion_id,
        model,
        sum(credit) as credit
    from attribution
    group by conversion_kind, conversion_id, model

)

select
    conversions.conversion_kind,
    conversions.conversion_id,
    models.model,
    credits.credit
from conversions
cross join models
left join credits
    on
        conversions.conversion_kind = credits.conversion_kind
        and conversions.conversion_id = credits.conversion_id
        and models.model = credits.model
where
    credits.credit is null
    or abs(credits.credit - 1) > 0.000000001
