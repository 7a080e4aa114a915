{#-
    Text without blanks, tabs and line ends around it; null where nothing is left. On DuckDB the first and last characters
    are looked at before (blanks sort before '!'): nearly all text is clean, and trimming it all took longer than parsing the
    JSON it came from.
-#}
{% macro clean_text(text) -%}
    {{ return(adapter.dispatch("clean_text", "throughline")(text)) }}
{%- endmacro %}

{% macro default__clean_text(text) -%}
    case
        when {{ text }} < '!' or right({{ text }}, 1) < '!'
            then nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '')
        else {{ text }}
    end
{%- endmacro %}

{% macro spark__clean_text(text) -%}
    nullif(trim(both ' \t\n\r' from {{ text }}), '')
{%- endmacro %}
