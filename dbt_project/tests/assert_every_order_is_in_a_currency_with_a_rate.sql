-- A failing row is an order whose currency has no rate to the reporting currency on its day: sums in the
-- reporting currency lack it. Add the rate to the seed `exchange_rates`.
with

orders as (

    select * from {{ ref('fct_orders') }}

)

select
    order_id,
    ordered_on,
    currency,
    reporting_currency
from orders
where exchange_rate is null
