-- One row per customer, field, value and source that states it.
with

attributes as (

    select * from {{ ref('int_customers__attributes') }}

),

-- A value ranks by the best of its sources.
ranked_values as (

    select
        *,
        min(attribute_rank) over (partition by customer_id, attribute, attribute_value) as best_rank
    from attributes

),

described_attributes as (

    select
        customer_id,
        attribute,
        attribute_value,
        source,
        first_told_at as first_stated_at,
        last_told_at as last_stated_at,
        times_told as times_stated,
        is_verified,
        survivorship_rule,
        cast(
            dense_rank() over (partition by customer_id, attribute order by best_rank) as {{ dbt.type_int() }}
        ) as value_rank,
        best_rank = 1 as is_current,
        attribute_rank = 1 as is_source_of_current
    from ranked_values

)

select * from described_attributes
