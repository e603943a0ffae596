"""The bounded components of the identity graph, against slow and obvious ways."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.identity import bounded_components

NODES = 12
EVERYTHING = NODES
ends = st.integers(0, NODES - 1)
links = st.lists(st.tuples(ends, ends, st.sampled_from([0.7, 0.8, 1.0])), max_size=18)
weights = st.lists(st.integers(0, 1), min_size=NODES, max_size=NODES)


def found(
    pairs: list[tuple[int, int, float]], limit: int, weights: list[int] | None = None
) -> list[int]:
    table = np.array(pairs, dtype=float).reshape(-1, 3)
    nodes, others = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return bounded_components(
        nodes, others, table[:, 2], np.array(weights or [1] * NODES), limit
    ).tolist()


def components(pairs: list[tuple[int, int, float]]) -> list[int]:
    smallest = list(range(NODES))
    for _ in range(NODES):
        for left, right, _ in pairs:
            smallest[left] = smallest[right] = min(smallest[left], smallest[right])
    return smallest


@given(pairs=links)
def test_each_node_gets_the_smallest_node_that_it_is_tied_to(
    pairs: list[tuple[int, int, float]],
) -> None:
    assert found(pairs, EVERYTHING) == components(pairs)


def test_a_graph_without_nodes_has_no_components() -> None:
    empty = np.array([], dtype=np.int64)
    assert bounded_components(empty, empty, empty.astype(float), empty, 3).tolist() == []


@given(pairs=links, weights=weights, limit=st.integers(1, 8))
def test_no_component_weighs_more_than_the_limit(
    pairs: list[tuple[int, int, float]], weights: list[int], limit: int
) -> None:
    parts = found(pairs, limit, weights)
    assert np.bincount(parts, weights=weights).max() <= limit
    assert all(parts[part] == part <= node for node, part in enumerate(parts))


@given(pairs=links, limit=st.integers(1, 8), shuffled=st.randoms(use_true_random=False))
def test_the_order_and_direction_of_links_change_nothing(
    pairs: list[tuple[int, int, float]], limit: int, shuffled: np.random.Generator
) -> None:
    turned = [(right, left, sure) for left, right, sure in pairs]
    shuffled.shuffle(turned)
    assert found(turned, limit) == found(pairs, limit)


@given(pairs=links, limit=st.integers(1, 8))
def test_a_part_is_tied_together_and_what_is_light_stays_whole(
    pairs: list[tuple[int, int, float]], limit: int
) -> None:
    parts, whole = found(pairs, limit), components(pairs)
    kept = [pair for pair in pairs if parts[pair[0]] == parts[pair[1]]]
    assert components(kept) == parts
    sizes = np.bincount(whole)
    assert all(part == one for part, one in zip(parts, whole, strict=True) if sizes[one] <= limit)


def test_the_least_sure_link_between_two_crowds_is_left_out() -> None:
    first = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.9)]
    second = [(3, 4, 0.9), (4, 5, 0.9), (3, 5, 0.9)]
    assert found([*first, *second, (2, 3, 0.8)], 5)[:6] == [0, 0, 0, 3, 3, 3]
    assert found([*first, *second, (2, 3, 0.8)], 6)[:6] == [0] * 6


def test_an_address_that_ties_too_many_ties_nobody_and_other_links_stay() -> None:
    """Node 0 is the address of records 1 to 8, each with an address of its own but the last."""
    shared = [(0, record, 0.95) for record in range(1, 9)]
    assert found([*shared, (1, 9, 0.8), (2, 10, 0.8)], 6) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 11]


def test_a_person_may_have_any_number_of_browsers() -> None:
    visits = [(0, visitor, 0.9) for visitor in range(1, NODES)]
    assert found(visits, 2, [1] + [0] * (NODES - 1)) == [0] * NODES
