-- One row per place where the brand meets customers.
with

locations as (

    select * from {{ ref('stg_store__locations') }}

)

select
    location_id,
    name as location_name,
    kind as location_kind,
    banner,
    timezone,
    country
from locations
