{#-
    The staging model of one feed of Segment messages: one row per message, every feed with the same columns. Each JSON
    column is parsed once. An identifier comes from the message's traits, else the context's traits, else the properties; a name
    never from the properties, where `name` is the name of a product or page. Keys are read in the spellings of all versions of
    the specification: `order_id`, `orderId`, `orderID`, and in events about an order or a product plain `id`.
-#}
{% macro segment_events(messages, source_system) -%}
{%- set fields = segment_fields() -%}
{%- set identifiers = fields.identifiers -%}
{%- set keys = fields["keys"] -%}
{%- set order_keys = fields.order_keys -%}
{%- set product_keys = fields.product_keys -%}
{%- set birth_dates = spellings("birthday") + spellings("birth_date") -%}
{%- set campaign_columns = {
    "source": ["context.campaign.source", "properties.campaign.source"],
    "medium": ["context.campaign.medium", "properties.campaign.medium"],
    "name": ["context.campaign.name", "properties.campaign.name"] + spelled_columns("properties", ["campaign_name"]),
    "term": ["context.campaign.term", "properties.campaign.term"],
    "content": ["context.campaign.content", "properties.campaign.content"],
    "id": ["context.campaign.id", "properties.campaign.id"] + spelled_columns("properties", ["campaign_id"]),
} -%}
{%- set amounts = ["revenue", "total", "value", "price", "discount"] -%}
with

messages as (

    select * from {{ messages }}

),

timezones as (

    select * from {{ ref('timezones') }}

),

parsed_messages as (

    select
        message_id,
        type as message_type,
        event,
        name,
        anonymous_id,
        user_id,
        previous_id,
        timestamp,
        sent_at,
        received_at,
        loaded_at,
        {{ json_fields(with_id_keys("context"), fields.context) }} as context,
        {{ json_fields(with_id_keys("properties"), fields.properties) }} as properties,
        {{ json_fields(with_id_keys("traits"), fields.traits) }} as traits
    from messages

),

-- The address of a link into an app is a property; a page library may give the query string apart from the address.
addressed_messages as (

    select
        *,
        {{ first_text(["context.page.url", "case when message_type = 'page' then properties.url end"]) }} as page_url,
        {{ first_text(["context.page.referrer", "case when message_type = 'page' then properties.referrer end"]) }} as page_referrer,
        coalesce(
            context.page.url,
            case when message_type = 'page' or lower(event) like 'deep link %' then properties.url end,
            ''
        ) || '&' || coalesce(context.page.search, '') as campaign_url
    from parsed_messages

),

messages_with_parameters as (

    select
        *
        {%- for name in campaign_columns %},
        {{ url_parameter("campaign_url", "utm_" ~ ("campaign" if name == "name" else name)) }} as utm_{{ name }}
        {%- endfor %}
    from addressed_messages

),

events as (

    select
        '{{ source_system }}:' || message_id as event_key,
        '{{ source_system }}' as source_system,
        message_id as record_id,
        message_type,
        case when message_type = 'track' then coalesce({{ clean_text("event") }}, message_type) else message_type end as event_name,
        {{ clean_text("name") }} as page_name,
        {{ to_utc("timestamp") }} as occurred_at,
        {{ to_utc("sent_at") }} as sent_at,
        {{ to_utc("received_at") }} as received_at,
        {{ to_utc("loaded_at") }} as loaded_at,
        {{ clean_text("anonymous_id") }} as anonymous_id,
        {{ clean_text("user_id") }} as user_id,
        {{ clean_text("previous_id") }} as previous_id,
        {{ clean_text("context.device.id") }} as device_id,
        {{ clean_text("context.device.advertisingId") }} as advertising_id,
        lower({{ clean_text("context.device.type") }}) as device_type,
        {%- for name in identifiers %}
        {{ first_text(
            spelled_columns("traits", [name])
            + spelled_columns("context.traits", [name])
            + spelled_columns("properties", [name])
        ) }} as {{ name }},
        {%- endfor %}
        {%- for name in ["network", "handle"] %}
        lower({{ first_text(["traits." ~ name, "context.traits." ~ name, "properties." ~ name]) }}) as {{ name }},
        {%- endfor %}
        {{ first_text(["traits.name", "context.traits.name"]) }} as full_name,
        {{ first_text(["traits.firstName", "traits.first_name", "context.traits.firstName", "context.traits.first_name"]) }} as first_name,
        {{ first_text(["traits.lastName", "traits.last_name", "context.traits.lastName", "context.traits.last_name"]) }} as last_name,
        coalesce(
            {%- for name in birth_dates %}
            {{ text_to_date("traits." ~ name) }},
            {{ text_to_date("context.traits." ~ name) }}{{ "," if not loop.last }}
            {%- endfor %}
        ) as birth_date,
        {{ first_text([
            "traits.postcode", "traits.postal_code", "traits.postalCode", "traits.address.postalCode", "traits.address.postal_code",
            "context.traits.postcode", "context.traits.postal_code", "context.traits.postalCode",
            "context.traits.address.postalCode", "context.traits.address.postal_code",
        ]) }} as postcode,
        page_url,
        page_referrer,
        {{ url_host("page_url") }} as page_host,
        {{ url_host("page_referrer") }} as referrer_host,
        {%- for name, fields in campaign_columns.items() %}
        coalesce(
            {%- for field in fields %}
            {{ campaign_text(field) }},
            {%- endfor %}
            {{ campaign_text("utm_" ~ name) }}
        ) as campaign_{{ name }},
        {%- endfor %}
        {{ clean_text("context.userAgent") }} as user_agent,
        {{ clean_text("context.ip") }} as ip,
        {{ clean_text("context.locale") }} as locale,
        timezones.timezone,
        {{ clean_text("context.sessionId") }} as source_session_id,
        lower({{ clean_text("context.channel") }}) as context_channel,
        coalesce(context.consent, properties.consent, traits.consent) as consent,
        {{ is_sent_by_server("message_type", "context") }} as is_sent_by_server,
        {%- for name in keys %}
        {{ first_text(spelled_columns("properties", [name])) }} as {{ name }},
        {%- endfor %}
        case
            when message_type = 'track' and {{ regexp_matches("lower(event)", "'(^|[^a-z])order([^a-z]|$)'") }}
                then {{ first_text(
                    spelled_columns("properties", ["order_id"])
                    + ["properties.id"]
                    + spelled_columns("properties", ["checkout_id"])
                ) }}
            else {{ first_text(spelled_columns("properties", ["order_id"])) }}
        end as order_id,
        case
            when
                message_type = 'track'
                and {{ regexp_matches("lower(event)", "'(^|[^a-z])product([^a-z]|$)'") }}
                and not {{ regexp_matches("lower(event)", "'(^|[^a-z])(list|category)([^a-z]|$)'") }}
                then {{ first_text(spelled_columns("properties", product_keys) + ["properties.id", "properties.sku"]) }}
            else {{ first_text(spelled_columns("properties", product_keys)) }}
        end as product_id,
        upper({{ clean_text("properties.currency") }}) as currency,
        {%- for name in amounts %}
        {{ parse_amount("properties." ~ name) }} as {{ name }},
        {{ amount_text("properties." ~ name) }} as {{ name }}_text,
        {%- endfor %}
        {{ parse_quantity("properties.quantity") }} as quantity,
        {{ amount_text("properties.quantity", parse_quantity) }} as quantity_text,
        {{ clean_text("properties.affiliation") }} as affiliation,
        lower({{ first_text(["properties.fulfilment", "properties.fulfillment"]) }}) as fulfilment,
        {{ first_text(["properties.text", "properties.message", "properties.body", "properties.comment", "properties.review_body"]) }} as text,
        {{ first_text(["properties.query", "properties.search_query"]) }} as search_query,
        {{ parse_number("coalesce(properties.nps, properties.nps_score)") }} as nps,
        {{ first_text(["properties.step", "properties.step_name"]) }} as step,
        case when properties.products like '[%' then properties.products end as products
    from messages_with_parameters
    left join timezones
        on {{ clean_text("messages_with_parameters.context.timezone") }} = timezones.timezone

)

select * from events
{%- endmacro %}

{#-
    Whether a message was sent by a server for its own purposes: by a library that is none of a browser or app, and without
    anything that the library would pass on of a visitor's browser or device. `context` is the message's parsed context.
-#}
{% macro is_sent_by_server(message_type, context) -%}
    case
        when {{ clean_text(context ~ ".library.name") }} is null then false
        when {{ message_type }} in ('page', 'screen') then false
        when
            coalesce(
                {{ context }}.userAgent, {{ context }}.page.url, {{ context }}.page.path, {{ context }}.screen,
                {{ context }}.device.id, {{ context }}.device.type, {{ context }}.device.advertisingId
            ) is not null
            then false
        else not {{ regexp_matches("lower(" ~ context ~ ".library.name)", client_library_pattern()) }}
    end
{%- endmacro %}

{#-
    Pattern of the lower-cased names of libraries that run in a browser or an app, such as analytics.js, analytics-next,
    analytics-kotlin or "RudderLabs JavaScript SDK". Any other library may run on a server (see is_sent_by_server).
-#}
{% macro client_library_pattern() -%}
    '(^|[^a-z])(js|ios|tvos|swift|android|kotlin|flutter|unity|xamarin|cordova|capacitor|expo|roku|amp|gtm|web|next|browser|pixel)([^a-z]|$)|javascript|react[-_. ]?native'
{%- endmacro %}
