{#-
    The rows of the seed `segments`: name and condition. Raises an error that names the segment and the cause if a
    condition cannot be evaluated on the columns of `relations`, which have a customer_id each, or if it depends on more
    than one customer or on the moment at which it is evaluated.
-#}
{% macro segment_conditions(relations) -%}
    {%- set rows = seed_rows(ref("segments"), ["segment", "condition"]) -%}
    {%- for segment, condition in rows -%}
        {%- set cause = condition_misuse(condition or "") or condition_error(relations, condition) -%}
        {%- if cause -%}
            {{ exceptions.raise_compiler_error(
                "The segment " ~ segment ~ " (seeds/segments.csv) cannot be evaluated. " ~ cause
                ~ " Its condition is: " ~ condition
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}

{#- Returns why a condition does not concern a single customer's row only, or an empty text. -#}
{% macro condition_misuse(condition) -%}
    {%- set words = modules.re.findall("[a-z_][a-z0-9_]*", modules.re.sub("'[^']*'", "''", condition | lower)) -%}
    {%- if not words -%}
        {{ return("It has no condition.") }}
    {%- endif -%}
    {%- for word in words -%}
        {%- if word in ["select", "over"] -%}
            {{ return("A condition is about one customer: it cannot contain a subquery or a window function.") }}
        {%- elif word == "household_id" -%}
            {{ return("household_id depends on other customers, and cannot be in a condition.") }}
        {%- elif word in ["now", "today", "current_date", "current_timestamp", "localtimestamp", "random", "uuid"] -%}
            {{ return("A condition cannot contain " ~ word ~ ": use the columns that count days.") }}
        {%- endif -%}
    {%- endfor -%}
    {{ return("") }}
{%- endmacro %}

{#-
    Returns the engine's own message if a condition cannot be evaluated on these relations, or an empty text. Before the
    relations are built, and in a unit test, the check is skipped. On an engine without such a check the model itself fails.
-#}
{% macro condition_error(relations, condition) -%}
    {{ return(adapter.dispatch("condition_error", "throughline")(relations, condition)) }}
{%- endmacro %}

{% macro default__condition_error(relations, condition) -%}
    {{ return("") }}
{%- endmacro %}

{% macro duckdb__condition_error(relations, condition) -%}
    {%- for relation in relations -%}
        {%- if relation.is_cte or load_cached_relation(relation) is none -%} {{ return("") }} {%- endif -%}
    {%- endfor -%}
    {%- set query -%}
        select 1 from {{ relations[0] }}
        {%- for relation in relations[1:] %} inner join {{ relation }} using (customer_id) {%- endfor %}
        where ({{ condition }}
        )
    {%- endset -%}
    {%- set plan = run_query("select json_serialize_plan('" ~ query | replace("'", "''") ~ "')").rows[0][0] -%}
    {%- set answer = fromjson(plan) -%}
    {{ return((answer["error_message"] | trim("\n .")) ~ "." if answer["error"] else "") }}
{%- endmacro %}
