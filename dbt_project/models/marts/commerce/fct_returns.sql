-- One row per return, refund, exchange or cancellation of an order, on the day on which it happened.
with

returns as (

    select * from {{ ref('int_commerce__reported_returns') }}

)

select * from returns
