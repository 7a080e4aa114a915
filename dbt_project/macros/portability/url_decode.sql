{#- Percent-encoded text of an address in clear, plus signs as blanks; what is not validly encoded stays as it is. -#}
{% macro url_decode(text) -%}
    {{ return(adapter.dispatch("url_decode", "throughline")(text)) }}
{%- endmacro %}

{% macro default__url_decode(text) -%}
    coalesce(try(url_decode(replace({{ text }}, '+', ' '))), {{ text }})
{%- endmacro %}

{% macro spark__url_decode(text) -%}
    case
        when {{ text }} rlike '%([^0-9A-Fa-f]|[0-9A-Fa-f]([^0-9A-Fa-f]|$)|$)' then {{ text }}
        else url_decode({{ text }})
    end
{%- endmacro %}
