-- The messages in the envelopes that are judged and not opened yet, as lines for judge.sql; items count from 1.
--
-- A message gets the envelope's context field by field, at any depth; its own values win. Its own context may also be
-- null or, from PHP, an empty list.
SELECT file_no, line_no, item_no, NULL::VARCHAR AS fault, envelope_timestamp, envelope_sent_at, envelope_received_at,
    CASE WHEN context IS NULL OR json_type(message) <> 'OBJECT' THEN message
        ELSE json_merge_patch(message, json_object('context',
            CASE WHEN json_type(json_extract(message, '$$.context')) = 'OBJECT'
                THEN json_merge_patch(context, json_extract(message, '$$.context')) ELSE context END))
    END::VARCHAR AS line
FROM (
    SELECT file_no, line_no,
        generate_subscripts(envelope.batch, 1) AS item_no,
        coalesce(unnest(envelope.batch), 'null') AS message,
        envelope."timestamp" AS envelope_timestamp,
        envelope."sentAt" AS envelope_sent_at,
        envelope."receivedAt" AS envelope_received_at,
        CASE WHEN json_type(envelope.context) = 'OBJECT' THEN envelope.context END AS context
    FROM (
        SELECT file_no, line_no,
            from_json(record, '{
                "batch": ["JSON"], "context": "JSON",
                "timestamp": "VARCHAR", "sentAt": "VARCHAR", "receivedAt": "VARCHAR"}') AS envelope
        FROM judged WHERE $waiting))
