{#- Returns the way in of a ticket as the seed `support_channels` spells it: "Web Widget" and "web-widget" are `web_widget`. -#}
{% macro via_name(channel) -%}
    {%- set words = regexp_replace("lower(" ~ channel ~ ")", "'[^a-z0-9]+'", "'_'") -%}
    nullif({{ regexp_replace(words, "'^_|_$'", "''") }}, '')
{%- endmacro %}
