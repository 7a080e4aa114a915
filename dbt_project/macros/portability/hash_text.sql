{#- One text of 32 characters that stands for several values in order; null and empty are told apart. -#}
{% macro hash_text(values) -%}
    md5(
        {%- for value in values %}
        coalesce('=' || cast({{ value }} as {{ dbt.type_string() }}), '-'){{ " || chr(31) ||" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
