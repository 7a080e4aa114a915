{#-
    Materialization `connected_components`: the model selects links (`left_node`, `right_node`), the table holds one row
    per node with the `component` it belongs to, named by the component's smallest node.

    Hooking and pointer jumping: in each round every root hooks on to its smallest linked root, chains of hooks are
    shortened until each points at a root, and the links are rewritten between roots. It ends when no link joins two
    roots, and proves it on the original links before the table takes its name. A node without links is a link to itself.
-#}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type="table") -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set built_relation = make_intermediate_relation(target_relation) -%}
    {%- set preexisting_built = load_cached_relation(built_relation) -%}
    {%- set work = [] -%}

    {{ drop_relation_if_exists(preexisting_built) }}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set links = components_work_table(work, "links", sql) -%}
    {%- set nodes = components_work_table(work, "nodes", components_number_nodes(links)) -%}
    {%- set edges = components_work_table(work, "edges", components_number_links(links, nodes)) -%}
    {%- set solved = components_solve(work, nodes, edges) -%}

    {% call statement("main") -%}
        {{ create_table_as(False, built_relation, components_named(nodes, solved)) }}
    {%- endcall %}

    {{ components_prove(links, built_relation) }}

    {% if existing_relation is not none -%} {{ adapter.drop_relation(existing_relation) }} {%- endif %}
    {{ adapter.rename_relation(built_relation, target_relation) }}
    {% for relation in work -%} {{ adapter.drop_relation(relation) }} {%- endfor %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
