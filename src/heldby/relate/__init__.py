"""Who repeats whom, and which claims tell one happening."""

from heldby.relate.copies import MemoryShelf, Moment, Shelved, settle
from heldby.relate.documents import DocumentSigner, find_origins, relate_documents
from heldby.relate.episode_rules import EpisodeRules
from heldby.relate.episodes import (
    NO_EPISODES,
    EpisodeFinder,
    PastEpisodes,
    episode_order,
    find_episodes,
    find_new_episodes,
    may_join,
)
from heldby.relate.past import Opener, Past
from heldby.relate.rules import Likeness, LineageRules
from heldby.relate.shingles import Signed, far_keys
from heldby.relate.sketches import NONE_MET, Meeting, Sketches, microseconds
from heldby.relate.tellings import Scene
from heldby.relate.voices import Related, relate, relate_onward, related_by, remember

__all__ = [
    "NONE_MET",
    "NO_EPISODES",
    "DocumentSigner",
    "EpisodeFinder",
    "EpisodeRules",
    "Likeness",
    "LineageRules",
    "Meeting",
    "MemoryShelf",
    "Moment",
    "Opener",
    "Past",
    "PastEpisodes",
    "Related",
    "Scene",
    "Shelved",
    "Signed",
    "Sketches",
    "episode_order",
    "far_keys",
    "find_episodes",
    "find_new_episodes",
    "find_origins",
    "may_join",
    "microseconds",
    "relate",
    "relate_documents",
    "relate_onward",
    "related_by",
    "remember",
    "settle",
]
