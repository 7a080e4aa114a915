{#- Replaces dbt's macro. A model's schema is the layer it is in, without the target's schema in front: there is one warehouse
    file per environment, so schemas need no prefix. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}

{#- Replaces the query of dbt's test `unique`. It fails for the same rows, in a third of the time, as it groups by the
    values only the few rows whose hash is repeated. -#}
{% macro default__test_unique(model, column_name) %}

    select
        {{ column_name }} as unique_field,
        count(*) as n_records
    from {{ model }}
    where {{ column_name }} is not null and {{ may_be_repeated(model, [column_name]) }}
    group by {{ column_name }}
    having count(*) > 1

{% endmacro %}

{#- Replaces dbt-spark's loading of a seed, which binds an empty cell as the text None and fails at a quote: cells come as
    literals of Spark, read from the file as DuckDB reads them. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set given = model["config"].get("column_types", {}) -%}
    {%- set path = model["root_path"] ~ "/" ~ model["original_file_path"] -%}
    {%- for rows in adapter.seed_cells(path, config.get("delimiter", ",")) | batch(2000) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select
                {%- for name in agate_table.column_names %}
                {%- set type = given.get(name, adapter.convert_type(agate_table, loop.index0)) %}
                cast(col{{ loop.index }} as {{ "string" if type == "varchar" else type }}){{ "," if not loop.last }}
                {%- endfor %}
            from values {% for row in rows %}({{ row | join(", ") }}){{ ", " if not loop.last }}{% endfor %}
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return("select 1") }}
{% endmacro %}

{#- Replaces dbt-spark's table of a seed: a varchar without a length, as seeds declare it, is a string there. -#}
{% macro spark__create_csv_table(model, agate_table) %}
    {%- set given = model["config"].get("column_types", {}) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names %}
            {%- set type = given.get(name, adapter.convert_type(agate_table, loop.index0)) %}
            {{ adapter.quote(name) }} {{ "string" if type == "varchar" else type }}{{ "," if not loop.last }}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ location_clause() }}
    {%- endset -%}
    {%- call statement("create_csv_table") -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

{#- Replaces dbt-spark's addition, which goes by whole seconds and drops fractions of them. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{#- Replaces dbt-spark's difference, which rounds: boundaries crossed count, as on every other engine. -#}
{% macro spark__datediff(first_date, second_date, datepart) -%}
    timestampdiff(
        {{ datepart }}, date_trunc('{{ datepart }}', {{ first_date }}), date_trunc('{{ datepart }}', {{ second_date }})
    )
{%- endmacro %}

{#- Replaces dbt-spark's split, which is by a regular expression made of the separator and null beyond the last part. -#}
{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}

{#- Replaces dbt-spark's escape, which leaves backslashes: in a unit test's input Spark would read `\n` as a line break. -#}
{% macro spark__escape_single_quotes(expression) -%}
    {{ expression | replace("\\", "\\\\") | replace("'", "\\'") }}
{%- endmacro %}
