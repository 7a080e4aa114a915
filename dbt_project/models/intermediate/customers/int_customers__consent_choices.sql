-- One row per consent text of a message and purpose, with the answer. If a text has two answers for one purpose, the
-- refusal counts. Reads the categories of Segment's consent context and TCF strings, also inside GPP strings.
with

web_events as (

    select * from {{ ref('stg_web__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

marketing_events as (

    select * from {{ ref('stg_marketing__events') }}

),

categories as (

    select * from {{ ref('consent_categories') }}

),

consent_texts as (

    select consent from web_events
    where consent is not null
    union distinct
    select consent from app_events
    where consent is not null
    union distinct
    select consent from marketing_events
    where consent is not null

),

read_texts as (

    select
        consent,
        lower(replace(consent, ' ', '')) as compact_text,
        coalesce(
            {{ regexp_extract('consent', "'\"(?:tcString|tcf|tcfString)\"[ ]*:[ ]*\"(C[A-Za-z0-9_-]+)'") }},
            {{ regexp_extract('consent', "'\"(?:gppString|gpp)\"[ ]*:[ ]*\"[^\"]*~(C[A-Za-z0-9_-]{28,})'") }}
        ) as tc_string
    from consent_texts

),

category_answers as (

    select
        read_texts.consent,
        categories.purpose,
        categories.framework,
        categories.category,
        case
            when categories.framework = 'tcf'
                then {{ tcf_purpose('read_texts.tc_string', try_cast('categories.category', dbt.type_int())) }}
            when read_texts.compact_text like {{ dbt.concat(["'%\"'", "lower(categories.category)", "'\":true%'"]) }}
                then true
            when read_texts.compact_text like {{ dbt.concat(["'%\"'", "lower(categories.category)", "'\":false%'"]) }}
                then false
        end as is_granted
    from read_texts
    cross join categories
    where categories.framework in ('segment', 'tcf')

),

choices as (

    select
        consent,
        purpose,
        min(case when is_granted then 1 else 0 end) = 1 as is_granted,
        {{ string_list_agg(
            dbt.concat(['framework', "' '", 'category']),
            dbt.concat(['framework', "' '", 'category'])
        ) }} as evidence
    from category_answers
    where is_granted is not null
    group by consent, purpose

)

select * from choices
