{#- The first of several texts that says anything, trimmed; null where none does. -#}
{% macro first_text(texts) -%}
    {%- if texts | length == 1 -%}
        {{ clean_text(texts[0]) }}
    {%- else -%}
        coalesce(
            {%- for text in texts %}
            {{ clean_text(text) }}{{ "," if not loop.last }}
            {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}
