"""The connected components of the identity graph, against a slow and obvious way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.identity import smallest_members

NODES = 12
links = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=15)


def components(pairs: list[tuple[int, int]]) -> list[int]:
    smallest = list(range(NODES))
    for _ in range(NODES):
        for left, right in pairs:
            smallest[left] = smallest[right] = min(smallest[left], smallest[right])
    return smallest


@given(pairs=links)
def test_each_node_gets_the_smallest_node_that_it_is_tied_to(pairs: list[tuple[int, int]]) -> None:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    found = smallest_members(NODES, ends[:, 0], ends[:, 1])
    assert found.tolist() == components(pairs)


def test_a_graph_without_nodes_has_no_components() -> None:
    empty = np.array([], dtype=np.int64)
    assert smallest_members(0, empty, empty).tolist() == []
