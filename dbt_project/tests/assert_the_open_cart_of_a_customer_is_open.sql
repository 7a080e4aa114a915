-- A failing row is a customer whose open cart is not open by `fct_carts` or is another customer's, or who has open
-- carts and none is named.
with

customers as (

    select * from {{ ref('dim_customers') }}

),

open_carts as (

    select * from {{ ref('fct_carts') }}
    where status = 'open'

),

carts_of_customers as (

    select
        customer_id,
        count(*) as open_carts
    from open_carts
    group by customer_id

)

select
    customers.customer_id,
    customers.open_cart_key
from customers
left join carts_of_customers
    on customers.customer_id = carts_of_customers.customer_id
left join open_carts
    on
        customers.customer_id = open_carts.customer_id
        and customers.open_cart_key = open_carts.cart_key
where
    (customers.open_cart_key is not null and open_carts.cart_key is null)
    or (customers.open_cart_key is null and carts_of_customers.open_carts > 0)
