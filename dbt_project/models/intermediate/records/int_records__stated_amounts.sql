-- One row per message and field of it that states amounts or quantities as numbers: how many it states.
{%- set fields = ['revenue', 'total', 'value', 'price', 'discount', 'quantity'] %}
with

events as (

    select * from {{ ref('int_records__events') }}

),

event_products as (

    select * from {{ ref('stg_segment__event_products') }}

),

numbers as (

    {%- for field in fields %}
    select
        event_key,
        '{{ field }}' as field
    from events
    where {{ field }} is not null
    union all
    {%- endfor %}
    {%- for field in ['price', 'quantity'] %}
    select
        event_key,
        'products.{{ field }}' as field
    from event_products
    where {{ field }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

stated_amounts as (

    select
        events.event_key,
        events.source_system,
        events.event_name,
        numbers.field,
        count(*) as amounts
    from numbers
    inner join events
        on numbers.event_key = events.event_key
    group by events.event_key, events.source_system, events.event_name, numbers.field

)

select * from stated_amounts
