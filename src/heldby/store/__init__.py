"""The archive on disk or in a database: captures, documents, claims, and what is derived from them."""

from heldby.store.correcting import when_of
from heldby.store.derived import Derived
from heldby.store.gathered import GatheredClaim, Remembered, gather, in_row, read_gathered
from heldby.store.learning import LearningRows
from heldby.store.news import Revision
from heldby.store.origins import OriginRows, Standing, Stood, Waiting
from heldby.store.reading import ClaimFilter, SeenSource
from heldby.store.rows import name_key
from heldby.store.store import Added, Store, open_store

__all__ = [
    "Added",
    "ClaimFilter",
    "Derived",
    "GatheredClaim",
    "LearningRows",
    "OriginRows",
    "Remembered",
    "Revision",
    "SeenSource",
    "Standing",
    "Stood",
    "Store",
    "Waiting",
    "gather",
    "in_row",
    "name_key",
    "open_store",
    "read_gathered",
    "when_of",
]
