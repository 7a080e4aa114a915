-- One row per alias message whose previous id is known as an account or e-mail address elsewhere: the account that the
-- message names, and the earlier one. An alias of an anonymous visitor is not a link but a sign-in
-- (int_identity__observed).
with

events as (

    select * from {{ ref('int_records__events') }}
    where
        message_type = 'alias'
        and previous_id is not null
        and not is_bot
        and not is_shared_device

),

identifier_values as (

    select * from {{ ref('int_identity__values') }}
    where
        identifier_type = 'anonymous_id'
        and unusable_reason is null

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where
        tier = 1
        and identifier_type in ('user_id', 'email')

),

known_ids as (

    select
        identifier_type,
        identifier_value,
        node,
        row_number() over (partition by identifier_value order by priority) as surety_rank
    from identifiers
    group by identifier_type, identifier_value, node, priority

),

accounts as (

    select * from identifiers
    where identifier_type = 'user_id'

),

account_aliases as (

    select
        accounts.record_key,
        accounts.source_system,
        accounts.occurred_at,
        accounts.node as left_node,
        accounts.identifier_type as left_type,
        accounts.identifier_value as left_value,
        known_ids.node as right_node,
        known_ids.identifier_type as right_type,
        known_ids.identifier_value as right_value
    from events
    inner join accounts
        on events.event_key = accounts.record_key
    inner join identifier_values
        on events.previous_id = identifier_values.raw_value
    inner join known_ids
        on
            identifier_values.identifier_value = known_ids.identifier_value
            and known_ids.surety_rank = 1
    where accounts.node <> known_ids.node

)

select * from account_aliases
