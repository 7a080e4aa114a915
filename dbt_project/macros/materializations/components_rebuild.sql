{#- Solves every link, and puts the result in the place of what was there. -#}
{% macro components_rebuild(work, target, existing, sql) %}
    {%- set built = make_intermediate_relation(target) -%}
    {{ drop_relation_if_exists(load_cached_relation(built)) }}

    {%- set links = components_work_table(work, "links", sql) -%}
    {%- set nodes = components_work_table(work, "nodes", components_number_nodes(links)) -%}
    {%- set edges = components_work_table(work, "edges", components_number_links(links, nodes)) -%}
    {%- set roots = components_solve(work, nodes, edges) -%}

    {% call statement("main") -%}
        {{ components_waiting(work) }}
        {{ create_table_as(False, built, components_named(nodes, roots)) }}
    {%- endcall %}

    {{ components_prove(work, links, built) }}

    {% if existing is not none -%} {{ adapter.drop_relation(existing) }} {%- endif %}
    {{ adapter.rename_relation(built, target) }}
{% endmacro %}
