-- One row per promotion or piece of content of which two channels said different things on one day, pair of sayings,
-- and customer who met either on such a day. Unknown customers share one row. A channel that showed both versions on
-- that day does not contradict the other.
with

offer_sightings as (

    select * from {{ ref('int_consistency__offer_sightings') }}
    where wording is not null

),

daily_statements as (

    select
        offer_kind,
        offer_id,
        seen_on,
        channel,
        wording,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from offer_sightings
    group by offer_kind, offer_id, seen_on, channel, wording

),

disagreements as (

    select
        side_a.offer_kind,
        side_a.offer_id,
        side_a.seen_on,
        side_a.channel as channel_a,
        side_a.wording as wording_a,
        side_b.channel as channel_b,
        side_b.wording as wording_b,
        greatest(side_a.first_seen_at, side_b.first_seen_at) as first_seen_at,
        greatest(side_a.last_seen_at, side_b.last_seen_at) as last_seen_at
    from daily_statements as side_a
    inner join daily_statements as side_b
        on
            side_a.offer_kind = side_b.offer_kind
            and side_a.offer_id = side_b.offer_id
            and side_a.seen_on = side_b.seen_on
            and side_a.channel < side_b.channel
            and side_a.wording <> side_b.wording
    left join daily_statements as b_agrees
        on
            side_a.offer_kind = b_agrees.offer_kind
            and side_a.offer_id = b_agrees.offer_id
            and side_a.seen_on = b_agrees.seen_on
            and side_a.wording = b_agrees.wording
            and side_b.channel = b_agrees.channel
    left join daily_statements as a_agrees
        on
            side_b.offer_kind = a_agrees.offer_kind
            and side_b.offer_id = a_agrees.offer_id
            and side_b.seen_on = a_agrees.seen_on
            and side_b.wording = a_agrees.wording
            and side_a.channel = a_agrees.channel
    where
        b_agrees.offer_id is null
        and a_agrees.offer_id is null

),

spanned_disagreements as (

    select
        *,
        min(first_seen_at) over (
            partition by offer_kind, offer_id, channel_a, wording_a, channel_b, wording_b
        ) as first_conflict_at,
        max(last_seen_at) over (
            partition by offer_kind, offer_id, channel_a, wording_a, channel_b, wording_b
        ) as last_conflict_at
    from disagreements

),

offer_exposures as (

    select
        spanned_disagreements.offer_kind,
        spanned_disagreements.offer_id,
        spanned_disagreements.channel_a,
        spanned_disagreements.wording_a,
        spanned_disagreements.channel_b,
        spanned_disagreements.wording_b,
        spanned_disagreements.first_conflict_at as first_seen_at,
        spanned_disagreements.last_conflict_at as last_seen_at,
        offer_sightings.customer_id,
        count(*) as sightings,
        max(
            case when offer_sightings.channel = spanned_disagreements.channel_a then 1 else 0 end
        ) = 1 as saw_side_a,
        max(
            case when offer_sightings.channel = spanned_disagreements.channel_b then 1 else 0 end
        ) = 1 as saw_side_b,
        min(offer_sightings.occurred_at) as first_exposed_at,
        max(offer_sightings.occurred_at) as last_exposed_at
    from spanned_disagreements
    inner join offer_sightings
        on
            spanned_disagreements.offer_kind = offer_sightings.offer_kind
            and spanned_disagreements.offer_id = offer_sightings.offer_id
            and spanned_disagreements.seen_on = offer_sightings.seen_on
            and (
                (
                    spanned_disagreements.channel_a = offer_sightings.channel
                    and spanned_disagreements.wording_a = offer_sightings.wording
                )
                or (
                    spanned_disagreements.channel_b = offer_sightings.channel
                    and spanned_disagreements.wording_b = offer_sightings.wording
                )
            )
    group by
        spanned_disagreements.offer_kind,
        spanned_disagreements.offer_id,
        spanned_disagreements.channel_a,
        spanned_disagreements.wording_a,
        spanned_disagreements.channel_b,
        spanned_disagreements.wording_b,
        spanned_disagreements.first_conflict_at,
        spanned_disagreements.last_conflict_at,
        offer_sightings.customer_id

)

select * from offer_exposures
