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

{#- Solves all links and replaces the existing table by the result. -#}
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

{#-
    Hooks and jumps until no edge joins two roots. Returns the relation (`child`, `root`) of every node that is not its
    own root. At most 64 rounds: the number of roots in a component at least halves every second round.
-#}
{% macro components_solve(work, nodes, edges) %}
    {%- set state = namespace(edges=edges, open=components_count(work, "select count(*) from " ~ edges), roots=none) -%}
    {% for round in range(64) %}
        {% if state.open > 0 %}
            {%- set hooked = components_jump(work, components_work_table(work, "hooks", components_hook(state.edges))) -%}
            {% if state.roots is none %}
                {%- set state.roots = hooked -%}
            {% else %}
                {%- set state.roots = components_work_table(work, "roots", components_follow(state.roots, hooked)) -%}
            {% endif %}
            {%- set state.edges = components_work_table(work, "edges", components_contract(state.edges, hooked)) -%}
            {%- set state.open = components_count(work, "select count(*) from " ~ state.edges) -%}
        {% endif %}
    {% endfor %}
    {% if state.roots is none %}
        {%- set state.roots = components_work_table(work, "roots", "select node_id as child, node_id as root from " ~ nodes ~ " where 1 = 0") -%}
    {% endif %}
    {{ return(state.roots) }}
{% endmacro %}

{#- Every root that has a smaller linked root hooks on to the smallest. -#}
{% macro components_hook(edges) %}
    select high_id as child, min(low_id) as root from {{ edges }} group by high_id
{% endmacro %}

{#- Shortens chains of hooks by half at a time, until each hook points at a root. -#}
{% macro components_jump(work, hooks) %}
    {%- set state = namespace(hooks=hooks, chained=1) -%}
    {% for jump in range(64) %}
        {% if state.chained > 0 %}
            {%- set state.chained = components_count(
                work,
                "select count(*) from " ~ state.hooks ~ " as lower inner join " ~ state.hooks ~ " as upper on lower.root = upper.child"
            ) -%}
            {% if state.chained > 0 %}
                {%- set state.hooks = components_work_table(work, "hooks", components_shorten(state.hooks)) -%}
            {% endif %}
        {% endif %}
    {% endfor %}
    {{ return(state.hooks) }}
{% endmacro %}

{% macro components_shorten(hooks) %}
    select
        lower.child,
        coalesce(upper.root, lower.root) as root
    from {{ hooks }} as lower
    left join {{ hooks }} as upper on lower.root = upper.child
{% endmacro %}

{#- Moves the hooks of earlier rounds on to their new roots, and adds the hooks of this round. -#}
{% macro components_follow(roots, hooked) %}
    select
        earlier.child,
        coalesce(hooked.root, earlier.root) as root
    from {{ roots }} as earlier
    left join {{ hooked }} as hooked on earlier.root = hooked.child
    union all
    select child, root from {{ hooked }}
{% endmacro %}

{#- The edges between roots that are left. -#}
{% macro components_contract(edges, hooked) %}
    select distinct
        least(coalesce(lows.root, edges.low_id), coalesce(highs.root, edges.high_id)) as low_id,
        greatest(coalesce(lows.root, edges.low_id), coalesce(highs.root, edges.high_id)) as high_id
    from {{ edges }} as edges
    left join {{ hooked }} as lows on edges.low_id = lows.child
    left join {{ hooked }} as highs on edges.high_id = highs.child
    where coalesce(lows.root, edges.low_id) <> coalesce(highs.root, edges.high_id)
{% endmacro %}

{#- One row per node, numbered in the order of its name, so that the smallest number of a component names it. -#}
{% macro components_number_nodes(links) %}
    {{ return(adapter.dispatch("components_number_nodes", "throughline")(links)) }}
{% endmacro %}

{% macro default__components_number_nodes(links) %}
    select
        node,
        row_number() over (order by node) as node_id
    from (
        select left_node as node from {{ links }}
        union
        select right_node as node from {{ links }}
    ) as every_node
{% endmacro %}

{#- Names order as their numbers would, and one task would have to number all nodes. -#}
{% macro spark__components_number_nodes(links) %}
    select
        node,
        node as node_id
    from (
        select left_node as node from {{ links }}
        union
        select right_node as node from {{ links }}
    ) as every_node
{% endmacro %}

{#- One row per pair of different linked nodes, the smaller number first. -#}
{% macro components_number_links(links, nodes) %}
    select distinct
        least(left_nodes.node_id, right_nodes.node_id) as low_id,
        greatest(left_nodes.node_id, right_nodes.node_id) as high_id
    from {{ links }} as links
    inner join {{ nodes }} as left_nodes on links.left_node = left_nodes.node
    inner join {{ nodes }} as right_nodes on links.right_node = right_nodes.node
    where left_nodes.node_id <> right_nodes.node_id
{% endmacro %}

{#- One row per node with the name of its component's smallest node. -#}
{% macro components_named(nodes, solved) %}
    select
        nodes.node,
        coalesce(root_nodes.node, nodes.node) as component
    from {{ nodes }} as nodes
    left join {{ solved }} as solved on nodes.node_id = solved.child
    left join {{ nodes }} as root_nodes on solved.root = root_nodes.node_id
{% endmacro %}

{#- Fails the model if any link still joins two components: the proof that the fixed point was reached. -#}
{% macro components_prove(work, links, components) %}
    {%- set open_links = components_count(
        work,
        "select count(*) from " ~ links ~ " as links"
        ~ " inner join " ~ components ~ " as lefts on links.left_node = lefts.node"
        ~ " inner join " ~ components ~ " as rights on links.right_node = rights.node"
        ~ " where lefts.component <> rights.component"
    ) -%}
    {% if open_links > 0 %}
        {{ exceptions.raise_compiler_error(this ~ ": " ~ open_links ~ " links still join two components") }}
    {% endif %}
{% endmacro %}

{#-
    Creates the next working table of a `connected_components` model and remembers it in `work.tables`, to be dropped at
    the end. On DuckDB the statement waits in `work.waiting` for the next one that counts: dbt needs more time for a
    statement than DuckDB does.
-#}
{% macro components_work_table(work, name, sql) %}
    {%- set identifier = this.identifier ~ "__" ~ name ~ "_" ~ (work.tables | length) -%}
    {%- set relation = adapter.dispatch("components_create_work_table")(work, identifier, sql) -%}
    {% do work.tables.append(relation) %}
    {{ return(relation) }}
{% endmacro %}

{% macro default__components_create_work_table(work, identifier, sql) %}
    {%- set relation = api.Relation.create(
        database=this.database, schema=this.schema, identifier=identifier, type="table"
    ) -%}
    {% do run_query("drop table if exists " ~ relation) %}
    {% do run_query(create_table_as(False, relation, sql)) %}
    {{ return(relation) }}
{% endmacro %}

{#- A temporary table, which is not written to the file. On Spark a temporary table is a view, which each
    round that reads it would compute again. -#}
{% macro duckdb__components_create_work_table(work, identifier, sql) %}
    {%- set relation = api.Relation.create(identifier=identifier, type="table") -%}
    {% do work.waiting.append("create or replace temporary table " ~ relation ~ " as " ~ sql) %}
    {{ return(relation) }}
{% endmacro %}

{% macro default__components_drop_work_tables(work) %}
    {% for relation in work.tables -%} {% do run_query("drop table if exists " ~ relation) %} {%- endfor %}
{% endmacro %}

{% macro duckdb__components_drop_work_tables(work) %}
    {%- set statements = [] -%}
    {% for relation in work.tables -%} {% do statements.append("drop table if exists " ~ relation) %} {%- endfor %}
    {% if statements %} {% do run_query(statements | join(";\n")) %} {% endif %}
{% endmacro %}

{#- Returns the statements that wait in `work`, to run before the next one. -#}
{% macro components_waiting(work) %}
    {%- set statements = work.waiting -%}
    {%- set work.waiting = [] -%}
    {{ return((statements + [""]) | join(";\n")) }}
{% endmacro %}

{#- Returns the number of a counting query, after the statements that wait in `work`. -#}
{% macro components_count(work, sql) %}
    {{ return(run_query(components_waiting(work) ~ sql).columns[0].values()[0] | int) }}
{% endmacro %}
