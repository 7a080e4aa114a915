select distinct
    channel,
    'Channel of ' || channel as channel_name,
    channel_group,
    true as is_owned,
    channel not in ('store', 'kiosk') as is_online,
    channel in ('store', 'kiosk') as is_physical
from {{ ref('stg_web__events') }}
