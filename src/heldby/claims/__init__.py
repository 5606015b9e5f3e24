"""Parsed reports to claims: relations, roles, attribution, modality, quantities."""

from heldby.claims.lexicon import Lexicon
from heldby.claims.read import RULES_VERSION, read_claims

__all__ = ["RULES_VERSION", "Lexicon", "read_claims"]
