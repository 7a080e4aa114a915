"""The source of each raw table in words, and the purpose for which its records are kept."""

_SEE = "see how customers move between the channels, and to help them there"

PURPOSES: dict[str, tuple[str, str]] = {
    "web_events": ("the website", _SEE),
    "app_events": ("the app", _SEE),
    "marketing_events": (
        "e-mail, push, text messages and social networks",
        "know which messages reach and help customers",
    ),
    "store_members": ("the loyalty programme", "run the loyalty programme and to know who a customer is"),
    "store_transactions": (
        "the stores' points of sale",
        "keep the books, and to serve customers after a purchase",
    ),
    "store_transaction_lines": (
        "the stores' points of sale",
        "keep the books, and to serve customers after a purchase",
    ),
    "store_loyalty_ledger": ("the loyalty programme", "keep the account of points"),
    "store_visits": ("the shops", "prepare appointments and to see how customers use the shops"),
    "support_users": ("the service desk", "answer questions and complaints"),
    "support_tickets": ("the service desk", "answer questions and complaints"),
    "support_ticket_events": ("the service desk", "answer questions and complaints"),
    "support_satisfaction_ratings": ("the service desk", "learn how well questions were answered"),
}
