-- One row per load of messages, and how many of its messages all models by load have. Written after them: the next
-- run adds to them what this does not name. Where only some of them were built, it names nothing.
{%- set by_load = [
    'stg_web__events',
    'stg_app__events',
    'stg_marketing__events',
    'stg_segment__event_products',
    'stg_segment__postal_addresses',
    'stg_segment__clicks',
    'int_records__unioned',
    'int_records__keys',
    'int_records__internal',
    'int_identity__observed',
    'int_identity__values',
    'int_identity__identifiers',
    'int_identity__told_attributes',
] %}
{%- for model in by_load %}
-- depends_on: {{ ref(model) }}
{%- endfor %}
with

loads as (

    select * from {{ ref('stg_segment__loads') }}
    {%- if not are_all_in_this_run(['stg_segment__loads'] + by_load) %}
    where 1 = 0
    {%- endif %}

)

select * from loads
