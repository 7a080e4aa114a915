{#- What dbt-spark does in another way than this project needs: each macro takes the place of one of dbt's. -#}

{#- dbt-spark would bind an empty cell as the text None, and cannot write a quote; types without a length are strings. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do types.append(spark_seed_type(model, agate_table, name, loop.index0)) -%}
    {%- endfor -%}
    {%- set path = model["root_path"] ~ "/" ~ model["original_file_path"] -%}
    {%- for rows in adapter.seed_cells(path, config.get("delimiter", ",")) | batch(2000) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select
                {%- for type in types %}
                cast(col{{ loop.index }} as {{ type }}){{ "," if not loop.last }}
                {%- endfor %}
            from values {% for row in rows %}({{ row | join(", ") }}){{ ", " if not loop.last }}{% endfor %}
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return("select 1") }}
{% endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names %}
            {{ adapter.quote(name) }} {{ spark_seed_type(model, agate_table, name, loop.index0) }}{{ "," if not loop.last }}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ location_clause() }}
    {%- endset -%}
    {%- call statement("create_csv_table") -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

{% macro spark_seed_type(model, agate_table, name, position) -%}
    {%- set type = model["config"].get("column_types", {}).get(name, adapter.convert_type(agate_table, position)) -%}
    {{ return("string" if type == "varchar" else type) }}
{%- endmacro %}

{#- dbt-spark's work by seconds and drops fractions of them. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{#- Boundaries crossed, as everywhere else in dbt. -#}
{% macro spark__datediff(first_date, second_date, datepart) -%}
    timestampdiff(
        {{ datepart }}, date_trunc('{{ datepart }}', {{ first_date }}), date_trunc('{{ datepart }}', {{ second_date }})
    )
{%- endmacro %}

{#- dbt-spark's splits by a regular expression that it makes of the separator. -#}
{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}
