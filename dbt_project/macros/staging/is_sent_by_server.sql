{#-
    Whether a message was sent by a server for its own purposes: by a library that is none of a browser or app, and without
    anything that the library would pass on of a visitor's browser or device. `context` is the message's parsed context.
-#}
{% macro is_sent_by_server(message_type, context) -%}
    case
        when {{ clean_text(context ~ ".library.name") }} is null then false
        when {{ message_type }} in ('page', 'screen') then false
        when
            coalesce(
                {{ context }}.userAgent, {{ context }}.page.url, {{ context }}.page.path, {{ context }}.screen,
                {{ context }}.device.id, {{ context }}.device.type, {{ context }}.device.advertisingId
            ) is not null
            then false
        else not {{ regexp_matches("lower(" ~ context ~ ".library.name)", client_library_pattern()) }}
    end
{%- endmacro %}
