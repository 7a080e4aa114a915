"""What can go wrong while publishing, in words for the person who must mend it."""


class PublishError(Exception):
    """Nothing was published: the message names the mart and the cause; the old marts are as they were."""
