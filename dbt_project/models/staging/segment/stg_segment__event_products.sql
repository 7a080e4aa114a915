-- One row per product that an event names: the entries of its list or, if it has no list, its one product.
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

product_events as (

    {%- for events in ['web_events', 'app_events', 'marketing_events'] %}
    select
        event_key,
        source_system,
        products,
        product_id,
        price,
        price_text,
        quantity,
        quantity_text,
        currency,
        coupon
    from {{ events }}
    where products is not null or product_id is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

listed_rows as (

    {% set product_fields = {
        'id': none, 'sku': none, 'price': 'json', 'quantity': 'json', 'currency': none, 'coupon': none
    } -%}
    {% do product_fields.update(spelled_fields(['product_id'])) -%}
    {{ json_array_rows(
        'product_events',
        'products',
        product_fields,
        ['event_key', 'source_system', 'currency', 'coupon']
    ) }}

),

listed_products as (

    select
        listed_rows.event_key,
        listed_rows.source_system,
        listed_rows.element_number as line_number,
        {{ first_text(
            spelled_columns('listed_rows.element', ['product_id'])
            + ['listed_rows.element.id', 'listed_rows.element.sku']
        ) }} as product_id,
        {{ parse_amount('listed_rows.element.price') }} as price,
        {{ amount_text('listed_rows.element.price') }} as price_text,
        {{ parse_quantity('listed_rows.element.quantity') }} as quantity,
        {{ amount_text('listed_rows.element.quantity', parse_quantity) }} as quantity_text,
        coalesce(upper({{ clean_text('listed_rows.element.currency') }}), listed_rows.currency) as currency,
        coalesce({{ clean_text('listed_rows.element.coupon') }}, listed_rows.coupon) as coupon
    from listed_rows

),

single_products as (

    select
        event_key,
        source_system,
        1 as line_number,
        product_id,
        price,
        price_text,
        quantity,
        quantity_text,
        currency,
        coupon
    from product_events
    where product_id is not null and products is null

),

event_products as (

    select * from listed_products
    where product_id is not null
    union all
    select * from single_products

)

select * from event_products
