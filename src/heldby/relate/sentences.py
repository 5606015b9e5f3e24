"""Which sentences of claims stood in an earlier report, so that what they tell is that report's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from heldby.records import Claim, Lineage, Origin, Ties
from heldby.relate.copies import MemoryShelf, Moment, Shelved, settle
from heldby.relate.rules import Likeness, LineageRules
from heldby.relate.shingles import Signer, normal_words


def sentence_id(claim: Claim) -> str:
    """Return the name of the sentence that a claim stands in."""
    return f"{claim.document_id}:{claim.sentence.start}"


def find_sentences(
    claims: Sequence[Claim], *, homes: Mapping[str, str], rules: LineageRules
) -> dict[str, tuple[str, Lineage]]:
    """Return for the sentences that are copies the sentence that they repeat, with the link (between sentences).

    `homes` gives the original of each document that is a copy. A sentence of a report that is no copy is one only
    of a sentence of the days before it.
    """
    firsts = {sentence_id(claim): claim for claim in reversed(claims)}
    if len({claim.document_id for claim in firsts.values()}) < 2:
        return {}
    signer = Signer(rules.sentences, seed=rules.seed)
    signed = {text: signer.sign(normal_words(text)) for text in {claim.sentence.text for claim in firsts.values()}}
    texts = {
        id_: Shelved(known_at=claim.known_at, signed=signed[claim.sentence.text]) for id_, claim in firsts.items()
    }
    within = {id_: homes.get(claim.document_id, claim.document_id) for id_, claim in firsts.items()}
    shelf = _SentenceShelf(texts, homes=within, likeness=rules.sentences)
    moments = [(claim.known_at, id_) for id_, claim in firsts.items()]
    settle(moments, shelf=shelf, likeness=rules.sentences, ties=Ties())
    origins = [shelf.standing(id_) for id_ in firsts]
    return {origin.text_id: (origin.original_id, origin.link) for origin in origins if origin and origin.link}


class _SentenceShelf(MemoryShelf):
    """Sentences meet where their reports are copies of one, or where they are long enough to tell and became known
    within some days."""

    def __init__(self, texts: Mapping[str, Shelved], *, homes: Mapping[str, str], likeness: Likeness) -> None:
        super().__init__(texts, likeness=likeness)
        self._short = {id_ for id_, text in texts.items() if len(text.signed.shingles) < likeness.fewest_shingles}
        self._homes = homes
        self._days = timedelta(days=likeness.days)

    def originals_near(self, text_id: str, *, before: Moment, limit: int) -> list[str]:
        """Return the earlier originals that may be repeated, with the most keys in common first."""
        found = super().originals_near(text_id, before=before, limit=len(self._homes))
        return [other_id for other_id in found if self._may_meet(other_id, before)][:limit]

    def _may_meet(self, text_id: str, other: Moment) -> bool:
        if self._homes[text_id] == self._homes[other[1]]:
            return True
        return text_id not in self._short and other[0] - self._texts[text_id].known_at <= self._days
