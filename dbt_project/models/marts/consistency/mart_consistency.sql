-- One row per conflict: what two channels said of the same price, contact detail, consent, promotion, offer or content,
-- and when.
-- Side a is the channel that comes first in the alphabet.
with

price_conflicts as (

    select * from {{ ref('int_consistency__price_conflicts') }}

),

contact_details as (

    select * from {{ ref('int_consistency__contact_details') }}

),

consent_conflicts as (

    select * from {{ ref('int_consistency__consent_conflicts') }}

),

promotion_conflicts as (

    select * from {{ ref('int_consistency__promotion_conflicts') }}

),

offer_exposures as (

    select * from {{ ref('int_consistency__offer_exposures') }}

),

expired_promotions as (

    select * from {{ ref('int_consistency__expired_promotions') }}

),

prices as (

    select
        'price' as conflict,
        product_id as subject,
        cast(null as {{ dbt.type_string() }}) as purpose,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        channel_a,
        {{ money_text('price_a') }} as value_a,
        channel_b,
        {{ money_text('price_b') }} as value_b,
        currency,
        price_a - price_b as price_gap,
        cast(null as {{ dbt.type_string() }}) as contact_a,
        cast(null as {{ dbt.type_string() }}) as contact_b,
        sightings,
        customers,
        first_seen_at,
        last_seen_at
    from price_conflicts

),

contacts as (

    select
        'contact' as conflict,
        side_a.detail as subject,
        cast(null as {{ dbt.type_string() }}) as purpose,
        side_a.customer_id,
        side_a.channel as channel_a,
        {{ contact_hint('side_a.detail_value') }} as value_a,
        side_b.channel as channel_b,
        {{ contact_hint('side_b.detail_value') }} as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ type_money() }}) as price_gap,
        side_a.detail_value as contact_a,
        side_b.detail_value as contact_b,
        2 as sightings,
        1 as customers,
        greatest(side_a.first_told_at, side_b.first_told_at) as first_seen_at,
        greatest(side_a.last_told_at, side_b.last_told_at) as last_seen_at
    from contact_details as side_a
    inner join contact_details as side_b
        on
            side_a.customer_id = side_b.customer_id
            and side_a.detail = side_b.detail
            and side_a.channel < side_b.channel
            and side_a.detail_value <> side_b.detail_value

),

consents as (

    select
        'consent' as conflict,
        channel as subject,
        purpose,
        customer_id,
        case when channel < stated_on then channel else stated_on end as channel_a,
        case when channel < stated_on then 'sent' else 'refused' end as value_a,
        case when channel < stated_on then stated_on else channel end as channel_b,
        case when channel < stated_on then 'refused' else 'sent' end as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ type_money() }}) as price_gap,
        cast(null as {{ dbt.type_string() }}) as contact_a,
        cast(null as {{ dbt.type_string() }}) as contact_b,
        messages as sightings,
        1 as customers,
        first_seen_at,
        last_seen_at
    from consent_conflicts

),

promotions as (

    select
        'promotion' as conflict,
        coupon as subject,
        cast(null as {{ dbt.type_string() }}) as purpose,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        case when refused_on < promised_on then refused_on else promised_on end as channel_a,
        case when refused_on < promised_on then 'refused' else treatment end as value_a,
        case when refused_on < promised_on then promised_on else refused_on end as channel_b,
        case when refused_on < promised_on then treatment else 'refused' end as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ type_money() }}) as price_gap,
        cast(null as {{ dbt.type_string() }}) as contact_a,
        cast(null as {{ dbt.type_string() }}) as contact_b,
        refusals as sightings,
        customers,
        first_seen_at,
        last_seen_at
    from promotion_conflicts

),

offers as (

    select
        case offer_kind when 'content' then 'content' else 'offer' end as conflict,
        offer_id as subject,
        cast(null as {{ dbt.type_string() }}) as purpose,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        channel_a,
        wording_a as value_a,
        channel_b,
        wording_b as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ type_money() }}) as price_gap,
        cast(null as {{ dbt.type_string() }}) as contact_a,
        cast(null as {{ dbt.type_string() }}) as contact_b,
        sum(sightings) as sightings,
        count(customer_id) as customers,
        first_seen_at,
        last_seen_at
    from offer_exposures
    group by
        offer_kind,
        offer_id,
        channel_a,
        wording_a,
        channel_b,
        wording_b,
        first_seen_at,
        last_seen_at

),

expiries as (

    select
        'expired_promotion' as conflict,
        promotion_id as subject,
        cast(null as {{ dbt.type_string() }}) as purpose,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        channel as channel_a,
        treatment as value_a,
        channel as channel_b,
        {{ ended_on('ends_on') }} as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ type_money() }}) as price_gap,
        cast(null as {{ dbt.type_string() }}) as contact_a,
        cast(null as {{ dbt.type_string() }}) as contact_b,
        sum(sightings) as sightings,
        count(customer_id) as customers,
        min(first_exposed_at) as first_seen_at,
        max(last_exposed_at) as last_seen_at
    from expired_promotions
    group by promotion_id, ends_on, channel, treatment

),

all_conflicts as (

    select * from prices
    union all
    select * from contacts
    union all
    select * from consents
    union all
    select * from promotions
    union all
    select * from offers
    union all
    select * from expiries

),

conflicts as (

    select
        {{ dbt.concat(["'cfl_'", hash_text([
            'conflict', 'subject', 'purpose', 'customer_id', 'channel_a', 'value_a', 'channel_b', 'value_b', 'currency'
        ])]) }} as conflict_id,
        conflict,
        subject,
        purpose,
        customer_id,
        channel_a,
        value_a,
        channel_b,
        value_b,
        currency,
        cast(price_gap as {{ type_money() }}) as price_gap,
        contact_a,
        contact_b,
        cast(sightings as {{ dbt.type_bigint() }}) as sightings,
        cast(customers as {{ dbt.type_bigint() }}) as customers,
        first_seen_at,
        last_seen_at
    from all_conflicts

)

select * from conflicts
