-- A failing row is a table of a source of which the stream of records has more or fewer rows than came in:
-- something was lost, or doubled by a join, before it was looked at.
with

staged as (

    {% for feed in ['web', 'app', 'marketing'] %}
    select
        '{{ feed }}' as source_system,
        'events' as record_type,
        count(*) as records
    from {{ ref('stg_' ~ feed ~ '__events') }}
    union all
    {% endfor %}
    {% for table in ['transactions', 'visits', 'loyalty_ledger'] %}
    select
        'store' as source_system,
        '{{ table }}' as record_type,
        count(*) as records
    from {{ ref('stg_store__' ~ table) }}
    union all
    {% endfor %}
    select
        'support' as source_system,
        'tickets' as record_type,
        count(*) as records
    from {{ ref('stg_support__tickets') }}

),

streamed as (

    select
        source_system,
        record_type,
        count(*) as records
    from {{ ref('int_records__unioned') }}
    group by source_system, record_type

)

select
    staged.source_system,
    staged.record_type,
    staged.records as records_staged,
    coalesce(streamed.records, 0) as records_streamed
from staged
left join streamed
    on
        staged.source_system = streamed.source_system
        and staged.record_type = streamed.record_type
where staged.records <> coalesce(streamed.records, 0)
