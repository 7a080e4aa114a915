{#-
    Materialization `connected_components`: the model selects links (`left_node`, `right_node`), the table holds one row
    per node with the `component` it belongs to, named by the component's smallest node.

    Hooking and pointer jumping: in each round every root hooks on to its smallest linked root, chains of hooks are
    shortened until each points at a root, and the links are rewritten between roots. It ends when no link joins two
    roots, and proves it on the original links before the table takes its name. A node without links is a link to itself.

    The links that were solved are remembered beside the table, in `<model>__solved`, each once however often it is told.
    The next run solves only what differs: new links join whole components, and a component that lost a link is taken apart
    and solved anew. The result is that of a full refresh. What differs is found by comparing all links with those
    remembered, unless the model is configured with `changed_links`, a relation of `left_node`, `right_node` and
    `is_removed`.
-#}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type="table") -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set solved_relation = components_solved_links() -%}
    {%- set was_solved = existing_relation is not none and adapter.get_relation(
        this.database, this.schema, solved_relation.identifier
    ) is not none -%}
    {%- set work = namespace(tables=[], waiting=[]) -%}

    {%- set look = look_at_contents(model.raw_code) -%}
    {%- if look.is_same and was_solved and not should_full_refresh() -%}
        {{ return(left_as_it_is(target_relation)) }}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if was_solved and not should_full_refresh() %}
        {{ components_update(work, target_relation, solved_relation, sql) }}
    {% else %}
        {{ components_rebuild(work, target_relation, existing_relation, solved_relation, sql) }}
    {% endif %}
    {% do adapter.dispatch("components_drop_work_tables")(work) %}
    {%- set told = remember_contents(target_relation, look.made_from) -%}
    {% if told %} {% do run_query(told) %} {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
