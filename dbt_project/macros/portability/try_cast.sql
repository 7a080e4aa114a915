{#- The value as `type`; null, not an error, where it cannot be one. -#}
{% macro try_cast(value, type) -%}
    try_cast({{ value }} as {{ type }})
{%- endmacro %}
