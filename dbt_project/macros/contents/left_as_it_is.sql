{#- What a materialization returns for a table that it has not touched, since it would hold what it holds. -#}
{% macro left_as_it_is(relation) -%}
    {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
    {{ return({"relations": [relation]}) }}
{%- endmacro %}
