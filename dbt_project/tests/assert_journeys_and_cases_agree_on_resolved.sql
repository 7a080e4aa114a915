-- A failing row is a service journey that is resolved while its support case is not, or the other way round.
with

journeys as (

    select * from {{ ref('fct_journeys') }}
    where kind = 'service'

),

support_cases as (

    select * from {{ ref('fct_support_cases') }}

)

select
    journeys.journey_id,
    journeys.case_id,
    journeys.status as journey_status,
    support_cases.status as case_status
from journeys
inner join support_cases
    on journeys.case_id = support_cases.case_id
where journeys.status <> support_cases.status
