"""One row per candidate link of a component that cannot be one person, with the rule that dropped it.

The component is split by replaying its links in a total order: the most trusted rule first, then the most
evidence, then the earliest, then by name. A link that would join what must stay apart is dropped, with the
reason. The result does not depend on the order in which links arrived.

An alias joins two accounts into one, so it may join clusters that have an account each. A link that was
dropped holds after all if a later alias joins its two ends.
"""

import pandas as pd
from rapidfuzz.distance import JaroWinkler

# Below this similarity two first names are different names, not two spellings of one ("Jon" and "John" 0.93,
# "Anna" and "Ann" 0.94; "Maria" and "Mark" 0.85; "Eva" and "Max" 0).
SAME_NAME_SIMILARITY = 0.86
ALIAS = "alias of an account"


class Cluster:
    """A growing cluster, with all that may keep it apart from another one."""

    def __init__(self, node, identifier_type, profile):
        self.nodes = [node]
        self.values = {identifier_type: 1}
        self.birth_dates = set(profile["birth_dates"])
        self.first_names = set(profile["first_names"])

    def absorb(self, other):
        """Merge another cluster into this one."""
        self.nodes += other.nodes
        for identifier_type, count in other.values.items():
            self.values[identifier_type] = self.values.get(identifier_type, 0) + count
        self.birth_dates |= other.birth_dates
        self.first_names |= other.first_names


def same_name(left, right):
    """Return whether two first names may be one person's: equal, an initial, a short form, or another spelling."""
    if left.startswith(right) or right.startswith(left):
        return True
    return JaroWinkler.similarity(left, right) >= SAME_NAME_SIMILARITY


def household(left, right, shared):
    """Return why two clusters that share a phone or an alias are two people of one household, or None."""
    if left.birth_dates and right.birth_dates and not left.birth_dates & right.birth_dates:
        return f"different birth dates on one {shared}"
    if left.first_names and right.first_names:
        pairs = ((one, other) for one in left.first_names for other in right.first_names)
        if not any(same_name(one, other) for one, other in pairs):
            return f"different first names on one {shared}"
    return None


def over_limit(left, right, limits, exempt=frozenset()):
    """Return which identifier type would have more values than a person may have, or None.

    A type that only one side has is not checked: a steward's decision may have given it more values than its
    limit.
    """
    for identifier_type in sorted((left.values.keys() & right.values.keys()) - exempt):
        total = left.values[identifier_type] + right.values[identifier_type]
        limit = limits.get(identifier_type)
        if limit is not None and total > limit:
            return f"more than {limit} {identifier_type} for one person"
    return None


def apart(left, right, kept_apart):
    """Return whether a steward keeps an identifier of one cluster apart from one of the other."""
    smaller, larger = sorted((left, right), key=lambda cluster: len(cluster.nodes))
    others = set(larger.nodes)
    return any(kept_apart.get(node, frozenset()) & others for node in smaller.nodes)


def replaces(link):
    """Return whether the link is an alias that replaces one account by another."""
    return link.link_rule == ALIAS and link.right_type == "user_id"


def refusal(link, left, right, limits, kept_apart):
    """Return the rule that keeps two clusters apart, or None if the link may join them."""
    if apart(left, right, kept_apart):
        return "a steward decided that they are not the same person"
    if link.link_priority == 0:
        return None
    if "phone" in (link.left_type, link.right_type) or link.link_rule == ALIAS:
        reason = household(left, right, "alias" if link.link_rule == ALIAS else "phone")
        if reason:
            return reason
    return over_limit(left, right, limits, {"user_id"} if replaces(link) else frozenset())


def replay(links, profiles, limits, kept_apart):
    """``links`` in their total order, each with the rule that dropped it, or None."""
    cluster_of = {}
    judged = list(joined(links, profiles, limits, kept_apart, cluster_of))
    for link, reason in judged:
        together = cluster_of[link.left_node] is cluster_of[link.right_node]
        yield link, None if together else reason


def joined(links, profiles, limits, kept_apart, cluster_of):
    """Join clusters link by link in ``cluster_of``; each link with the rule that dropped it when its turn came."""
    replaced = set()
    unknown = {"birth_dates": (), "first_names": ()}
    for link in links:
        for node, identifier_type in ((link.left_node, link.left_type), (link.right_node, link.right_type)):
            if node not in cluster_of:
                cluster_of[node] = Cluster(node, identifier_type, profiles.get(node, unknown))
        left, right = cluster_of[link.left_node], cluster_of[link.right_node]
        if left is right:
            reason = None
        elif replaces(link) and link.right_node in replaced:
            reason = "an earlier alias to another account"
        else:
            reason = refusal(link, left, right, limits, kept_apart)
        if reason is None and replaces(link):
            replaced.add(link.right_node)
        if reason is None and left is not right:
            larger, smaller = (left, right) if len(left.nodes) >= len(right.nodes) else (right, left)
            larger.absorb(smaller)
            if replaces(link):
                larger.values["user_id"] -= 1
            for node in smaller.nodes:
                cluster_of[node] = larger
        yield link, reason


def model(dbt, session):
    """Candidate links of broken components in, (``link_id``, ``dropped_by``) out."""
    dbt.config(materialized="table")
    links_relation = dbt.ref("int_identity__candidate_links")
    clusters_relation = dbt.ref("int_identity__candidate_clusters")
    broken_relation = dbt.ref("int_identity__broken_clusters")
    broken_nodes = clusters_relation.join(broken_relation, "component").project("node as left_node")
    links = (
        links_relation.join(broken_nodes, "left_node")
        .project(
            "link_id, left_node, right_node, left_type, right_type, link_rule, link_priority, match_weight, records,"
            " first_seen_at"
        )
        .order(
            "link_priority, match_weight desc, records desc, first_seen_at, left_node, right_node, link_id"
        )
        .df()
    )

    profiles = {}
    named = dbt.ref("int_identity__source_profiles").project(
        "node, cast(birth_date as string) as birth_date, lower(trim(first_name)) as first_name"
    )
    for node, birth_date, first_name in named.fetchall() if len(links) else ():
        profile = profiles.setdefault(node, {"birth_dates": set(), "first_names": set()})
        if birth_date:
            profile["birth_dates"].add(birth_date)
        if first_name:
            profile["first_names"].add(first_name)

    limits = dict(
        dbt.ref("identity_rules")
        .filter("max_values_per_person is not null")
        .project("identifier_type, max_values_per_person")
        .fetchall()
    )
    kept_apart = {}
    decisions = dbt.ref("int_identity__decisions").filter("decision = 'do_not_link'")
    for left_node, right_node in decisions.project("left_node, right_node").fetchall():
        kept_apart.setdefault(left_node, set()).add(right_node)
        kept_apart.setdefault(right_node, set()).add(left_node)

    judged = [
        (link.link_id, reason) for link, reason in replay(links.itertuples(), profiles, limits, kept_apart)
    ]
    frame = pd.DataFrame(judged, columns=["link_id", "dropped_by"])
    return frame.astype("string")
