-- One row per conversion, step of its path and rule-based attribution model that gives the step a share of
-- the conversion.
with

paths as (

    select * from {{ ref('int_attribution__paths') }}

),

-- Weights are summed in the order of the path: a sum of floating-point numbers depends on the order, and two runs must
-- agree.
weighted_paths as (

    select
        *,
        power(2, -days_before / 7.0) as decay_weight
    from paths

),

credits as (

    select
        conversion_touchpoint_id,
        customer_id,
        touchpoint_id,
        channel,
        case when path_position = 1 then 1.0 else 0.0 end as first_touch,
        case when position_from_last = 1 then 1.0 else 0.0 end as last_touch,
        case when non_direct_position_from_last = 1 then 1.0 else 0.0 end as last_non_direct,
        cast(1 as double) / path_length as linear,
        case
            when path_length = 1 then 1.0
            when path_length = 2 then 0.5
            when path_position = 1 or position_from_last = 1 then 0.4
            else cast(0.2 as double) / (path_length - 2)
        end as position_based,
        decay_weight / sum(decay_weight) over (
            partition by conversion_touchpoint_id
            order by path_position
            rows between unbounded preceding and unbounded following
        ) as time_decay
    from weighted_paths

),

rule_credits as (

    {% for model in ['first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'time_decay'] %}
    select
        conversion_touchpoint_id,
        customer_id,
        touchpoint_id,
        channel,
        '{{ model }}' as attribution_model,
        cast({{ model }} as double) as credit
    from credits
    where {{ model }} > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {% endfor %}

)

select * from rule_credits
