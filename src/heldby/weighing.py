"""The weights with which voices are weighed, from the knowledge files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heldby.knowledge import read_knowledge
from heldby.reconcile import Weights
from heldby.resolve.actor_table import read_actor_table


def open_weights(*, actors: Mapping[str, Any] | None = None) -> Weights:
    """Return the weights of evidence with the sides whose alliances count, from the knowledge files (or the table of
    sides given).

    Raises KnowledgeError where one of them is wrong.
    """
    table = read_actor_table(actors or read_knowledge("actors"))
    return Weights.from_table(read_knowledge("weights"), sides=table.actors)
