-- The table of judged lines, and the functions that judge.sql and the report of a run use. DuckDB inlines a function, so
-- an argument that it uses twice is computed twice: steps of the judgement pass columns, not expressions.

-- Fields of a message that are read, and fields of the wire formats that only describe how a message travelled.
CREATE OR REPLACE TEMPORARY MACRO known_fields() AS [
    'messageId', 'type', 'event', 'name', 'anonymousId', 'userId', 'previousId', 'groupId',
    'timestamp', 'originalTimestamp', 'sentAt', 'receivedAt', 'context', 'properties', 'traits',
    'integrations', 'version', 'channel', 'writeKey', 'projectId', 'metadata', '_metadata',
    'rudderId', 'request_ip', 'requestIp'
];

-- Looking for blanks and carriage returns around a line costs a tenth of trimming it.
CREATE OR REPLACE TEMPORARY MACRO without_blanks(line) AS
    CASE WHEN starts_with(line, '{') AND ends_with(line, '}') THEN line ELSE trim(line, E' \t\r\n') END;

-- JavaScript cuts texts within an emoji: an escaped half of a surrogate pair that stands alone makes JSON unreadable.
CREATE OR REPLACE TEMPORARY MACRO has_half_pair(json_text) AS
    regexp_matches(json_text, '\\u[dD][89a-fA-F][0-9a-fA-F]{2}');

