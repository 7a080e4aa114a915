{#- The fingerprints of a group of rows as one text, whatever their order. No two rows of the group may be alike. -#}
{% macro fingerprint_of_all(fingerprints) -%}
    cast(bit_xor({{ fingerprints }}) as {{ dbt.type_string() }})
{%- endmacro %}
