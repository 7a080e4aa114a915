-- One row per month, kind of journey, entry channel, segment, level of path, number of the step and step: how many
-- journeys were there at that step. A journey that has ended stays at its outcome, such as (converted), so that each
-- number of a step has all journeys.
{%- set most_steps = 20 %}
with

journeys as (

    select * from {{ ref('fct_journeys') }}
    where channel_path is not null

),

customer_value as (

    select * from {{ ref('mart_customer_value') }}

),

steps as (

    select * from {{ ref('int_paths__steps') }}

),

step_numbers as (

    {%- for number in range(1, most_steps + 1) %}
    select {{ number }} as step_number
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

described_steps as (

    select
        cast({{ dbt.date_trunc('month', 'journeys.started_at') }} as date) as month_start_date,
        journeys.kind as journey_kind,
        journeys.entry_channel,
        coalesce(customer_value.segment, 'no_purchase') as segment,
        steps.path_level,
        steps.step_number,
        steps.step,
        journeys.status,
        steps.next_step is null as is_last
    from steps
    inner join journeys
        on steps.journey_id = journeys.journey_id
    left join customer_value
        on journeys.customer_id = customer_value.customer_id

),

reached as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        path_level,
        step_number,
        step,
        count(*) as journeys
    from described_steps
    where step_number <= {{ most_steps }}
    group by month_start_date, journey_kind, entry_channel, segment, path_level, step_number, step

),

endings as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        path_level,
        step_number as last_step_number,
        '(' || status || ')' as step,
        count(*) as journeys
    from described_steps
    where is_last
    group by month_start_date, journey_kind, entry_channel, segment, path_level, step_number, status

),

ended as (

    select
        endings.month_start_date,
        endings.journey_kind,
        endings.entry_channel,
        endings.segment,
        endings.path_level,
        step_numbers.step_number,
        endings.step,
        sum(endings.journeys) as journeys
    from endings
    inner join step_numbers
        on endings.last_step_number < step_numbers.step_number
    group by
        endings.month_start_date,
        endings.journey_kind,
        endings.entry_channel,
        endings.segment,
        endings.path_level,
        step_numbers.step_number,
        endings.step

),

all_steps as (

    select * from reached
    union all
    select * from ended

),

shares as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        path_level,
        cast(step_number as {{ dbt.type_int() }}) as step_number,
        step,
        cast(journeys as {{ dbt.type_bigint() }}) as journeys,
        cast(journeys as double) / sum(journeys) over (
            partition by month_start_date, journey_kind, entry_channel, segment, path_level, step_number
        ) as journey_share
    from all_steps

)

select * from shares
