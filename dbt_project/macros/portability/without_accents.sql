{#- The text with letters in place of accented ones: José is jose's spelling with an accent. Other scripts stay as they are. -#}
{% macro without_accents(text) -%}
    {{ return(adapter.dispatch("without_accents", "throughline")(text)) }}
{%- endmacro %}

{% macro default__without_accents(text) -%}
    strip_accents({{ text }})
{%- endmacro %}

{% macro spark__without_accents(text) -%}
    translate({{ text }}, 'áàâäãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')
{%- endmacro %}
