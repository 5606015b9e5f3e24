"""Who repeats whom, and which claims tell one happening."""

from heldby.relate.copies import Shelved, settle
from heldby.relate.documents import DocumentSigner, find_origins, relate_documents
from heldby.relate.episode_rules import EpisodeRules
from heldby.relate.episodes import EpisodeFinder, find_episodes
from heldby.relate.rules import LineageRules
from heldby.relate.tellings import Scene
from heldby.relate.voices import Related, relate, related_by

__all__ = [
    "DocumentSigner",
    "EpisodeFinder",
    "EpisodeRules",
    "LineageRules",
    "Related",
    "Scene",
    "Shelved",
    "find_episodes",
    "find_origins",
    "relate",
    "relate_documents",
    "related_by",
    "settle",
]
