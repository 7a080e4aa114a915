{#-
    The clock of the run as a timestamp in UTC: the environment's RUN_AT (ISO 8601 with an offset), else the moment
    at which this run of dbt began, so that all models of one run agree.
-#}
{% macro run_at() -%}
    {%- set given = env_var("RUN_AT", "") | trim -%}
    {%- set instant = modules.datetime.datetime.fromisoformat(given) if given else run_started_at -%}
    {%- if instant.tzinfo is none -%}
        {{ exceptions.raise_compiler_error("RUN_AT has no offset from UTC: '" ~ given ~ "'. Write it as 2026-01-31T06:00:00Z.") }}
    {%- endif -%}
    cast('{{ instant.astimezone(modules.pytz.utc).strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}
