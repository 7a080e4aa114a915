-- One row per load that brought messages which are still there: how many they are.
-- A message whose earlier text comes later is taken out of its load: then the load has fewer.
with

{% for feed in ['web', 'app', 'marketing'] -%}
{{ feed }}_messages as (

    select * from {{ source('raw', feed ~ '_events') }}

),

{% endfor -%}
messages as (

    {%- for feed in ['web', 'app', 'marketing'] %}
    select _dlt_load_id as load_id from {{ feed }}_messages
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

loads as (

    select
        load_id,
        count(*) as messages
    from messages
    where load_id is not null
    group by load_id

)

select * from loads
