-- One row per click on an element of a page or screen: which element, and whether it is a text field.
{%- set fields = {
    'element_id': none, 'element': none, 'element_selector': none, 'selector': none, 'css_selector': none, 'xpath': none,
    'element_name': none, 'element_text': none, 'label': none, 'cta': none, 'target': none, 'name': none,
    'element_tag': none, 'tag_name': none, 'tag': none, 'element_type': none, 'type': none,
} %}
with

messages as (

    {%- for feed in ['web', 'app'] %}
    select
        '{{ feed }}:' || message_id as event_key,
        properties
    from {{ source('raw', feed ~ '_events') }}
    where
        type = 'track'
        and {{ regexp_matches('lower(event)', "'(^|[ _$-])(button|link|element)?[ _-]?click(ed)?$'") }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

parsed_messages as (

    select
        event_key,
        {{ json_fields('properties', fields) }} as clicked
    from messages

),

named_elements as (

    select
        parsed_messages.event_key,
        {{ first_text([
            'parsed_messages.clicked.element_id', 'parsed_messages.clicked.element_selector',
            'parsed_messages.clicked.css_selector', 'parsed_messages.clicked.selector', 'parsed_messages.clicked.xpath',
            'parsed_messages.clicked.element', 'parsed_messages.clicked.element_name',
            'parsed_messages.clicked.element_text', 'parsed_messages.clicked.label', 'parsed_messages.clicked.cta',
            'parsed_messages.clicked.target', 'parsed_messages.clicked.name',
        ]) }} as element,
        lower({{ first_text([
            'parsed_messages.clicked.element_tag', 'parsed_messages.clicked.tag_name', 'parsed_messages.clicked.tag',
            'parsed_messages.clicked.element_type', 'parsed_messages.clicked.type',
        ]) }}) as element_tag
    from parsed_messages

),

clicks as (

    select
        event_key,
        element,
        coalesce(
            element_tag in (
                'input', 'textarea', 'text', 'textbox', 'search', 'password', 'email', 'number'
            ),
            false
        )
        or coalesce({{ regexp_matches('lower(element)', "'(^|[ >.#])(input|textarea)([^a-z]|$)'") }}, false)
            as is_text_field
    from named_elements
    where element is not null

)

select * from clicks
