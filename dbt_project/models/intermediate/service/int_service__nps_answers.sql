-- One row per answer to "how likely are you to recommend us?", from 0 to 10: sent with an event or written on a
-- ticket.
with

events as (

    select * from {{ ref('int_records__events') }}
    where nps is not null

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}
    where nps is not null

),

answers as (

    select
        event_key as record_key,
        ticket_id,
        nps
    from events
    union all
    select
        {{ record_key("'support'", "'tickets'", "ticket_id") }} as record_key,
        ticket_id,
        nps
    from tickets

),

nps_answers as (

    select * from answers
    where
        nps between 0 and 10
        and nps = floor(nps)

)

select * from nps_answers
