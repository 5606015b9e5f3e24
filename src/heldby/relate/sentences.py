"""Which sentences of claims stood in an earlier report, so that what they tell is that report's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from heldby.records import Claim, Lineage
from heldby.relate.alike import find_alike
from heldby.relate.copies import Shelved, link_nearest
from heldby.relate.rules import Likeness, LineageRules
from heldby.relate.shingles import Signer, normal_words
from heldby.relate.sketches import MICROSECOND, microseconds

EVER = timedelta(days=200 * 365)


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
    words = {claim.sentence.text for claim in firsts.values()}
    signed = {text: signer.sign(normal_words(text), bands=False) for text in words}
    texts = {
        id_: Shelved(known_at=claim.known_at, signed=signed[claim.sentence.text]) for id_, claim in firsts.items()
    }
    within = {id_: homes.get(claim.document_id, claim.document_id) for id_, claim in firsts.items()}
    found: dict[str, tuple[str, Lineage]] = {}
    for id_, earlier in _meeting(texts, homes=within, likeness=rules.sentences).items():
        originals = {other: texts[other] for other in earlier if other not in found}
        link = link_nearest(id_, texts[id_], originals=originals, likeness=rules.sentences) if originals else None
        if link:
            found[id_] = (link.earlier_id, link)
    return found


def _meeting(texts: Mapping[str, Shelved], *, homes: Mapping[str, str], likeness: Likeness) -> dict[str, list[str]]:
    """Return for each sentence, in order of time, the earlier ones that it may repeat: those of copies of its own
    report, and those that are long enough to tell and became known within some days."""
    days = timedelta(days=likeness.days)
    ordered = sorted(texts, key=lambda id_: (texts[id_].known_at, id_))
    met: dict[str, list[str]] = {}
    for id_, earlier in _alike(ordered, texts, likeness=likeness, within=days):
        met[id_] = [
            other
            for other in earlier
            if homes[other] == homes[id_] or len(texts[other].signed.shingles) >= likeness.fewest_shingles
        ]
    of_home: dict[str, list[str]] = defaultdict(list)
    for id_ in ordered:
        of_home[homes[id_]].append(id_)
    for ids in of_home.values():
        if texts[ids[-1]].known_at - texts[ids[0]].known_at > days:
            for id_, earlier in _alike(ids, texts, likeness=likeness, within=EVER):
                met[id_] += [other for other in earlier if other not in met[id_]]
    return met


def _alike(
    ids: Sequence[str], texts: Mapping[str, Shelved], *, likeness: Likeness, within: timedelta
) -> Iterator[tuple[str, list[str]]]:
    """Yield each text with the earlier ones of which it may be a copy."""
    signed, times = [texts[id_].signed for id_ in ids], [microseconds(texts[id_].known_at) for id_ in ids]
    found = find_alike(signed, times, likeness=likeness, within=within // MICROSECOND)
    for id_, earlier in zip(ids, found, strict=True):
        yield id_, [ids[n] for n in earlier]
