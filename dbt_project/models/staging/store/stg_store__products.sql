-- One row per product that the brand sells or has sold.
with

raw_products as (

    select * from {{ source('raw', 'store_products') }}

),

products as (

    select
        {{ clean_text('product_id') }} as product_id,
        {{ clean_text('name') }} as name,
        {{ clean_text('category') }} as category,
        {{ clean_text('banner') }} as banner,
        cast(list_price as {{ type_money() }}) as list_price,
        upper({{ clean_text('currency') }}) as currency,
        cast(stock_quantity as {{ type_money() }}) as stock_quantity,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('deleted_at') }} as deleted_at,
        deleted_at is not null as is_deleted,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_products

)

select * from products
