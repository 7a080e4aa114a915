-- One row per message that somebody was shown a variant of an experiment: which experiment, and which variant.
{%- set names = ['experiment_id', 'experiment_name', 'variation_id', 'variation_name', 'variant_id', 'variant_name'] %}
{%- set fields = {'experiment': none, 'variation': none, 'variant': none} %}
{%- do fields.update(spelled_fields(names)) %}
with

messages as (

    {%- for feed in ['web', 'app', 'marketing'] %}
    select
        '{{ feed }}:' || message_id as event_key,
        '{{ feed }}' as source_system,
        timestamp,
        context,
        properties
    from {{ source('raw', feed ~ '_events') }}
    where
        type = 'track'
        and {{ regexp_matches('lower(event)', "'^[$]?experiment[ _-](viewed|started)$'") }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

shown_variants as (

    select
        event_key,
        source_system,
        timestamp,
        {{ json_fields('context', {'userAgent': none, 'device': {'type': none}}) }} as context,
        {{ json_fields(with_id_keys('properties'), fields) }} as shown
    from messages

),

named_variants as (

    select
        shown_variants.event_key,
        shown_variants.source_system,
        {{ to_utc('shown_variants.timestamp') }} as shown_at,
        {{ clean_text('shown_variants.context.userAgent') }} as user_agent,
        lower({{ clean_text('shown_variants.context.device.type') }}) as device_type,
        {{ first_text(
            spelled_columns('shown_variants.shown', ['experiment_id', 'experiment_name'])
            + ['shown_variants.shown.experiment']
        ) }}
            as experiment_id,
        {{ first_text(
            spelled_columns('shown_variants.shown', ['experiment_name', 'experiment_id'])
            + ['shown_variants.shown.experiment']
        ) }}
            as experiment_name,
        {{ first_text(
            spelled_columns('shown_variants.shown', ['variation_id', 'variant_id'])
            + ['shown_variants.shown.variant', 'shown_variants.shown.variation']
            + spelled_columns('shown_variants.shown', ['variation_name', 'variant_name'])
        ) }} as variant,
        {{ first_text(
            spelled_columns('shown_variants.shown', ['variation_name', 'variant_name'])
            + ['shown_variants.shown.variant', 'shown_variants.shown.variation']
            + spelled_columns('shown_variants.shown', ['variation_id', 'variant_id'])
        ) }} as variant_name
    from shown_variants

),

experiments as (

    select * from named_variants
    where
        experiment_id is not null
        and variant is not null

)

select * from experiments
