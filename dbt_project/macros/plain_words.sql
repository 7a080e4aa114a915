{#-
    A name or address as it is compared: lower case, no accents, no punctuation, one blank between words; null where
    nothing is left. An apostrophe joins (O'Brien is obrien), all other punctuation parts (Lee-Hart is lee hart).
-#}
{% macro plain_words(text) -%}
    {%- set letters = "replace(replace(lower(" ~ without_accents(text) ~ "), chr(39), ''), '’', '')" -%}
    nullif(trim({{ regexp_replace(letters, "'[ .,;:!?*/\"()_<>{}|#+=-]+'", "' '") }}), '')
{%- endmacro %}
