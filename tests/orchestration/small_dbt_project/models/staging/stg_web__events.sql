select
    web_events.message_id,
    web_events.event as channel,
    web_events.name as channel_group,
    cast('{{ env_var("RUN_AT") }}' as timestamptz) as run_at
from {{ source('raw', 'web_events') }} as web_events
where web_events.type = 'track'
