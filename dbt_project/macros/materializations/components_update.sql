{#-
    Solves what differs from the links that were solved before, and changes only the rows that this concerns.

    A component whose links were all kept is one node, its name, to the solver: new links can only join it whole to
    another. A component that lost a link falls apart into its nodes and is solved anew from the links it has left.
-#}
{% macro components_update(work, target, solved_links, sql) %}
    {%- set changed_links = config.get("changed_links") -%}
    {%- set links = "(" ~ sql ~ ")" if changed_links else components_work_table(work, "links", sql) -%}
    {%- set changes = changed_links or components_work_table(work, "changes", components_differences(links, solved_links)) -%}

    {%- set lost = components_work_table(work, "broken", components_broken(target, changes)) -%}
    {%- set broken = lost if components_count(work, "select count(*) from " ~ lost) > 0 else none -%}
    {%- set open_links = components_work_table(work, "open", components_open_links(target, links, changes, broken)) -%}
    {%- set anchors = components_work_table(work, "anchors", components_anchors(target, open_links, broken)) -%}
    {%- set anchor_links = components_work_table(work, "anchor_links", components_anchor_links(open_links, anchors)) -%}
    {%- set nodes = components_work_table(work, "nodes", components_number_nodes(anchor_links)) -%}
    {%- set edges = components_work_table(work, "edges", components_number_links(anchor_links, nodes)) -%}
    {%- set roots = components_solve(work, nodes, edges) -%}
    {%- set named = components_work_table(work, "named", components_named(nodes, roots)) -%}
    {%- set settled = components_work_table(work, "settled", components_settled(anchors, named)) -%}
    {{ components_prove(work, open_links, settled) }}
    {%- set moved = components_work_table(work, "moved", components_moved(target, settled, named, broken)) -%}
    {{ adapter.dispatch("components_write")(work, target, solved_links, changes, broken, moved) }}
{% endmacro %}

{#- The statements that take over what was solved: where each moved node is now, and the links it was solved from. -#}
{% macro components_writes(target, solved_links, changes, broken, moved) %}
    {%- set statements = [
        "delete from " ~ target ~ " where node in (select node from " ~ moved ~ ")",
        "insert into " ~ target ~ " (node, component) select node, component from " ~ moved,
        "insert into " ~ solved_links ~ " (left_node, right_node)"
        ~ " select distinct left_node, right_node from " ~ changes ~ " where not is_removed",
    ] -%}
    {%- set removals = [
        "delete from " ~ target ~ " where component in (select component from " ~ broken ~ ")",
        "delete from " ~ solved_links ~ " as solved_links where exists ("
        ~ "select 1 from " ~ changes ~ " as changes where changes.is_removed"
        ~ " and changes.left_node = solved_links.left_node and changes.right_node = solved_links.right_node)",
    ] -%}
    {{ return((removals if broken else []) + statements) }}
{% endmacro %}

{#- While the remembered links have another name, an interrupted update is followed by solving in full. -#}
{% macro default__components_write(work, target, solved_links, changes, broken, moved) %}
    {%- set being_updated = components_solved_links("_updating") -%}
    {% do adapter.rename_relation(solved_links, being_updated) %}
    {% for write in components_writes(target, being_updated, changes, broken, moved) %}
        {% call statement("main") -%} {{ write }} {%- endcall %}
    {% endfor %}
    {% do adapter.rename_relation(being_updated, solved_links) %}
{% endmacro %}

{#- In one transaction, of which an interruption leaves nothing. -#}
{% macro duckdb__components_write(work, target, solved_links, changes, broken, moved) %}
    {% call statement("main") -%}
        {{ components_waiting(work) }}
        {{ components_writes(target, solved_links, changes, broken, moved) | join(";\n") }}
    {%- endcall %}
{% endmacro %}

{#- One row per link that is new or gone. -#}
{% macro components_differences(links, solved_links) %}
    select
        links.left_node,
        links.right_node,
        false as is_removed
    from {{ links }} as links
    left join {{ solved_links }} as solved_links
        on links.left_node = solved_links.left_node and links.right_node = solved_links.right_node
    where solved_links.left_node is null
    union all
    select
        solved_links.left_node,
        solved_links.right_node,
        true as is_removed
    from {{ solved_links }} as solved_links
    left join {{ links }} as links
        on solved_links.left_node = links.left_node and solved_links.right_node = links.right_node
    where links.left_node is null
{% endmacro %}

{#- One row per component that lost a link. -#}
{% macro components_broken(target, changes) %}
    select distinct components.component
    from {{ target }} as components
    inner join {{ changes }} as changes on components.node = changes.left_node
    where changes.is_removed
{% endmacro %}

{#- The links to be solved: the new ones, and all that are left of broken components (`broken`, none where there are none). -#}
{% macro components_open_links(target, links, changes, broken) %}
    select left_node, right_node
    from {{ changes }}
    where not is_removed
    {%- if broken %}
    union
    select links.left_node, links.right_node
    from {{ links }} as links
    inner join {{ target }} as components on links.left_node = components.node
    inner join {{ broken }} as broken on components.component = broken.component
    {%- endif %}
{% endmacro %}

{#-
    One row per node of an open link: the component that moves with it, or itself where it is new or broken out, which
    is then alone.
-#}
{% macro components_anchors(target, open_links, broken) %}
    with ends as (
        select left_node as node from {{ open_links }}
        union
        select right_node as node from {{ open_links }}
    ),

    {#- Joined on its own, so that the few ends are looked up by, not the many nodes. -#}
    kept as (
        select
            components.node,
            components.component
        from {{ target }} as components
        inner join ends on components.node = ends.node
        {%- if broken %}
        left join {{ broken }} as broken on components.component = broken.component
        where broken.component is null
        {%- endif %}
    )

    select
        ends.node,
        coalesce(kept.component, ends.node) as anchor,
        kept.component is null as is_alone
    from ends
    left join kept on ends.node = kept.node
{% endmacro %}

{#- The open links between anchors. -#}
{% macro components_anchor_links(open_links, anchors) %}
    select distinct
        lefts.anchor as left_node,
        rights.anchor as right_node
    from {{ open_links }} as links
    inner join {{ anchors }} as lefts on links.left_node = lefts.node
    inner join {{ anchors }} as rights on links.right_node = rights.node
{% endmacro %}

{#- One row per node of an open link, with its component now. -#}
{% macro components_settled(anchors, named) %}
    select
        anchors.node,
        anchors.is_alone,
        named.component
    from {{ anchors }} as anchors
    inner join {{ named }} as named on anchors.anchor = named.node
{% endmacro %}

{#- One row per node whose component is not what it was: new, broken out, or in a component that was renamed. -#}
{% macro components_moved(target, settled, named, broken) %}
    select
        components.node,
        named.component
    from {{ target }} as components
    inner join {{ named }} as named on components.component = named.node and named.component <> named.node
    {%- if broken %}
    left join {{ broken }} as broken on components.component = broken.component
    where broken.component is null
    {%- endif %}
    union all
    select
        node,
        component
    from {{ settled }}
    where is_alone
{% endmacro %}
