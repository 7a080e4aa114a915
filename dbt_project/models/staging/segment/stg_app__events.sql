-- One row per message of the app feed: what a person did, and the calls that say who they are.
{{ segment_events(source('raw', 'app_events'), 'app') }}
