-- One row per message of the marketing feed: email, SMS, push and social, and the calls that say who it is.
{{ segment_events(source('raw', 'marketing_events'), 'marketing') }}
