"""Which sentences of claims stood in an earlier report, so that what they tell is that report's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from heldby.records import Claim, Lineage
from heldby.relate.alike import find_alike
from heldby.relate.copies import Shelved, common_share, link_nearest
from heldby.relate.rules import Likeness, LineageRules
from heldby.relate.shingles import Signed, Signer, normal_words
from heldby.relate.sketches import MICROSECOND, microseconds

if TYPE_CHECKING:
    from heldby.relate.past import Near, Past

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
    return _find(claims, homes=homes, rules=rules, repeated={}, asked=None)


def find_new_sentences(
    claims: Sequence[Claim], *, past: Past, near: Near, homes: Mapping[str, str], rules: LineageRules
) -> dict[str, tuple[str, Lineage]]:
    """Return what `find_sentences` finds for the sentences of claims that became known after those of the past;
    `near` becomes those of it that they may repeat.

    What lineage does not tell of these, because the claims of a sentence stand before those of another one of the
    same moment that it repeats, is returned too, as far as it can matter.
    """
    signed = _Signing(rules)
    near.add(
        [microseconds(claim.known_at) for claim in claims],
        homes=[homes.get(claim.document_id, claim.document_id) for claim in claims],
    )
    asked = {sentence_id(claim) for claim in claims}
    turned = past.turned()
    while turned:
        # In the same report a copy tells nothing of voices: it matters only where others may repeat it.
        met = [(a, b) for a, b in turned if past.documents[a] != past.documents[b] or b in near.numbers]
        hidden = [later for earlier, later in met if signed.alike(near.claim(earlier), near.claim(later))]
        turned = [pair for pair in turned if pair not in met]
        if not hidden:
            break
        asked.update(sentence_id(near.claim(n)) for n in hidden)
        near.add([past.moments[n] for n in hidden], homes=[past.homes[n] for n in hidden])
    around = [*near.claims().values(), *claims]
    known = {id_: origin.original_id for id_, origin in near.origins().items()}
    return _find(around, homes=known | dict(homes), rules=rules, repeated=near.copied(), asked=asked)


class _Signing:
    """Compares sentences of claims, each signed once."""

    def __init__(self, rules: LineageRules) -> None:
        self._likeness = rules.sentences
        self._signer = Signer(rules.sentences, seed=rules.seed)
        self._signed: dict[str, Signed] = {}

    def alike(self, earlier: Claim, later: Claim) -> bool:
        """Tell whether one may be a copy of the other."""
        one, other = self._of(earlier.sentence.text), self._of(later.sentence.text)
        return one.words_key == other.words_key or common_share(one, other, likeness=self._likeness) > 0.0

    def _of(self, text: str) -> Signed:
        if text not in self._signed:
            self._signed[text] = self._signer.sign(normal_words(text), bands=False)
        return self._signed[text]


def _find(
    claims: Sequence[Claim],
    *,
    homes: Mapping[str, str],
    rules: LineageRules,
    repeated: Mapping[str, str],
    asked: set[str] | None,
) -> dict[str, tuple[str, Lineage]]:
    """Return for the sentences asked for (None: all) those that they repeat."""
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
        if asked is not None and id_ not in asked:
            continue
        originals = {other: texts[other] for other in earlier if other not in found and other not in repeated}
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
