"""Texts of people: searches, messages to support, posts and reviews."""

from dataclasses import dataclass

SEARCHES = {
    "coats": ("rain coat", "warm coat", "parka"),
    "shoes": ("running shoes", "boots", "shoes for work"),
    "knitwear": ("wool scarf", "cardigan", "jumper"),
    "home": ("gift for home", "table lamp", "mug"),
    "outdoor": ("tent two people", "day backpack", "camping"),
    "electronics": ("speaker", "headphones quiet", "smart lamp"),
    "pantry": ("granola", "olive oil"),
    "fresh": ("bread", "cheese"),
    "household": ("candles", "soap"),
}


@dataclass(frozen=True)
class Concern:
    """A reason to contact support: the first message, and the message of a repeated contact."""

    subject: str
    calm: str
    angry: str
    answer: str


ORDER_CONCERNS = (
    Concern(
        "Parcel has not arrived",
        "My parcel should have been here by now. Where is it?",
        "I am really frustrated: I have asked before and still nobody can tell me where my parcel is!",
        "The parcel is with the carrier and comes tomorrow.",
    ),
    Concern(
        "Wrong size sent",
        "You sent me the wrong size. How do I change it?",
        "This is terrible, I have to explain the whole mess about the wrong size all over again!",
        "A return label is on its way to you, and so is the right size.",
    ),
    Concern(
        "Item arrived damaged",
        "One of the things I ordered arrived damaged.",
        "The broken item is still not replaced and I am very angry about it!",
        "We are sorry. A replacement is on its way.",
    ),
    Concern(
        "Refund not received",
        "I sent something back and would like to know when the refund comes.",
        "I am still waiting for my money. This is awful service!",
        "The refund has been booked and takes three days.",
    ),
)
GENERAL_CONCERNS = (
    Concern(
        "Loyalty points missing",
        "My points from last week do not show on my card.",
        "My points are still missing and I am tired of asking!",
        "The points are on your card now.",
    ),
    Concern(
        "Opening hours",
        "When is the store open on Sundays?",
        "Why does nobody answer a simple question about opening hours?",
        "The store is open from ten to six on Sundays.",
    ),
    Concern(
        "Cannot sign in",
        "I cannot sign in to my account any more.",
        "I still cannot sign in, this is so annoying!",
        "We have sent you a link to set a new password.",
    ),
)
THANKS = ("Thank you, that helps a lot.", "Great, thanks!", "Perfect, thank you very much.")
QUESTIONS = ("Does it run small?", "Is it warm enough for winter?", "How long does the battery last?")
PRAISE = (
    "Loved it, best purchase this year!",
    "So happy with this, thank you!",
    "Great quality, and so quick.",
)
BLAME = ("Disappointed. It looked much better in the picture.", "Waited two weeks. Not great.")
REPLIES = (
    "Thank you for stopping by!",
    "We are glad you like it!",
    "Sorry to hear that, please send us a message.",
)
REVIEWS = ("Fits well and feels good.", "Exactly as described. Very happy.", "Poor stitching, sadly.")
