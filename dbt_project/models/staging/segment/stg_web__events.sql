-- One row per message of the web feed: what a person did, and the calls that say who they are.
{{ segment_events(source('raw', 'web_events'), 'web') }}
