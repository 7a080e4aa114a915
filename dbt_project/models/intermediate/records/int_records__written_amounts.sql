-- One row per amount, quantity or currency of a message that is written as text which no program reads as a number
-- or code: "$1,234.50", "2 pcs", "€".
{%- set keep = ['event_key', 'source_system', 'event_name', 'occurred_at', 'currency'] %}

with

all_events as (

    {%- for feed in ['web', 'app', 'marketing'] %}
    select
        event_key,
        source_system,
        event_name,
        occurred_at,
        currency,
        revenue_text,
        total_text,
        value_text,
        price_text,
        discount_text,
        quantity_text
    from {{ ref('stg_' ~ feed ~ '__events') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

product_texts as (

    select
        event_products.event_key,
        event_products.source_system,
        all_events.event_name,
        all_events.occurred_at,
        event_products.currency,
        event_products.price_text,
        event_products.quantity_text
    from {{ ref('stg_segment__event_products') }} as event_products
    inner join all_events
        on event_products.event_key = all_events.event_key
    where
        event_products.price_text is not null
        or event_products.quantity_text is not null
        or not {{ regexp_matches('event_products.currency', "'^[A-Z]{3}$'") }}

),

texts as (

    {{ unpivot_columns(
        'all_events',
        {
            'revenue': 'revenue_text', 'total': 'total_text', 'value': 'value_text', 'price': 'price_text',
            'discount': 'discount_text', 'quantity': 'quantity_text',
            'currency': "case when not " ~ regexp_matches('currency', "'^[A-Z]{3}$'") ~ " then currency end",
        },
        'field', 'written', keep
    ) }}
    union all
    {{ unpivot_columns(
        'product_texts',
        {
            'products.price': 'price_text', 'products.quantity': 'quantity_text',
            'products.currency': "case when not " ~ regexp_matches('currency', "'^[A-Z]{3}$'") ~ " then currency end",
        },
        'field', 'written', keep
    ) }}

),

written_amounts as (

    select
        event_key,
        source_system,
        event_name,
        occurred_at,
        field,
        written,
        case
            when field like '%quantity' then 'quantity'
            when field like '%currency' then 'currency'
            else 'money'
        end as kind,
        case when field like '%quantity' or field like '%currency' then '' else coalesce(currency, '') end as currency
    from texts

)

select * from written_amounts
