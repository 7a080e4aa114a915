select distinct
    channel,
    'Channel of ' || channel as channel_name,
    channel_group,
    true as is_owned,
    true as is_online,
    false as is_physical
from {{ ref('stg_web__events') }}
