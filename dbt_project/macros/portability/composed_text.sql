{#- The text in Unicode's composed form (NFC), without blanks around it and without invisible letters in it. -#}
{% macro composed_text(text) -%}
    {{ return(adapter.dispatch("composed_text", "throughline")(text)) }}
{%- endmacro %}

{% macro default__composed_text(text) -%}
    trim(nfc_normalize({{ visible_text(text) }}))
{%- endmacro %}

{#- Spark has no function for Unicode's forms. -#}
{% macro spark__composed_text(text) -%}
    trim({{ visible_text(text) }})
{%- endmacro %}

{#- The text without letters that have no form: no-break and zero-width blanks, soft hyphens, marks of direction. -#}
{% macro visible_text(text) -%}
    {%- set invisible = "[\\x{00A0}\\x{00AD}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}\\x{FEFF}]" -%}
    {{ regexp_replace(text, pattern_literal(invisible), "''") }}
{%- endmacro %}
