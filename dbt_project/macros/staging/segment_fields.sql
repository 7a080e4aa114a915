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

{#-
    The spellings of a field's name, the preferred one first: `order_id`, `orderId`. The third one, `orderID`, is the second
    after with_id_keys: engines ignore case in the names of a struct's fields.
-#}
{% macro spellings(name) -%}
    {%- set words = name.split("_") -%}
    {{ return([name, words[0] ~ words[1:] | map("capitalize") | join] | unique | list) }}
{%- endmacro %}

{#- JSON text in which keys such as `orderID` are spelled `orderId`. Only a key's end is followed by a colon. -#}
{% macro with_id_keys(json) -%}
    case
        when cast({{ json }} as {{ dbt.type_string() }}) like '%ID":%'
            then replace(cast({{ json }} as {{ dbt.type_string() }}), 'ID":', 'Id":')
        else cast({{ json }} as {{ dbt.type_string() }})
    end
{%- endmacro %}

{#- The fields of json_fields for these names, in all their spellings. -#}
{% macro spelled_fields(names) -%}
    {%- set fields = {} -%}
    {%- for name in names -%}
        {%- for spelling in spellings(name) -%}
            {%- do fields.update({spelling: none}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}

{#- The columns of the fields with these names, in all their spellings, for first_text; `owner` is the struct. -#}
{% macro spelled_columns(owner, names) -%}
    {%- set columns = [] -%}
    {%- for name in names -%}
        {%- for spelling in spellings(name) -%}
            {%- do columns.append(owner ~ "." ~ spelling) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#-
    Which staging models read which raw table: (table, model, words) each, where words are the names in the model's code, in
    lower case without underscores, so that a field in any spelling can be looked up among them. Empty while dbt only parses.
-#}
{% macro readers_of_raw_fields() -%}
    {%- set readers = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | selectattr("resource_type", "equalto", "model") | sort(attribute="name") -%}
            {%- for source in node.depends_on.nodes if modules.re.match("source[.].*[.]raw[.]", source) -%}
                {%- set named = modules.re.findall("[A-Za-z_]+", node.raw_code) -%}
                {%- if "segment_events" in named -%}
                    {%- set named = named + modules.re.findall("[A-Za-z_]+", segment_fields() | string) -%}
                {%- endif -%}
                {%- set words = named | map("lower") | map("replace", "_", "") | unique | select | sort -%}
                {%- do readers.append((source.split(".") | last, node.name, words)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(readers) }}
{%- endmacro %}
