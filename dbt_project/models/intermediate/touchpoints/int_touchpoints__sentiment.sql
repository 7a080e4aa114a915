-- One row per distinct text: its sentiment as a label, and the emotion that the first fitting rule of
-- `emotion_rules` reads in it.
with

texts as (

    select * from {{ ref('int_touchpoints__texts') }}

),

rules as (

    select * from {{ ref('emotion_rules') }}

),

labelled_texts as (

    select
        message_text,
        sentiment,
        case
            when sentiment >= 0.05 then 'positive'
            when sentiment <= -0.05 then 'negative'
            else 'neutral'
        end as sentiment_label
    from texts

),

fitting_rules as (

    select
        labelled_texts.message_text,
        rules.emotion,
        rules.rule_name,
        row_number() over (partition by labelled_texts.message_text order by rules.priority) as rule_rank
    from labelled_texts
    inner join rules
        on
            (rules.sentiment_label is null or labelled_texts.sentiment_label = rules.sentiment_label)
            and {{ regexp_matches('lower(labelled_texts.message_text)', 'rules.text_pattern') }}

),

sentiment as (

    select
        labelled_texts.message_text,
        labelled_texts.sentiment,
        labelled_texts.sentiment_label,
        fitting_rules.rule_name as emotion_rule,
        coalesce(fitting_rules.emotion, 'neutral') as emotion
    from labelled_texts
    left join fitting_rules
        on
            labelled_texts.message_text = fitting_rules.message_text
            and fitting_rules.rule_rank = 1

)

select * from sentiment
