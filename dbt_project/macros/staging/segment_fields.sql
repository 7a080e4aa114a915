{#- The fields of messages that `segment_events` reads: of the context, the properties and the traits; and groups of their names. -#}
{% macro segment_fields() -%}
{%- set identifiers = ["email", "phone", "loyalty_id", "member_id"] -%}
{%- set keys = ["cart_id", "application_id", "booking_id", "ticket_id", "location_id", "coupon"] -%}
{%- set order_keys = ["order_id", "checkout_id"] -%}
{%- set product_keys = ["product_id"] -%}
{%- set trait_fields = {
    "network": none, "handle": none, "name": none,
    "firstName": none, "first_name": none, "lastName": none, "last_name": none,
    "postcode": none, "postal_code": none, "postalCode": none, "address": {"postalCode": none, "postal_code": none}, "consent": none,
} -%}
{%- do trait_fields.update(spelled_fields(identifiers + ["birthday", "birth_date"])) -%}
{%- set campaign_fields = {
    "source": none, "medium": none, "name": none, "term": none, "content": none, "id": none,
} -%}
{%- set context_fields = {
    "page": {"url": none, "path": none, "referrer": none, "search": none},
    "campaign": campaign_fields,
    "device": {"id": none, "advertisingId": none, "type": none},
    "library": {"name": none}, "screen": none,
    "userAgent": none, "ip": none, "locale": none, "timezone": none, "sessionId": none, "channel": none, "consent": none,
    "traits": trait_fields,
} -%}
{%- set property_fields = {
    "id": none, "sku": none, "network": none, "handle": none, "url": none, "referrer": none, "campaign": campaign_fields, "currency": none, "revenue": "json", "total": "json", "value": "json",
    "price": "json", "discount": "json", "quantity": "json", "affiliation": none, "fulfilment": none, "fulfillment": none,
    "step": none, "step_name": none,
    "text": none, "message": none, "body": none, "comment": none, "review_body": none,
    "query": none, "search_query": none, "nps": none, "nps_score": none, "consent": none, "products": none,
} -%}
{%- do property_fields.update(
    spelled_fields(identifiers + keys + order_keys + product_keys + ["campaign_id", "campaign_name"])
) -%}
{{ return({
    "context": context_fields, "properties": property_fields, "traits": trait_fields,
    "identifiers": identifiers, "keys": keys, "order_keys": order_keys, "product_keys": product_keys,
}) }}
{%- endmacro %}
