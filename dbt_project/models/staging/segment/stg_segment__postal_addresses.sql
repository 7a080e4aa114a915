-- One row per message that has a person's postal address: street and city of the trait `address` of the
-- Segment spec.
with

{% for feed in ['web', 'app', 'marketing'] -%}
raw_{{ feed }}_messages as (

    select * from {{ source('raw', feed ~ '_events') }}

),

{% endfor -%}
messages as (

    {%- for feed in ['web', 'app', 'marketing'] %}
    select
        '{{ feed }}' as source_system,
        message_id,
        traits,
        context
    from raw_{{ feed }}_messages
    where traits like '%"address"%' or context like '%"address"%'
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{% set address_fields = {'address': {'street': none, 'city': none}} -%}
parsed_messages as (

    select
        source_system,
        message_id,
        {{ json_fields('traits', address_fields) }} as traits,
        {{ json_fields('context', {'traits': address_fields}) }} as context
    from messages

),

addresses as (

    select
        {{ dbt.concat(['source_system', "':'", 'message_id']) }} as event_key,
        {{ first_text(['traits.address.street', 'context.traits.address.street']) }} as street,
        {{ first_text(['traits.address.city', 'context.traits.address.city']) }} as city
    from parsed_messages

),

postal_addresses as (

    select * from addresses
    where street is not null or city is not null

)

select * from postal_addresses
