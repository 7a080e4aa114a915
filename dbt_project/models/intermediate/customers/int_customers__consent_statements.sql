-- One row per record, purpose and channel for which a person gave or refused consent. Marketing consent is about a
-- message channel; an answer given on a channel without messages (a website, a store, a support ticket) counts for all
-- message channels. Consent to any other purpose is about the channel on which it was stated. A member's row and a
-- ticket's tag count from their creation, but are known only since their last change.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where
        consent_change is not null
        and customer_id is not null

),

contexts as (

    select * from {{ ref('int_customers__consent_contexts') }}

),

members as (

    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        *
    from {{ ref('stg_store__members') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

ticket_tags as (

    select * from {{ ref('stg_support__ticket_tags') }}

),

categories as (

    select * from {{ ref('consent_categories') }}
    where framework = 'ticket_tag'

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

channels as (

    select * from {{ ref('channels') }}

),

message_channels as (

    select channel
    from channels
    where channel_group = 'messaging'

),

touchpoint_statements as (

    select
        record_key,
        customer_id,
        'marketing' as purpose,
        channel as stated_on,
        occurred_at as stated_at,
        occurred_at as known_since,
        consent_change = 'granted' as is_granted,
        source_system,
        record_id,
        banner,
        source_event as evidence
    from touchpoints

),

context_statements as (

    select
        record_key,
        customer_id,
        purpose,
        source_system as stated_on,
        stated_at,
        stated_at as known_since,
        is_granted,
        source_system,
        record_id,
        banner,
        evidence
    from contexts

),

ticket_statements as (

    select
        {{ record_key("'support'", "'tickets'", "tickets.ticket_id") }} as record_key,
        record_customers.customer_id,
        categories.purpose,
        'support_web' as stated_on,
        tickets.created_at as stated_at,
        tickets.updated_at as known_since,
        min(case when categories.is_granted then 1 else 0 end) = 1 as is_granted,
        'support' as source_system,
        tickets.ticket_id as record_id,
        cast(null as {{ dbt.type_string() }}) as banner,
        {{ dbt.concat(["'ticket_tag '", 'min(categories.category)']) }} as evidence
    from ticket_tags
    inner join categories
        on ticket_tags.tag = lower(categories.category)
    inner join tickets
        on ticket_tags.ticket_id = tickets.ticket_id
    inner join record_customers
        on {{ record_key("'support'", "'tickets'", "tickets.ticket_id") }} = record_customers.record_key
    group by tickets.ticket_id, tickets.created_at, tickets.updated_at, record_customers.customer_id, categories.purpose

),

{% for channel in ['email', 'sms'] -%}
member_{{ channel }}_statements as (

    select
        members.record_key,
        record_customers.customer_id,
        'marketing' as purpose,
        '{{ channel }}' as channel,
        'store' as stated_on,
        coalesce(members.enrolled_at, members.updated_at) as stated_at,
        coalesce(members.updated_at, members.enrolled_at) as known_since,
        members.consent_{{ channel }} as is_granted,
        'store' as source_system,
        members.member_id as record_id,
        cast(null as {{ dbt.type_string() }}) as banner,
        'consent_{{ channel }}' as evidence
    from members
    inner join record_customers
        on members.record_key = record_customers.record_key
    where members.consent_{{ channel }} is not null

),

{% endfor -%}
made_statements as (

    select * from touchpoint_statements
    union all
    select * from context_statements
    union all
    select * from ticket_statements

),

channelled_statements as (

    select
        made_statements.record_key,
        made_statements.customer_id,
        made_statements.purpose,
        coalesce(message_channels.channel, made_statements.stated_on) as channel,
        made_statements.stated_on,
        made_statements.stated_at,
        made_statements.known_since,
        made_statements.is_granted,
        made_statements.source_system,
        made_statements.record_id,
        made_statements.banner,
        made_statements.evidence
    from made_statements
    inner join channels
        on made_statements.stated_on = channels.channel
    left join message_channels
        on
            made_statements.purpose = 'marketing'
            and (made_statements.stated_on = message_channels.channel or channels.channel_group <> 'messaging')

),

all_statements as (

    select * from channelled_statements
    union all
    select * from member_email_statements
    union all
    select * from member_sms_statements

),

-- If a record contains both consent and refusal, the refusal counts.
ranked_statements as (

    select
        *,
        row_number() over (
            partition by record_key, purpose, channel
            order by case when is_granted then 1 else 0 end, evidence
        ) as answer_rank
    from all_statements

),

consent_statements as (

    select
        record_key,
        customer_id,
        purpose,
        channel,
        stated_on,
        stated_at,
        known_since,
        is_granted,
        source_system,
        record_id,
        banner,
        evidence
    from ranked_statements
    where answer_rank = 1

)

select * from consent_statements
