{#-
    Pattern of the lower-cased names of libraries that run in a browser or an app, such as analytics.js, analytics-next,
    analytics-kotlin or "RudderLabs JavaScript SDK". Any other library may run on a server (see is_sent_by_server).
-#}
{% macro client_library_pattern() -%}
    '(^|[^a-z])(js|ios|tvos|swift|android|kotlin|flutter|unity|xamarin|cordova|capacitor|expo|roku|amp|gtm|web|next|browser|pixel)([^a-z]|$)|javascript|react[-_. ]?native'
{%- endmacro %}
