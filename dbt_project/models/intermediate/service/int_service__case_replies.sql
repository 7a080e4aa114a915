-- One row per support case, with the number of replies of agents and chatbots, and whether they asked for what the
-- customer had already given. A question is repeated if the case had it before, or a ticket of the case already carried
-- the answer.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

messages as (

    select * from {{ ref('int_records__messages') }}
    where message_kind in ('comment_agent', 'comment_bot')

),

replies as (

    select
        case_tickets.case_id,
        messages.record_key,
        messages.occurred_at,
        ' ' || coalesce({{ plain_words('messages.message_text') }}, '') || ' '
        || case when messages.message_text like '%?%' then '?' else '' end as words
    from case_tickets
    inner join messages
        on case_tickets.ticket_id = messages.ticket_id

),

questions as (

    {{ pattern_matches('replies', 'words', ref('case_questions'), 'pattern', ['asks_for']) }}

),

case_keys as (

    {%- for key in ['order_id', 'booking_id', 'application_id'] %}
    select
        case_tickets.case_id,
        '{{ key }}' as asks_for,
        min(tickets.created_at) as known_at
    from case_tickets
    inner join tickets
        on case_tickets.ticket_id = tickets.ticket_id
    where tickets.{{ key }} is not null
    group by case_tickets.case_id
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

numbered_questions as (

    select
        case_id,
        asks_for,
        occurred_at,
        row_number() over (partition by case_id, asks_for order by occurred_at, record_key) as question_number
    from questions

),

repeated_questions as (

    select distinct numbered_questions.case_id
    from numbered_questions
    left join case_keys
        on
            numbered_questions.case_id = case_keys.case_id
            and numbered_questions.asks_for = case_keys.asks_for
    where
        numbered_questions.question_number > 1
        or case_keys.known_at <= numbered_questions.occurred_at

),

reply_counts as (

    select
        case_id,
        count(*) as replies
    from replies
    group by case_id

),

cases as (

    select distinct case_id from case_tickets

),

case_replies as (

    select
        cases.case_id,
        coalesce(reply_counts.replies, 0) as replies,
        repeated_questions.case_id is not null as is_repeated_ask
    from cases
    left join reply_counts
        on cases.case_id = reply_counts.case_id
    left join repeated_questions
        on cases.case_id = repeated_questions.case_id

)

select * from case_replies
