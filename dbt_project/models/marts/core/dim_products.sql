-- One row per product: those of the store's product catalogue, and those that only events or receipts name.
with

catalogue as (

    select * from {{ ref('stg_store__products') }}

),

record_keys as (

    select * from {{ ref('int_records__keys') }}
    where key_type = 'product_id'

),

named_products as (

    select distinct key_value as product_id
    from record_keys

),

products as (

    select
        catalogue.category,
        catalogue.banner,
        catalogue.list_price,
        catalogue.currency,
        catalogue.stock_quantity,
        coalesce(catalogue.product_id, named_products.product_id) as product_id,
        coalesce(catalogue.name, catalogue.product_id, named_products.product_id) as product_name,
        catalogue.product_id is not null as is_in_catalogue,
        coalesce(catalogue.is_deleted, false) as is_discontinued,
        catalogue.stock_quantity > 0 as is_in_stock
    from catalogue
    full outer join named_products
        on catalogue.product_id = named_products.product_id

)

select * from products
