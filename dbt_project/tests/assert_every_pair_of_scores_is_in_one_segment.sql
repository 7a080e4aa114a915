-- A row is a pair of recency and frequency scores that no segment of the seed holds, or more than one.
with

scores as (

    select day_of_month as score
    from {{ ref('dim_dates') }}
    where
        month_start_date = cast('2026-01-01' as date)
        and day_of_month <= 5

),

pairs as (

    select
        recencies.score as recency_score,
        frequencies.score as frequency_score
    from scores as recencies
    cross join scores as frequencies

)

select
    pairs.recency_score,
    pairs.frequency_score,
    count(segments.segment) as segments
from pairs
left join {{ ref('rfm_segments') }} as segments
    on
        pairs.recency_score between segments.recency_from and segments.recency_to
        and pairs.frequency_score between segments.frequency_from and segments.frequency_to
group by pairs.recency_score, pairs.frequency_score
having count(segments.segment) <> 1
