{#-
    A select of the loads of which all models by load have the rows already: with as many messages as they had then.
    None where nothing tells what the models have.
-#}
{% macro kept_loads() -%}
    {%- set held = held_loads() -%}
    select loads.load_id from {{ ref("stg_segment__loads") }} as loads
    {%- if held is none %}
    where 1 = 0
    {%- else %}
    inner join {{ held }} as held
        on
            loads.load_id = held.load_id
            and loads.messages = held.messages
    {%- endif %}
{%- endmacro %}
