"""Who is one person: the connected components of the identity graph, within bounds."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def bounded_components(
    nodes: np.ndarray,
    other_nodes: np.ndarray,
    confidences: np.ndarray,
    weights: np.ndarray,
    limit: int,
) -> np.ndarray:
    """Return for each node, in order, the smallest node of its component.

    ``nodes[i]`` and ``other_nodes[i]`` are the ends of link *i*, numbered as the entries of
    ``weights``; a node without links is its own component. A component that weighs more than
    ``limit`` is built again: its links are taken level by level, the surest first, and within
    one confidence those at nodes with few such links first. The links of a level that together
    would tie more than ``limit`` into one component are all left out, so that the order of
    links decides nothing.
    """
    labels, _ = _components(len(weights), nodes, other_nodes)
    is_crowded = np.bincount(labels, weights=weights, minlength=1) > limit
    if is_crowded.any():
        members = np.flatnonzero(is_crowded[labels])
        inside = np.flatnonzero(is_crowded[labels[nodes]])
        ends, other_ends = (np.searchsorted(members, at[inside]) for at in (nodes, other_nodes))
        parts = _split(ends, other_ends, confidences[inside], weights[members], limit)
        labels[members] = len(weights) + parts
    return _smallest_members(labels)


def _split(
    nodes: np.ndarray,
    other_nodes: np.ndarray,
    confidences: np.ndarray,
    weights: np.ndarray,
    limit: int,
) -> np.ndarray:
    """Label the parts of components that are too heavy."""
    labels, sizes = np.arange(len(weights)), weights.astype(np.int64)
    for links in _levels(len(weights), nodes, other_nodes, confidences):
        joined, count = _components(len(sizes), labels[nodes[links]], labels[other_nodes[links]])
        joined_sizes = np.bincount(joined, weights=sizes, minlength=count)
        stays = joined_sizes[joined] > limit
        parts = np.where(stays, count + np.arange(len(sizes)), joined)
        _, first, parts = np.unique(parts, return_index=True, return_inverse=True)
        labels = parts[labels]
        sizes = np.bincount(parts, weights=sizes, minlength=len(first)).astype(np.int64)
    return labels


def _levels(
    count: int, nodes: np.ndarray, other_nodes: np.ndarray, confidences: np.ndarray
) -> list[np.ndarray]:
    """Return the links in groups, the surest first; in a group none is surer than another."""
    # links at a busy node may join crowds; those of one such node are all in one group
    busyness = np.zeros(len(nodes), dtype=np.int64)
    for confidence in np.unique(confidences):
        here = confidences == confidence
        ends = nodes[here], other_nodes[here]
        degrees = sum(np.bincount(end, minlength=count) for end in ends)
        busyness[here] = np.maximum(*(degrees[end] for end in ends))
    _, levels = np.unique(np.stack([-confidences, busyness]), axis=1, return_inverse=True)
    order = np.argsort(levels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(levels[order])) + 1)


def _components(count: int, nodes: np.ndarray, other_nodes: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the label of each node's component, and how many components there are."""
    links = np.ones(len(nodes), dtype=np.int8)
    graph = coo_array((links, (nodes, other_nodes)), shape=(count, count))
    found, labels = connected_components(graph, directed=False)
    return labels.astype(np.int64), int(found)


def _smallest_members(labels: np.ndarray) -> np.ndarray:
    _, first, parts = np.unique(labels, return_index=True, return_inverse=True)
    return first[parts].astype(np.int64)
