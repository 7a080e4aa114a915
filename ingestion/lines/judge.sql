-- The judgement on lines, in one pass: each becomes a message with its columns, or a reason against it.
--
--     lines ─ checked as JSON ─ parsed once ─ typed ─ reason
--
-- Lines have file_no, line_no, item_no (0 for a whole line), line, fault (a reason for which they cannot be read at all)
-- and, for messages of an envelope, the envelope's times. Each step refers to columns of the one before, never twice to an
-- expression: DuckDB would compute it twice.
INSERT INTO judged BY NAME
WITH lines AS ($lines),
trimmed AS (
    SELECT * EXCLUDE (line), without_blanks(line) AS given FROM lines
),
tried AS (
    SELECT *, CASE WHEN fault IS NULL THEN json_valid(given) END AS is_json FROM trimmed
),
repaired AS (
    SELECT * EXCLUDE (is_json),
        CASE WHEN is_json = false AND has_half_pair(given) THEN with_whole_pairs(given) ELSE given END AS text,
        CASE WHEN is_json THEN true
            WHEN has_half_pair(given) THEN json_valid(with_whole_pairs(given))
            ELSE false
        END AS is_json
    FROM tried
),
checked AS (
    SELECT * EXCLUDE (fault, is_json),
        CASE WHEN fault IS NOT NULL THEN fault
            WHEN text IS NULL OR text = '' THEN 'blank'
            WHEN strlen(text) > $largest_record THEN
                CASE WHEN NOT json_valid(text) THEN 'record_too_large'
                    WHEN NOT coalesce(is_envelope(text), false) THEN 'record_too_large' END
            WHEN NOT is_json THEN 'not_json'
            WHEN may_be_lenient(text) AND is_lenient(text) THEN 'not_json'
            WHEN text[1] <> '{' THEN 'not_an_object'
            WHEN opening_brackets(text) > $deepest THEN
                CASE WHEN is_too_deep(text) AND NOT is_envelope(text) THEN 'nested_too_deep' END
        END AS fault
    FROM repaired
),
parsed AS (
    -- Scalars as text, whatever their type, and documents as they are.
    SELECT *, md5(text) AS record_hash,
        CASE WHEN fault IS NULL THEN from_json(text, '{
            "messageId": "VARCHAR", "type": "VARCHAR", "event": "VARCHAR", "name": "VARCHAR",
            "anonymousId": "VARCHAR", "userId": "VARCHAR", "previousId": "VARCHAR", "groupId": "VARCHAR",
            "timestamp": "VARCHAR", "originalTimestamp": "VARCHAR", "sentAt": "VARCHAR", "receivedAt": "VARCHAR",
            "context": "JSON", "properties": "JSON", "traits": "JSON", "batch": "JSON"}') END AS message,
        CASE WHEN fault IS NULL THEN json_keys(text) END AS keys
    FROM checked
),
fields AS (
    SELECT file_no, line_no, item_no, given, text, fault, record_hash, keys,
        message."messageId" AS message_id,
        message.type AS type,
        message.event AS event,
        message.name AS name,
        message."anonymousId" AS anonymous_id,
        message."userId" AS user_id,
        message."previousId" AS previous_id,
        message."groupId" AS group_id,
        set_time(message."timestamp") AS text_timestamp,
        set_time(message."originalTimestamp") AS text_original_timestamp,
        coalesce(set_time(message."sentAt"), set_time(envelope_sent_at)) AS text_sent_at,
        coalesce(set_time(message."receivedAt"), set_time(envelope_received_at)) AS text_received_at,
        set_time(envelope_timestamp) AS text_shared_timestamp,
        message.context::VARCHAR AS context,
        message.properties::VARCHAR AS properties,
        message.traits::VARCHAR AS traits,
        message.batch::VARCHAR AS batch,
        -- The content of an envelope is in its messages; copying it would be wasted.
        NOT (item_no = 0
            AND (message."messageId" IS NULL OR coalesce(trim(message.type), '') = '')
            AND coalesce(starts_with(message.batch::VARCHAR, '['), false)) AS is_message
    FROM parsed
),
counted AS (
    SELECT *, field_sum(keys) AS field_sum FROM fields
),
typed AS (
    SELECT * EXCLUDE (keys, field_sum, is_message),
        -- Of other fields the sum only shows how many there are.
        CASE WHEN bit_count(field_sum::BIGINT) <> len(keys) OR has_other_fields(field_sum)
            THEN repeated_keys(keys) END AS repeated,
        -- A merge patch removes the fields for which it has null. A `batch` that is not a list of messages stays.
        CASE WHEN is_message AND has_other_fields(field_sum)
            THEN json_merge_patch(text, to_json(map_from_entries(list_transform(
                known_fields(), lambda field: {'k': field, 'v': NULL}))))::VARCHAR END AS extras,
        instant(text_shared_timestamp) AS shared_timestamp,
        instant(text_timestamp) AS "timestamp",
        instant(text_original_timestamp) AS original_timestamp,
        instant(text_sent_at) AS sent_at,
        instant(text_received_at) AS received_at
    FROM counted
),
dated AS (
    SELECT * REPLACE (
        CASE WHEN text_timestamp IS NOT NULL THEN "timestamp"
            WHEN text_original_timestamp IS NOT NULL THEN original_timestamp
            WHEN text_shared_timestamp IS NOT NULL THEN shared_timestamp
            ELSE coalesce(sent_at, received_at)
        END AS "timestamp",
        -- Times that cannot be read are kept as extras.
        CASE WHEN (text_original_timestamp IS NOT NULL AND original_timestamp IS NULL)
                OR (text_sent_at IS NOT NULL AND sent_at IS NULL)
                OR (text_received_at IS NOT NULL AND received_at IS NULL)
            THEN json_merge_patch(coalesce(extras, '{}'), json_object(
                'originalTimestamp', CASE WHEN original_timestamp IS NULL THEN text_original_timestamp END,
                'sentAt', CASE WHEN sent_at IS NULL THEN text_sent_at END,
                'receivedAt', CASE WHEN received_at IS NULL THEN text_received_at END))::VARCHAR
            ELSE extras
        END AS extras)
    FROM typed
),
reasoned AS (
    SELECT *,
        CASE WHEN fault IS NOT NULL THEN fault
            WHEN item_no = 0 AND batch[1] = '[' AND (message_id IS NULL OR coalesce(trim(type), '') = '')
                THEN 'envelope'
            WHEN message_id IS NOT NULL AND batch[1] = '[' AND batch <> '[]' THEN 'message_with_batch'
            WHEN coalesce(trim(message_id), '') = '' THEN 'missing_message_id'
            WHEN coalesce(trim(type), '') = '' THEN 'missing_type'
            WHEN "timestamp" IS NULL THEN
                CASE WHEN coalesce(text_shared_timestamp, text_timestamp, text_original_timestamp, text_sent_at,
                        text_received_at) IS NULL THEN 'missing_timestamp' ELSE 'bad_timestamp' END
            WHEN "timestamp" > $future THEN 'timestamp_in_future'
            WHEN is_not_scalar(message_id, text, '$$.messageId')
                OR is_not_scalar(type, text, '$$.type')
                OR is_not_scalar(event, text, '$$.event')
                OR is_not_scalar(name, text, '$$.name')
                OR is_not_scalar(anonymous_id, text, '$$.anonymousId')
                OR is_not_scalar(user_id, text, '$$.userId')
                OR is_not_scalar(previous_id, text, '$$.previousId')
                OR is_not_scalar(group_id, text, '$$.groupId') THEN 'type_mismatch'
        END AS reason
    FROM dated
)
SELECT file_no, line_no, item_no, message_id, type, event, name, anonymous_id, user_id, previous_id, group_id,
    "timestamp", original_timestamp, sent_at, received_at, context, properties, traits, extras, record_hash, reason,
    repeated,
    CASE WHEN reason = 'envelope' THEN text
        WHEN reason IS NULL THEN NULL
        WHEN $keeps_large OR strlen(given) <= $largest_record THEN given
        ELSE left(given, $kept_of_large)
    END AS record
FROM reasoned
