-- One row per product of the store's product catalogue: its category, and whether it can be sold.
with

products as (

    select * from {{ ref('stg_store__products') }}

),

catalogue as (

    select
        product_id,
        category,
        not coalesce(is_deleted or stock_quantity <= 0, false) as is_for_sale
    from products

)

select * from catalogue
