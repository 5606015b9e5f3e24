"""The words and limits by which times are told apart, read from the knowledge file `time_words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heldby.errors import KnowledgeError


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryScale:
    """Weights, as log odds, of what speaks for a claim being told as history.

    `time` counts where a rule found history by the claim's time, `words` where by other words; `event` and `state`
    multiply the log odds of the reading model, whose probability is kept at least `least` away from 0 and 1.
    """

    bias: float
    time: float
    words: float
    event: float
    state: float
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """The words and limits of the knowledge file `time_words`."""

    saying: frozenset[str]
    company: frozenset[str]
    saying_gap: int
    history: tuple[str, ...]
    others: tuple[str, ...]
    lasting: frozenset[str]
    standing: frozenset[str]
    compounds: frozenset[str]
    attributes: frozenset[str]
    before_attributes: frozenset[str]
    known: frozenset[str]
    ending: frozenset[str]
    sudden: frozenset[str]
    news_days: int
    longest_days: int
    lead_claims: int
    lead_sentences: int
    lead_days: int
    began: frozenset[str]
    begun: frozenset[str]
    most: frozenset[str]
    most_gap: int
    scale: HistoryScale


def time_words(table: Mapping[str, Any]) -> TimeWords:
    """Return the tables of the knowledge file as one record; raises KnowledgeError, naming what is missing."""
    try:
        lasting, news = table["lasting"], table["news"]
        return TimeWords(
            saying=frozenset(word.lower() for word in table["saying"]),
            company=frozenset(word.lower() for word in table["company"]),
            saying_gap=int(table["saying_gap"]),
            history=tuple(cue.lower() for cue in table["history"]["cues"]),
            others=tuple(cue.lower() for cue in table["history"]["others"]),
            lasting=frozenset(lasting["relations"]),
            standing=frozenset(lasting["standing"]),
            compounds=frozenset(word.lower() for word in lasting["compounds"]),
            attributes=frozenset(word.lower() for word in lasting["attributes"]),
            before_attributes=frozenset(word.lower() for word in lasting["before_attributes"]),
            known=frozenset(word.lower() for word in lasting["known"]),
            ending=frozenset(lasting["ending"]),
            sudden=frozenset(lasting["sudden"]),
            news_days=int(news["days"]),
            longest_days=int(news["longest_days"]),
            lead_sentences=int(news["lead_sentences"]),
            lead_claims=int(news["lead_claims"]),
            lead_days=int(news["lead_days"]),
            began=frozenset(word.lower() for word in table["began"]["verbs"]),
            begun=frozenset(table["began"]["relations"]),
            most=frozenset(word.lower() for word in table["most"]["words"]),
            most_gap=int(table["most"]["gap"]),
            scale=HistoryScale(
                **{name: float(table["told_before"][name]) for name in HistoryScale.__dataclass_fields__}
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KnowledgeError(
            f"The words of time lack a table or hold a wrong value ({error!r}).",
            where="time_words.toml",
            remedy="Compare it with the file that comes with heldby.",
        ) from error
