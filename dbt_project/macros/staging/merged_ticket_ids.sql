{#- The tickets that were merged into the ticket of a merge note, as a JSON array, from the note's `via`; else null. -#}
{% macro merged_ticket_ids(via) -%}
    {{ regexp_extract(via, "'\"ticket_ids\"[ ]*:[ ]*([[][^]]*[]])'") }}
{%- endmacro %}
