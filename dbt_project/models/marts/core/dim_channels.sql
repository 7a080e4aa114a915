-- One row per channel.
with

channels as (

    select * from {{ ref('channels') }}

)

select
    channel,
    channel_name,
    channel_group,
    is_owned,
    is_online,
    is_physical,
    has_sessions
from channels
