"""What holds for every text: exact words, and independence of what else a report or a run holds."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from heldby.records import Claim, Reading

Read = Callable[..., Reading]

SENTENCES = (
    "Government troops recaptured Mosul on Friday.",
    "Rebels said they had seized two villages near Saraqib from the army.",
    "Air strikes hit Binnish and Taftanaz overnight, a monitoring group said.",
    "The militants still hold parts of Hajin, according to a military source.",
    "Clashes raged between the army and the insurgents in Zabadani.",
    "The besieged town of Madaya has had no food since March.",
    "Ukraine's general staff said its soldiers had repelled an assault on Vuhledar.",
    "The army failed to take Jobar, an officer told the agency.",
)
ELSEWHERE = (
    "Prices of bread rose again in Cairo.",
    "The minister will travel to Geneva on Tuesday.",
    "In Oslo, diplomats welcomed the talks.",
)


def told(claim: Claim) -> tuple[object, ...]:
    """Return what a claim says, without where in the text it stands."""
    parties = (claim.actor.mention, claim.opponent.mention, claim.part, claim.time_text)
    spans = tuple(span.text if span else "" for span in parties)
    voices = tuple(link.mention.text for link in claim.chain)
    return (claim.sentence.text, claim.trigger.text, claim.relation, claim.place.mention.text, *spans, voices,
            claim.extent, claim.modality)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), st.sampled_from(["\n\n", " "]))
def test_offsets_lead_to_the_exact_words(read: Read, sentences: list[str], gap: str) -> None:
    """Every span of every claim holds the very characters of the text at its offsets."""
    text = gap.join(sentences)
    reading = read(text)
    for claim in reading.claims:
        spans = [claim.sentence, claim.trigger, claim.place.mention, claim.part, claim.time_text, *claim.hedges]
        spans += [claim.actor.mention, claim.opponent.mention, *(link.mention for link in claim.chain)]
        spans += [link.cue for link in claim.chain]
        for span in spans:
            assert span is None or text[span.start : span.end] == span.text


@settings(max_examples=20)
@given(st.sampled_from(SENTENCES), st.sampled_from(ELSEWHERE))
def test_a_sentence_about_another_place_changes_no_claim(read: Read, sentence: str, other: str) -> None:
    """A further paragraph about somewhere else leaves the claims of the first as they were."""
    alone = [told(claim) for claim in read(sentence).claims]
    beside = [told(claim) for claim in read(f"{sentence}\n\n{other}").claims if claim.sentence.text == sentence]
    assert alone
    assert alone == beside


@settings(max_examples=10)
@given(st.permutations(SENTENCES[:4]))
def test_the_order_of_documents_changes_nothing(read: Read, texts: list[str]) -> None:
    """Each report gives the same claims whatever was read before it."""
    first = {text: [claim.id for claim in read(text).claims] for text in SENTENCES[:4]}
    again = {text: [claim.id for claim in read(text).claims] for text in texts}
    assert first == again
