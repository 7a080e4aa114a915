-- One row per source, event and field of a message that holds amounts, quantities or currencies: how many are
-- written as text, how many of those cannot be read and are missing, and how many name another currency than
-- their message.

with

stated_amounts as (

    select * from {{ ref('int_records__stated_amounts') }}

),

written_amounts as (

    select
        written_amounts.*,
        amounts.is_in_other_currency,
        case
            when written_amounts.kind = 'currency' then amounts.currency is null
            else amounts.amount is null
        end as is_missing
    from {{ ref('int_records__written_amounts') }} as written_amounts
    inner join {{ ref('int_records__amounts') }} as amounts
        on
            written_amounts.kind = amounts.kind
            and written_amounts.written = amounts.written
            and written_amounts.currency = amounts.stated_currency

),

numbers as (

    select
        source_system,
        event_name,
        field,
        sum(amounts) as amounts
    from stated_amounts
    group by source_system, event_name, field

),

texts as (

    select
        source_system,
        event_name,
        field,
        count(*) as amounts_as_text,
        {{ count_where('is_missing') }} as amounts_missing,
        {{ count_where('is_in_other_currency') }} as amounts_in_other_currency,
        min(case when is_missing then written end) as missing_example,
        min(case when is_in_other_currency then written end) as other_currency_example,
        min(case when is_missing or is_in_other_currency then occurred_at end) as first_problem_at,
        max(case when is_missing or is_in_other_currency then occurred_at end) as last_problem_at
    from written_amounts
    group by source_system, event_name, field

),

counts as (

    select
        coalesce(numbers.source_system, texts.source_system) as source_system,
        coalesce(numbers.event_name, texts.event_name) as event,
        coalesce(numbers.field, texts.field) as field,
        cast(numbers.amounts as {{ dbt.type_bigint() }}) as plain_amounts,
        texts.amounts_as_text,
        texts.amounts_missing,
        texts.amounts_in_other_currency,
        texts.missing_example,
        texts.other_currency_example,
        texts.first_problem_at,
        texts.last_problem_at
    from numbers
    full outer join texts
        on
            numbers.source_system = texts.source_system
            and numbers.event_name = texts.event_name
            and numbers.field = texts.field

),

amount_coverage as (

    select
        source_system,
        event,
        field,
        missing_example,
        other_currency_example,
        first_problem_at,
        last_problem_at,
        coalesce(plain_amounts, 0) + coalesce(amounts_as_text, 0) as amounts,
        coalesce(amounts_as_text, 0) as amounts_as_text,
        coalesce(amounts_missing, 0) as amounts_missing,
        coalesce(amounts_in_other_currency, 0) as amounts_in_other_currency
    from counts

)

select * from amount_coverage
