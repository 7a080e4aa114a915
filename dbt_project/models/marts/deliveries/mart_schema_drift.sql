-- One row per source table, object (an event, or the rows of a table), field and type of value: since when it has come,
-- what has changed about it, and which models read it.
{%- set readers = readers_of_raw_fields() %}
with

fields as (

    select * from {{ ref('stg_ledger__fields') }}

),

loads_of_objects as (

    select
        source_system,
        table_name,
        object,
        loaded_at,
        sum(records) as object_records
    from fields
    where field = '(all)'
    group by source_system, table_name, object, loaded_at

),

objects as (

    select
        source_system,
        table_name,
        object,
        min(loaded_at) as object_first_seen_at
    from loads_of_objects
    group by source_system, table_name, object

),

types as (

    select
        source_system,
        table_name,
        object,
        field,
        value_type,
        min(loaded_at) as first_seen_at,
        max(loaded_at) as last_seen_at,
        cast(sum(records) as {{ dbt.type_bigint() }}) as records
    from fields
    where field <> '(all)'
    group by source_system, table_name, object, field, value_type

),

fields_of_types as (

    select
        *,
        min(first_seen_at) over (partition by source_system, table_name, object, field) as field_first_seen_at,
        max(last_seen_at) over (partition by source_system, table_name, object, field) as field_last_seen_at,
        sum(records) over (partition by source_system, table_name, object, field) as field_records
    from types

),

compared as (

    select
        fields_of_types.source_system,
        fields_of_types.table_name,
        fields_of_types.object,
        fields_of_types.field,
        fields_of_types.value_type,
        fields_of_types.first_seen_at,
        fields_of_types.last_seen_at,
        fields_of_types.records,
        fields_of_types.field_first_seen_at,
        fields_of_types.field_records,
        objects.object_first_seen_at,
        coalesce(sum(case
            when
                loads_of_objects.loaded_at between
                fields_of_types.field_first_seen_at and fields_of_types.field_last_seen_at
                then loads_of_objects.object_records
        end), 0) as object_records,
        coalesce(sum(case
            when loads_of_objects.loaded_at > fields_of_types.field_last_seen_at then loads_of_objects.object_records
        end), 0) as records_since
    from fields_of_types
    inner join objects
        on
            fields_of_types.source_system = objects.source_system
            and fields_of_types.table_name = objects.table_name
            and fields_of_types.object = objects.object
    inner join loads_of_objects
        on
            fields_of_types.source_system = loads_of_objects.source_system
            and fields_of_types.table_name = loads_of_objects.table_name
            and fields_of_types.object = loads_of_objects.object
    group by
        fields_of_types.source_system,
        fields_of_types.table_name,
        fields_of_types.object,
        fields_of_types.field,
        fields_of_types.value_type,
        fields_of_types.first_seen_at,
        fields_of_types.last_seen_at,
        fields_of_types.records,
        fields_of_types.field_first_seen_at,
        fields_of_types.field_records,
        objects.object_first_seen_at

),

-- The last part of its name, in one spelling.
named as (

    select
        *,
        {{ safe_divide('field_records', 'object_records') }} as field_share,
        replace(lower({{ regexp_replace('field', "'^.*[.]'", "''") }}), '_', '') as field_name
    from compared

),

readers as (

    {%- for table_name, model, words in readers %}
    select
        '{{ table_name }}' as table_name,
        '{{ model }}' as model,
        ' {{ words | join(" ") }} ' as words
    union all
    {%- endfor %}
    select
        '' as table_name,
        '' as model,
        '' as words

),

read_fields as (

    select
        named.table_name,
        named.field_name,
        {{ string_list_agg('readers.model', 'readers.model') }} as read_by
    from (select distinct
        table_name,
        field_name
    from named) as named
    inner join readers
        on
            named.table_name = readers.table_name
            and {{ dbt.position("' ' || named.field_name || ' '", 'readers.words') }} > 0
    group by named.table_name, named.field_name

),

schema_drift as (

    select
        named.source_system,
        named.table_name,
        named.object,
        named.field,
        named.value_type,
        case
            -- So many records would have had it, had it still come.
            when named.records_since * named.field_share >= 10 then 'vanished'
            when named.first_seen_at > named.field_first_seen_at then 'new_type'
            when named.field_first_seen_at > named.object_first_seen_at then 'new'
            else 'none'
        end as drift,
        named.first_seen_at,
        named.last_seen_at,
        named.records,
        named.field_share,
        cast(named.records_since as {{ dbt.type_bigint() }}) as records_since,
        read_fields.read_by is not null as is_read,
        read_fields.read_by
    from named
    left join read_fields
        on
            named.table_name = read_fields.table_name
            and named.field_name = read_fields.field_name

)

select * from schema_drift
