{#-
    Before a table is built or a test is run: `made_from`, a digest of its definition and of the contents of all that it reads
    (none where those are not known), `is_same`, whether that is what it was made from the last time, and `is_known`, whether
    it is remembered what the table holds.
    `statement` is its code; a model that keeps rows has another one each time, and gives its raw code.
-#}
{% macro look_at_contents(statement) -%}
    {{ return(adapter.dispatch("look_at_contents")(statement)) }}
{%- endmacro %}

{#- Elsewhere nothing tells what a table holds, and everything is built. -#}
{% macro default__look_at_contents(statement) -%}
    {{ return({"made_from": none, "is_same": false, "is_known": false}) }}
{%- endmacro %}

{% macro duckdb__look_at_contents(statement) -%}
    {%- if contents_table() is none -%} {{ return(default__look_at_contents(statement)) }} {%- endif -%}
    {%- set parts = [statement, tojson(model.config), model.columns.values() | map(attribute="data_type") | join(",")] -%}
    {%- set tables = [] -%}
    {#- The list grows while it is gone through: of a view, what it reads is looked at after it. -#}
    {%- set read = model.depends_on.nodes | list -%}
    {%- for name in read -%}
        {%- set node = graph.nodes.get(name) or graph.sources[name] -%}
        {%- if node.config.get("materialized") == "view" -%}
            {%- do parts.append(node.checksum.checksum) -%}
            {%- do read.extend(node.depends_on.nodes | reject("in", read) | list) -%}
        {%- elif node.config.get("incremental_strategy") != "replace" -%}
            {%- do tables.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set found = {} -%}
    {%- for row in run_query(
        "select name, made_from, contents from " ~ contents_table()
        ~ " where name in ('" ~ ([model.unique_id] + tables) | join("', '") ~ "')"
    ) -%}
        {%- do found.update({row[0]: row}) -%}
    {%- endfor -%}
    {%- set is_known = model.unique_id in found and found[model.unique_id][2] is not none -%}
    {%- for name in tables -%}
        {%- if name not in found -%} {{ return({"made_from": none, "is_same": false, "is_known": is_known}) }} {%- endif -%}
        {%- do parts.append(name ~ " " ~ found[name][2]) -%}
    {%- endfor -%}
    {%- set made_from = local_md5(parts | sort | join("|")) -%}
    {%- set is_same = model.unique_id in found and found[model.unique_id][1] == made_from -%}
    {{ return({"made_from": made_from, "is_same": is_same and not flags.FULL_REFRESH, "is_known": is_known}) }}
{%- endmacro %}
