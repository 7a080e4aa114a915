-- One row per place where the brand meets its customers.
with

raw_locations as (

    select * from {{ source('raw', 'store_locations') }}

),

timezones as (

    select * from {{ ref('timezones') }}

),

locations as (

    select
        {{ clean_text('raw_locations.location_id') }} as location_id,
        {{ clean_text('raw_locations.name') }} as name,
        lower({{ clean_text('raw_locations.kind') }}) as kind,
        {{ clean_text('raw_locations.banner') }} as banner,
        timezones.timezone,
        upper({{ clean_text('raw_locations.country') }}) as country,
        {{ to_utc('raw_locations.updated_at') }} as updated_at,
        {{ to_utc('raw_locations.loaded_at') }} as loaded_at
    from raw_locations
    left join timezones
        on {{ clean_text('raw_locations.timezone') }} = timezones.timezone

)

select * from locations
