-- One row per distinct text, with its language, its sentiment as a number and as a label, and its emotion. The score
-- works for English only; for other languages the emotion decides whether a text is positive or negative.
with

texts as (

    select * from {{ ref('int_touchpoints__texts') }}

),

sentiment as (

    select
        message_text,
        language,
        sentiment,
        emotion,
        emotion_rule,
        case
            when sentiment >= 0.05 then 'positive'
            when sentiment <= -0.05 then 'negative'
            when sentiment is not null then 'neutral'
            when emotion = 'joy' then 'positive'
            when emotion = 'frustration' then 'negative'
            when emotion is not null then 'neutral'
        end as sentiment_label
    from texts

)

select * from sentiment
