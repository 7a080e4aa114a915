{#- The key of one raw record across all sources: source, table and the record's own id. -#}
{% macro record_key(source_system, table, record_id) -%}
    {{ dbt.concat([source_system, "':'", table, "':'", record_id]) }}
{%- endmacro %}

{#-
    The select list of one source's records in the conformed shape of `int_records__unioned`: the caller gives the source's
    columns by name, and all other columns are nulls of the right type.
-#}
{% macro conformed_record(given) -%}
    {%- set text = dbt.type_string() -%}
    {%- set columns = {
        "record_key": text,
        "source_system": text,
        "record_type": text,
        "record_id": text,
        "taxonomy_source": text,
        "taxonomy_event": text,
        "occurred_at": dbt.type_timestamp(),
        "received_at": dbt.type_timestamp(),
        "loaded_at": dbt.type_timestamp(),
        "timezone": text,
        "native_channel": text,
        "device_key": text,
        "source_session_id": text,
        "page_url": text,
        "page_referrer": text,
        "campaign_source": text,
        "campaign_medium": text,
        "campaign_id": text,
        "campaign_name": text,
        "user_agent": text,
        "is_sent_by_server": "boolean",
        "location_id": text,
        "banner": text,
        "product_id": text,
        "currency": text,
        "amount": type_money(),
        "message_text": text,
        "search_query": text,
        "subject": text,
    } -%}
    {%- for name in given if name not in columns -%}
        {{ exceptions.raise_compiler_error("conformed_record: '" ~ name ~ "' is not a column of the conformed record") }}
    {%- endfor -%}
    {%- for name, type in columns.items() %}
        cast({{ given.get(name, "null") }} as {{ type }}) as {{ name }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