-- Replaces each half that stands alone by \ufffd. JSON contains no control characters: meanwhile 1 stands for an escaped
-- backslash, and 2 for the backslashes of whole pairs.
CREATE OR REPLACE TEMPORARY MACRO with_whole_pairs(json_text) AS
    CASE WHEN regexp_matches(json_text, '[\x01\x02]') THEN json_text
        ELSE replace(replace(
            regexp_replace(
                regexp_replace(
                    replace(json_text, '\\', chr(1)),
                    '\\(u[dD][89abAB][0-9a-fA-F]{2})\\(u[dD][c-fC-F][0-9a-fA-F]{2})',
                    chr(2) || '\1' || chr(2) || '\2', 'g'),
                '\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\ufffd', 'g'),
            chr(2), '\'), chr(1), '\\')
    END;

-- JSON has neither a comma before a closing bracket nor NaN and Infinity, but DuckDB's parser accepts them. To be sure
-- takes six times as long as to suspect: the strings have to be taken out first.
CREATE OR REPLACE TEMPORARY MACRO may_be_lenient(json_text) AS
    contains(json_text, 'nan') OR contains(json_text, 'NaN') OR contains(json_text, 'NAN')
    OR contains(json_text, 'inf') OR contains(json_text, 'Inf') OR contains(json_text, 'INF')
    OR regexp_matches(json_text, ',\s*[}\]]');

CREATE OR REPLACE TEMPORARY MACRO is_lenient(json_text) AS
    regexp_matches(
        regexp_replace(json_text, '"(?:[^"\\]|\\.)*"', '""', 'g'),
        '(?i),\s*[}\]]|[:,\[]\s*-?(?:nan|inf)');

-- A text with few opening brackets cannot be deep.
CREATE OR REPLACE TEMPORARY MACRO opening_brackets(json_text) AS
    strlen(json_text) - strlen(replace(replace(json_text, '{', ''), '[', ''));

-- Removes the innermost brackets as often as levels are allowed; a text with brackets left is too deep.
CREATE OR REPLACE TEMPORARY MACRO is_too_deep(json_text) AS
    list_reduce(
        list_prepend(
            regexp_replace(
                regexp_replace(json_text, '"(?:[^"\\]|\\.)*"', '', 'g'), '[^]\[{}]+', '', 'g'),
            range($deepest)::VARCHAR[]),
        lambda brackets, level: regexp_replace(brackets, '\[\]|\{\}', '', 'g')) <> '';

-- A list of messages without a message around it, as the HTTP API accepts it.
CREATE OR REPLACE TEMPORARY MACRO is_envelope(json_text) AS
    json_type(json_text, '$$.batch') = 'ARRAY'
    AND (coalesce(json_type(json_text, '$$.messageId'), 'NULL') = 'NULL'
        OR coalesce(trim(json_extract_string(json_text, '$$.type')), '') = '');

-- Null for a time that is blank, or that Go and .NET write if it was never set. Most times need no second look.
CREATE OR REPLACE TEMPORARY MACRO set_time(time_text) AS
    CASE WHEN starts_with(time_text, '2') AND ends_with(time_text, 'Z') THEN time_text
        WHEN trim(time_text, E' \t\r\n') = '' THEN NULL
        WHEN starts_with(trim(time_text, E' \t\r\n'), '0001-01-01T')
            AND regexp_full_match(
                trim(time_text, E' \t\r\n'), '0001-01-01T00:00:00(?:\.0+)?(?:Z|[+]00:?00)?') THEN NULL
        ELSE trim(time_text, E' \t\r\n')
    END;

-- Null for a text that is not ISO 8601 with an offset. Of four-digit years only the first and the last reach beyond
-- the calendar of most programs that read the warehouse.
CREATE OR REPLACE TEMPORARY MACRO instant(time_text) AS
    CASE WHEN NOT regexp_full_match(time_text, '$iso_with_offset') THEN NULL
        WHEN starts_with(time_text, '000') OR starts_with(time_text, '9999') THEN
            CASE WHEN try_cast(time_text AS TIMESTAMP WITH TIME ZONE) $within_calendar
                THEN try_cast(time_text AS TIMESTAMP WITH TIME ZONE) END
        ELSE try_cast(time_text AS TIMESTAMP WITH TIME ZONE)
    END;

-- An id must not be an object or a list; a text may begin with a bracket too.
CREATE OR REPLACE TEMPORARY MACRO is_not_scalar(value, json_text, path) AS
    CASE WHEN left(value, 1) IN ('{', '[') THEN json_type(json_text, path) IN ('OBJECT', 'ARRAY') ELSE false END;

-- Adds up a power of two for each known field and 2^40 for each other one. A sum of different powers has as many bits
-- as summands, one with a repeated power has fewer: half of the time that it takes to compare lists.
CREATE OR REPLACE TEMPORARY MACRO field_sum(fields) AS
    list_sum(list_transform(
        fields, lambda field: coalesce(1::BIGINT << (list_position(known_fields(), field) - 1), 1::BIGINT << 40)));

CREATE OR REPLACE TEMPORARY MACRO has_other_fields(field_sum) AS field_sum >= 1::BIGINT << 40;

-- The keys of an object that it contains more than once; null if there are none.
CREATE OR REPLACE TEMPORARY MACRO repeated_keys(keys) AS
    CASE WHEN list_unique(keys) <> len(keys)
        THEN list_filter(list_distinct(keys), lambda one: len(list_filter(keys, lambda key: key = one)) > 1) END;

-- The times of a rejected message, for its sentence.
CREATE OR REPLACE TEMPORARY MACRO times_in(json_text) AS concat_ws(', ',
    'timestamp ' || json_extract_string(json_text, '$$.timestamp'),
    'originalTimestamp ' || json_extract_string(json_text, '$$.originalTimestamp'),
    'sentAt ' || json_extract_string(json_text, '$$.sentAt'),
    'receivedAt ' || json_extract_string(json_text, '$$.receivedAt'));

-- One row per line, and one per message of an envelope. `reason` is null for a message that can be loaded; `record` is
-- the text of what cannot be. `repeated` names the fields that a message contains more than once: the first value counts.
CREATE OR REPLACE TEMPORARY TABLE judged (
    file_no INTEGER,
    line_no BIGINT,
    item_no BIGINT,
    message_id VARCHAR,
    type VARCHAR,
    event VARCHAR,
    name VARCHAR,
    anonymous_id VARCHAR,
    user_id VARCHAR,
    previous_id VARCHAR,
    group_id VARCHAR,
    "timestamp" TIMESTAMP WITH TIME ZONE,
    original_timestamp TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE,
    context VARCHAR,
    properties VARCHAR,
    traits VARCHAR,
    extras VARCHAR,
    record_hash VARCHAR,
    reason VARCHAR,
    record VARCHAR,
    repeated VARCHAR[]
);
