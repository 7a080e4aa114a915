-- One row per message and promotion or piece of content that it names, with what it says of it: the name of an offer,
-- the version, or else the title, of content.
{% set fields = spelled_fields([
    'promotion_id', 'offer_id', 'promotion_name', 'creative', 'name', 'title', 'content_id', 'content_version', 'content_title', 'version'
]) -%}
with

{% for feed in ['web', 'app', 'marketing'] -%}
raw_{{ feed }}_messages as (

    select * from {{ source('raw', feed ~ '_events') }}

),

{% endfor -%}
messages as (

    {%- for feed in ['web', 'app', 'marketing'] %}
    select
        {{ dbt.concat(["'" ~ feed ~ ":'", 'message_id']) }} as event_key,
        {{ with_id_keys('properties') }} as properties
    from raw_{{ feed }}_messages
    where {{ regexp_matches('properties', "'\"(promotion|offer|content)_?(id|Id|ID)\"'") }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

parsed_messages as (

    select
        event_key,
        {{ json_fields('properties', fields) }} as properties
    from messages

),

promotions as (

    select
        parsed_messages.event_key,
        'promotion' as offer_kind,
        {{ first_text(spelled_columns('properties', ['promotion_id', 'offer_id'])) }} as offer_id,
        {{ first_text(spelled_columns('properties', ['promotion_name', 'name', 'title', 'creative'])) }} as wording
    from parsed_messages

),

contents as (

    select
        parsed_messages.event_key,
        'content' as offer_kind,
        {{ first_text(spelled_columns('properties', ['content_id'])) }} as offer_id,
        {{ first_text(
            spelled_columns('properties', ['content_version', 'version', 'content_title', 'title', 'name'])
        ) }} as wording
    from parsed_messages

),

all_offers as (

    select * from promotions
    union all
    select * from contents

),

offers as (

    select * from all_offers
    where offer_id is not null

)

select * from offers
