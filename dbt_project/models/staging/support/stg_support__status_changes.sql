-- One row per value that a ticket's status, assignee, group or priority was given, on creation or later.
{%- set fields = ['status', 'assignee_id', 'group_id', 'priority'] %}

with

ticket_events as (

    select * from {{ source('raw', 'support_ticket_events') }}

),

child_rows as (

    {{ json_array_rows(
        'ticket_events',
        'child_events',
        {
            'event_type': none, 'previous_value': none,
            'status': none, 'assignee_id': none, 'group_id': none, 'priority': none,
        },
        ['id', 'ticket_id', 'updater_id', 'created_at', 'loaded_at']
    ) }}

),

change_rows as (

    select child_rows.* from child_rows
    where child_rows.element.event_type in ('Create', 'Change')

),

field_changes as (

    {%- for field in fields %}
    select
        change_rows.id,
        change_rows.ticket_id,
        change_rows.updater_id,
        change_rows.created_at,
        change_rows.loaded_at,
        change_rows.element_number,
        '{{ field }}' as field,
        {{ clean_text('change_rows.element.' ~ field) }} as value,
        case
            when change_rows.element.event_type = 'Change'
                then {{ clean_text('change_rows.element.previous_value') }}
        end as previous_value
    from change_rows
    where change_rows.element.{{ field }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

status_changes as (

    select
        cast(id as {{ dbt.type_string() }})
        || ':' || cast(element_number as {{ dbt.type_string() }})
        || ':' || field as change_id,
        cast(ticket_id as {{ dbt.type_string() }}) as ticket_id,
        cast(updater_id as {{ dbt.type_string() }}) as updater_id,
        field,
        value,
        previous_value,
        {{ to_utc('created_at') }} as changed_at,
        {{ to_utc('loaded_at') }} as loaded_at
    from field_changes

)

select * from status_changes
