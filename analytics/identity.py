"""Who is one person: the connected components of the identity graph."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def smallest_members(node_count: int, nodes: np.ndarray, other_nodes: np.ndarray) -> np.ndarray:
    """Return for each node, in order, the smallest node that it is tied to.

    ``nodes[i]`` and ``other_nodes[i]`` are the ends of link *i*, numbered from 0 to
    ``node_count - 1``. A node without links is its own component.
    """
    links = np.ones(len(nodes), dtype=np.int8)
    graph = coo_array((links, (nodes, other_nodes)), shape=(node_count, node_count))
    count, labels = connected_components(graph, directed=False)
    smallest = np.full(count, node_count, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(node_count, dtype=np.int64))
    return smallest[labels]
