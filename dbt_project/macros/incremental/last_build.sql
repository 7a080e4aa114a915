{#-
    The table `int_changes__built`, beside the fingerprints, as the last build that came to its end left it, or none. No
    model: it is written when everything is built (`remember_what_was_built`), and read before.
-#}
{% macro last_build() -%}
    {%- if not execute -%} {{ return(none) }} {%- endif -%}
    {%- set beside = graph.nodes["model." ~ project_name ~ ".int_changes__fingerprints"] -%}
    {{ return(adapter.get_relation(beside.database, beside.schema, "int_changes__built")) }}
{%- endmacro %}
