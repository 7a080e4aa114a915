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
    {%- set work = namespace(tables=[], waiting=[]) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {{ components_rebuild(work, target_relation, existing_relation, sql) }}
    {% do adapter.dispatch("components_drop_work_tables")(work) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
