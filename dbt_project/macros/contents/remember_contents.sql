{#-
    Statements that remember what a table holds, and what it was made from. For the transaction that built it; all its rows
    are looked at, or, where it is known what it held before (`is_changed`), those that `weigh_change` has seen go and come.
-#}
{% macro remember_contents(relation, made_from, is_changed=false) -%}
    {{ return(adapter.dispatch("remember_contents")(relation, made_from, is_changed)) }}
{%- endmacro %}

{% macro default__remember_contents(relation, made_from, is_changed) -%}
    {{ return("") }}
{%- endmacro %}

{% macro duckdb__remember_contents(relation, made_from, is_changed) -%}
    {%- set known = contents_table() -%}
    {%- if known is none -%} {{ return("") }} {%- endif -%}
    {%- set name = model.unique_id -%}
    {%- if is_changed -%}
        {%- set contents = "select cast(contents as hugeint) - getvariable('gone') + getvariable('come') from " ~ known
            ~ " where name = '" ~ name ~ "'" -%}
    {%- else -%}
        {%- set contents = "select " ~ weight(relation.identifier) ~ " from " ~ relation -%}
    {%- endif -%}
    {{ return(
        "set variable contents = (" ~ contents ~ ");\n"
        ~ "delete from " ~ known ~ " where name = '" ~ name ~ "';\n"
        ~ "insert into " ~ known ~ " values ('" ~ name ~ "', '" ~ (made_from or "") ~ "', cast(getvariable('contents') as varchar))"
    ) }}
{%- endmacro %}
