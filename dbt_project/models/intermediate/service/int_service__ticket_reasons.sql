-- One row per support ticket: what it is about, by the first rule of the seed `case_reasons` that fits its tags, its
-- subject and its first message.
with

tickets as (

    select
        ticket_id,
        coalesce(tag_words, '') || '| '
        || coalesce({{ plain_words('subject') }}, '') || ' | '
        || coalesce({{ plain_words('description') }}, '') || ' ' as words
    from {{ ref('stg_support__tickets') }}

),

fitting_rules as (

    {{ pattern_matches('tickets', 'words', ref('case_reasons'), 'pattern', ['priority', 'reason']) }}

),

ranked_rules as (

    select
        ticket_id,
        reason,
        row_number() over (partition by ticket_id order by cast(priority as {{ dbt.type_int() }})) as rule_rank
    from fitting_rules

),

ticket_reasons as (

    select
        tickets.ticket_id,
        coalesce(ranked_rules.reason, 'other') as reason
    from tickets
    left join ranked_rules
        on
            tickets.ticket_id = ranked_rules.ticket_id
            and ranked_rules.rule_rank = 1

)

select * from ticket_reasons
