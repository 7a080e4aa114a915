-- One row per conversion and step on the path to it: its credit after Markov. The conversion is split
-- among the channels on its path in proportion to their removal effects, and a channel's part spread evenly
-- over its steps.
with

paths as (

    select * from {{ ref('int_attribution__paths') }}

),

path_channels as (

    select * from {{ ref('int_attribution__path_channels') }}

),

removal_effects as (

    select * from {{ ref('int_attribution__removal_effects') }}

),

channel_shares as (

    select
        path_channels.conversion_touchpoint_id,
        path_channels.channel,
        path_channels.steps,
        -- A sum of fractions depends on their order, and two runs must agree.
        removal_effects.removal_effect / nullif(sum(removal_effects.removal_effect) over (
            partition by path_channels.conversion_touchpoint_id
            order by path_channels.channel
            rows between unbounded preceding and unbounded following
        ), 0) as share
    from path_channels
    inner join removal_effects
        on path_channels.channel = removal_effects.channel

),

markov_credits as (

    select
        paths.conversion_touchpoint_id,
        paths.customer_id,
        paths.touchpoint_id,
        paths.channel,
        'markov' as attribution_model,
        cast(channel_shares.share / channel_shares.steps as double) as credit
    from paths
    inner join channel_shares
        on
            paths.conversion_touchpoint_id = channel_shares.conversion_touchpoint_id
            and paths.channel = channel_shares.channel

)

select * from markov_credits
