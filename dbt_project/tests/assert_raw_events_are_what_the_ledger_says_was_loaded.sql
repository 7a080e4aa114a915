-- A failing row is a table of events that has more or fewer rows than all loads together say they put there.
-- Only tables that are appended to are looked at: in a merged table a later load replaces rows of an earlier
-- one.
with

ledger as (

    select
        table_name,
        sum(records_loaded) as records_loaded
    from {{ source('raw', 'load_ledger') }}
    group by table_name

),

tables as (

    {% for table in ['web_events', 'app_events', 'marketing_events'] %}
    select
        '{{ table }}' as table_name,
        count(*) as rows_found
    from {{ source('raw', table) }}
    {{- "\n    union all" if not loop.last }}
    {% endfor %}

)

select
    tables.table_name,
    tables.rows_found,
    coalesce(ledger.records_loaded, 0) as records_loaded
from tables
left join ledger
    on tables.table_name = ledger.table_name
where tables.rows_found <> coalesce(ledger.records_loaded, 0)
