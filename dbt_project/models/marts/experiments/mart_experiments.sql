-- One row per experiment and variant: how many were shown it first, how many of them bought, and by how much that
-- differs from the control, with 95 % confidence intervals. Shares: Newcombe's interval, made of two of Wilson's.
-- Revenue per person: a normal interval with a variance of its own for each variant (Welch).
{%- set z = 1.959963984540054 %}
{%- set controls = "('" ~ var('experiment_controls') | join("', '") ~ "')" %}
with

exposures as (

    select * from {{ ref('fct_experiment_exposures') }}

),

variants as (

    select
        experiment_id,
        variant,
        max(experiment_name) as experiment_name,
        max(variant_name) as variant_name,
        min(first_shown_at) as first_shown_at,
        max(first_shown_at) as last_shown_at,
        count(*) as exposed,
        {{ count_where('is_converted') }} as converted,
        {{ count_where('variants_shown > 1') }} as shown_several_variants,
        cast(sum(purchases) as {{ dbt.type_bigint() }}) as purchases,
        cast(sum(revenue_reporting) as {{ type_money() }}) as revenue_reporting,
        -- A sum of fractions depends on their order, and two runs must agree.
        sum({{
            try_cast(rounded('power(cast(revenue_reporting as double), 2)', 8), 'decimal(38, 8)')
        }}) as squared_revenue,
        max(reporting_currency) as reporting_currency
    from exposures
    group by experiment_id, variant

),

ranked_variants as (

    select
        *,
        cast(converted as double) / exposed as conversion_rate,
        cast(revenue_reporting as double) / exposed as revenue_per_person,
        -- One person has no variance.
        case
            when exposed > 1
                then
                    greatest(
                        cast(squared_revenue as double) - power(cast(revenue_reporting as double), 2) / exposed, 0
                    ) / (exposed - 1) / exposed
        end as revenue_variance,
        row_number() over (
            partition by experiment_id
            order by
                case when lower(variant) in {{ controls }} or lower(variant_name) in {{ controls }} then 0 else 1 end,
                variant
        ) = 1 as is_control
    from variants

),

wilson_intervals as (

    select
        *,
        (conversion_rate + {{ z * z }} / (2 * exposed)) / (1 + {{ z * z }} / exposed)
        - {{ z }} * sqrt(conversion_rate * (1 - conversion_rate) / exposed + {{ z * z }} / (4.0 * exposed * exposed))
        / (1 + {{ z * z }} / exposed) as conversion_rate_low,
        (conversion_rate + {{ z * z }} / (2 * exposed)) / (1 + {{ z * z }} / exposed)
        + {{ z }} * sqrt(conversion_rate * (1 - conversion_rate) / exposed + {{ z * z }} / (4.0 * exposed * exposed))
        / (1 + {{ z * z }} / exposed) as conversion_rate_high
    from ranked_variants

),

differences as (

    select
        variants.*,
        variants.conversion_rate - controls.conversion_rate as difference,
        sqrt(
            power(variants.conversion_rate - variants.conversion_rate_low, 2)
            + power(controls.conversion_rate_high - controls.conversion_rate, 2)
        ) as difference_below,
        sqrt(
            power(variants.conversion_rate_high - variants.conversion_rate, 2)
            + power(controls.conversion_rate - controls.conversion_rate_low, 2)
        ) as difference_above,
        variants.revenue_per_person - controls.revenue_per_person as revenue_difference,
        {{ z }} * sqrt(variants.revenue_variance + controls.revenue_variance) as revenue_margin
    from wilson_intervals as variants
    left join wilson_intervals as controls
        on
            variants.experiment_id = controls.experiment_id
            and controls.is_control
            and not variants.is_control

),

experiments as (

    select
        experiment_id,
        experiment_name,
        variant,
        variant_name,
        is_control,
        first_shown_at,
        last_shown_at,
        exposed,
        shown_several_variants,
        converted,
        conversion_rate,
        conversion_rate_low,
        conversion_rate_high,
        difference as conversion_difference,
        purchases,
        revenue_reporting,
        revenue_per_person,
        revenue_difference,
        reporting_currency,
        difference - difference_below as conversion_difference_low,
        difference + difference_above as conversion_difference_high,
        revenue_difference - revenue_margin as revenue_difference_low,
        revenue_difference + revenue_margin as revenue_difference_high
    from differences

)

select * from experiments
