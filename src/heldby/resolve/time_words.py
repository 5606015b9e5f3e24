"""The words and limits by which times are told apart, read from the knowledge file `time_words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heldby.errors import KnowledgeError


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """The words and limits of the knowledge file `time_words`."""

    saying: frozenset[str]
    company: frozenset[str]
    saying_gap: int
    history: tuple[str, ...]
    lasting: frozenset[str]
    standing: frozenset[str]
    compounds: frozenset[str]
    attributes: frozenset[str]
    known: frozenset[str]
    ending: frozenset[str]
    news_days: int
    longest_days: int
    lead_claims: int
    lead_days: int


def time_words(table: Mapping[str, Any]) -> TimeWords:
    """Return the tables of the knowledge file as one record; raises KnowledgeError, naming what is missing."""
    try:
        lasting, news = table["lasting"], table["news"]
        return TimeWords(
            saying=frozenset(word.lower() for word in table["saying"]),
            company=frozenset(word.lower() for word in table["company"]),
            saying_gap=int(table["saying_gap"]),
            history=tuple(cue.lower() for cue in table["history"]["cues"]),
            lasting=frozenset(lasting["relations"]),
            standing=frozenset(lasting["standing"]),
            compounds=frozenset(word.lower() for word in lasting["compounds"]),
            attributes=frozenset(word.lower() for word in lasting["attributes"]),
            known=frozenset(word.lower() for word in lasting["known"]),
            ending=frozenset(lasting["ending"]),
            news_days=int(news["days"]),
            longest_days=int(news["longest_days"]),
            lead_claims=int(news["lead_claims"]),
            lead_days=int(news["lead_days"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KnowledgeError(
            f"The words of time lack a table or hold a wrong value ({error!r}).",
            where="time_words.toml",
            remedy="Compare it with the file that comes with heldby.",
        ) from error
