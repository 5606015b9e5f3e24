"""Which claims are one voice, so that many copies of a statement count once.

The rules, in this order, for a claim whose chain of voices ends with:
1. a voice of the book (`sources.toml`): that voice, in every report;
2. a name, an office or an institution: that speaker, under all names that safely mean it (`speakers.py`);
3. nobody in particular ("residents"): a voice of the medium that quotes it, or of the report in which the sentence
   first stood;
4. no voice at all: the agency that the report credits, else its outlet, else the report in which it first stood.
Whatever a copy adds on its own word is its original's. A person's merge or split goes before all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from heldby.records import Claim, Document, Lineage, Origin, SourceLink, Ties
from heldby.relate.documents import find_origins
from heldby.relate.past import Near, Opener, Past
from heldby.relate.rules import LineageRules
from heldby.relate.sentences import find_new_sentences, find_sentences, sentence_id
from heldby.relate.speakers import Speakers
from heldby.relate.statements import OF_COPIES, Hearing, find_new_repeats, find_repeats

# Kinds of voices that are not one voice from report to report, even under the same words.
NAMELESS_KINDS = frozenset({"", "unnamed", "witness", "other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The lineage of the documents and claims given; for each claim its voice with the reason, and the first claim
    of the statement that it repeats (itself where it repeats none). `echoes` are the claims that copies repeat: for
    a statement that anything else tells they add nothing, however they were read. `speakers` are the names by which
    each speaker was first told of."""

    lineage: tuple[Lineage, ...]
    voices: dict[str, str]
    statements: dict[str, str]
    reasons: dict[str, str] = field(default_factory=dict)
    echoes: frozenset[str] = frozenset()
    speakers: tuple[SourceLink, ...] = ()

    def heard(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return the claims without those that copies repeat: what is left is the evidence."""
        return [claim for claim in claims if claim.id not in self.echoes]


def relate(
    claims: Iterable[Claim],
    *,
    documents: Iterable[Document] = (),
    origins: Mapping[str, Origin] | None = None,
    rules: LineageRules | None = None,
    ties: Ties | None = None,
) -> Related:
    """Find who repeats whom among claims (of any places) and the documents that they stand in.

    The documents' origins are found among them, unless `origins` says what has been found. What is found among the
    claims known by a day does not depend on later ones.
    """
    rules, ties = rules or LineageRules(), ties or Ties()
    given = origins is not None
    origins = origins if origins is not None else find_origins(documents, rules=rules, ties=ties)
    ordered = sorted(claims, key=lambda claim: (claim.known_at, claim.id))
    homes = {id_: origin.original_id for id_, origin in origins.items()}
    sentences = find_sentences(ordered, homes=homes, rules=rules)
    hearing = Hearing(origins=origins, repeated={id_: first for id_, (first, _) in sentences.items()}, ties=ties)
    speakers = Speakers(rules.speakers, ties=ties)
    voices, reasons = hear_voices(ordered, hearing=hearing, speakers=speakers)
    repeats = find_repeats(ordered, hearing=hearing, voices=voices)
    links = () if given else [o.link for o in sorted(origins.values(), key=lambda o: o.moment) if o.link]
    return _related((*links, *repeats), ordered, voices=voices, reasons=reasons, speakers=speakers)


def relate_onward(
    claims: Sequence[Claim],
    *,
    past: Past,
    open_: Opener,
    origins: Mapping[str, Origin],
    rules: LineageRules,
    ties: Ties,
) -> tuple[Related, Past] | None:
    """Return what `relate` finds among the claims of one place, from what must be known of those told before and the
    claims (with the origins of their documents) that became known after all of those, and the past with them; None
    where that does not tell enough. Lineage is that of the new claims alone.

    The claims are given in the order in which they became known; `open_` opens some of the past.
    """
    tied = {id_ for pair in (*ties.merged, *ties.split) for id_ in pair}
    ids = {*past.ids, *(claim.id for claim in claims)} if tied else set[str]()
    documents = set(past.documents)
    known = any(claim.document_id in documents for claim in claims)
    if ids & tied or known or len(documents) < 2:
        return None
    near = Near(past, days=rules.sentences.days, open_=open_)
    homes = {id_: origin.original_id for id_, origin in origins.items()}
    new = find_new_sentences(claims, past=past, near=near, homes=homes, rules=rules)
    hearing = Hearing(
        origins=near.origins() | dict(origins), repeated={id_: first for id_, (first, _) in new.items()}, ties=ties
    )
    speakers = Speakers(rules.speakers, ties=ties)
    for link in past.speakers:
        speakers.find(link, known=True)
    voices, reasons = hear_voices(claims, hearing=hearing, speakers=speakers)
    repeats = find_new_repeats(claims, past=past, near=near.claims(), hearing=hearing, voices=voices)
    old = Related(
        lineage=(),
        voices=dict(zip(past.ids, past.voices, strict=True)),
        statements=past.statements(),
        echoes=past.echoing(),
    )
    found = _related(repeats, claims, voices=voices, reasons=reasons, speakers=speakers, before=old)
    return found, _extended(past, claims, found, homes=homes)


def remember(claims: Sequence[Claim], related: Related, *, origins: Mapping[str, Origin]) -> Past:
    """Return what must be known of claims, given in the order in which they became known, to relate later ones to
    them."""
    homes = {id_: origin.original_id for id_, origin in origins.items()}
    return _extended(Past.nothing(), claims, related, homes=homes)


def _extended(past: Past, claims: Sequence[Claim], related: Related, *, homes: Mapping[str, str]) -> Past:
    return past.extended(
        claims,
        homes=homes,
        copied=[found.later_id for found in related.lineage if found.kind == "same_sentence"],
        voices=related.voices,
        statements=related.statements,
        echoes=related.echoes,
        speakers=related.speakers[len(past.speakers) :],
    )


def related_by(
    claims: Iterable[Claim],
    *,
    lineage: Iterable[Lineage],
    origins: Mapping[str, Origin] | None = None,
    rules: LineageRules | None = None,
    ties: Ties | None = None,
) -> Related:
    """Return what `relate` found, from the lineage that it found among these claims or more of them.

    Lineage to a document or claim that is not among them is left out: as nothing is linked to what was known later,
    this gives for the claims known by a day what `relate` would give for them alone.
    """
    rules, ties = rules or LineageRules(), ties or Ties()
    ordered = sorted(claims, key=lambda claim: (claim.known_at, claim.id))
    ids = {id_ for claim in ordered for id_ in (claim.id, claim.document_id)}
    among = tuple(found for found in lineage if found.earlier_id in ids and found.later_id in ids)
    origins = origins if origins is not None else _origins_by(among, ordered)
    sentences = {claim.id: sentence_id(claim) for claim in ordered}
    pairs = ((f.later_id, f.earlier_id) for f in among if f.kind == "same_sentence")
    repeated = {sentences[later]: sentences[earlier] for later, earlier in pairs}
    hearing = Hearing(origins=origins, repeated=repeated, ties=ties)
    speakers = Speakers(rules.speakers, ties=ties)
    voices, reasons = hear_voices(ordered, hearing=hearing, speakers=speakers)
    return _related(among, ordered, voices=voices, reasons=reasons, speakers=speakers)


def _related(
    lineage: Sequence[Lineage],
    claims: Sequence[Claim],
    *,
    voices: dict[str, str],
    reasons: dict[str, str],
    speakers: Speakers,
    before: Related | None = None,
) -> Related:
    """Return what was found among claims, and `before` them; they became known after those."""
    said = {found.later_id: found.earlier_id for found in lineage if found.kind == "same_statement"}
    echoed = {found.later_id: found.earlier_id for found in lineage if found.kind in OF_COPIES}
    statements: dict[str, str] = before.statements if before else {}
    for claim in claims:
        earlier = said.get(claim.id, claim.id)
        statements[claim.id] = statements.get(earlier, earlier)
    return Related(
        lineage=tuple(lineage),
        voices=before.voices | voices if before else voices,
        statements=statements,
        reasons=reasons,
        echoes=frozenset(id_ for id_ in echoed if id_ in said) | (before.echoes if before else frozenset()),
        speakers=tuple(speakers.introduced),
    )


def _origins_by(lineage: Iterable[Lineage], claims: Sequence[Claim]) -> dict[str, Origin]:
    """Return the origins of the documents that lineage tells of, without the voices of their outlets."""
    known = {claim.document_id: claim.known_at for claim in claims}
    return {
        found.later_id: Origin(text_id=found.later_id, known_at=known[found.later_id], original_id=found.earlier_id)
        for found in lineage
        if found.later_id in known
    }


def hear_voices(
    claims: Sequence[Claim], *, hearing: Hearing, speakers: Speakers
) -> tuple[dict[str, str], dict[str, str]]:
    """Return for each claim, given in the order in which they became known, its voice and the reason for it."""
    voices: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for claim in claims:
        voice, reason = _by_person(claim, voices, hearing.ties) or _voice(claim, hearing=hearing, speakers=speakers)
        one = min(_merged(voice, hearing.ties))
        if one != voice:
            voice, reason = one, "A person has said that the two voices are one."
        if any(voices.get(other) == voice for other in _apart(claim.id, hearing.ties)):
            voice, reason = f"claim:{claim.id}", "A person has said that it is another voice."
        voices[claim.id], reasons[claim.id] = voice, reason
    return voices, reasons


def _by_person(claim: Claim, voices: Mapping[str, str], ties: Ties) -> tuple[str, str] | None:
    """Return the voice of an earlier claim that a person has said to be one with this one."""
    for other in sorted(ties.partners(claim.id)):
        if other in voices and ties.are_one(claim.id, other):
            return voices[other], "A person has said that the two claims are one."
    return None


def _apart(claim_id: str, ties: Ties) -> list[str]:
    return [other for other in ties.partners(claim_id) if ties.are_two(claim_id, other)]


def _merged(voice: str, ties: Ties) -> set[str]:
    """Return the voices that persons have said to be one with a voice, directly or through others, and itself."""
    found, left = {voice}, [voice]
    while left:
        one = left.pop()
        new = {other for other in ties.partners(one) if ties.are_one(one, other)} - found
        found |= new
        left += new
    return found


def _voice(claim: Claim, *, hearing: Hearing, speakers: Speakers) -> tuple[str, str]:
    """Return the voice of a claim by the rules at the head of this module, and the reason."""
    if not claim.chain:
        return _own_voice(claim, hearing)
    link = claim.chain[-1]
    named = link.kind not in NAMELESS_KINDS
    if link.source_id and named:
        return link.source_id, f"The innermost voice is {link.name or link.source_id}."
    found, reason = speakers.find(link, known=named)
    if found:
        return found, reason
    name = " ".join((link.source_id or link.name or link.name_text or link.mention.text).casefold().split())
    for carrier in reversed(claim.chain[:-1]):
        if carrier.source_id and carrier.kind not in NAMELESS_KINDS:
            reason = f"“{name}” is nobody in particular; {carrier.name or carrier.source_id} tells it."
            return f"nameless:{carrier.source_id}:{name}", reason
    home = hearing.home(claim)
    return f"nameless:{home}:{name}", f"“{name}” is nobody in particular: one voice in a report and its copies."


def _own_voice(claim: Claim, hearing: Hearing) -> tuple[str, str]:
    home = hearing.home(claim)
    origin = hearing.origins.get(hearing.told_in(claim))
    voice, why = (origin.voice, origin.reason) if origin else ("", "")
    if home != claim.document_id:
        copied = f"It stood first in {home}."
        return voice or f"report:{home}", f"{copied} {why}".strip()
    return voice or f"report:{home}", why or "The report tells it on its own word."
