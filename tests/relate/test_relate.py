"""Copies are found, independent reports are left apart, and later reports change nothing found before."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heldby.relate import relate, relate_documents, related_by

WIRE = (
    "Fighters of the group entered the old town before sunrise on Sunday and raised their flag over the museum, "
    "the provincial governor told state television in the evening. Soldiers had left their posts around noon and "
    "gathered at a crossroads west of the springs, he added, where more men were expected to arrive overnight."
)
OWN = (
    "Residents who reached the neighbouring district by bus spoke of empty streets and closed shops. Nobody could "
    "say who was in charge of the checkpoints, they said, and telephone lines had been dead since the morning."
)


def test_the_same_words_are_identical_whatever_their_case_and_spaces(make: Any) -> None:
    """A copy printed in capitals and with other line breaks is the same text."""
    documents = [
        make.document(WIRE, id="a"),
        make.document(WIRE.upper().replace(" ", "\n "), id="b", known="2016-12-12"),
    ]
    (found,) = relate_documents(documents)
    assert (found.kind, found.earlier_id, found.later_id) == ("identical", "a", "b")


def test_a_shortened_and_framed_copy_is_near(make: Any) -> None:
    """A paper that prints most of a wire report under its own opening repeats it."""
    framed = "Our correspondent writes from the capital about the latest events in the east. " + WIRE[:300]
    found = relate_documents([make.document(WIRE, id="a"), make.document(framed, id="b", known="2016-12-12")])
    assert [(f.kind, f.earlier_id, f.later_id) for f in found] == [("near_copy", "a", "b")]
    assert "%" in found[0].reason


def test_two_reports_of_one_event_in_their_own_words_are_no_copies(make: Any) -> None:
    """Reports that share the subject but not the wording stand alone; so do empty and very short texts."""
    documents = [make.document(text, id=str(n)) for n, text in enumerate((WIRE, OWN, "", "", "Yes.", "No."))]
    assert relate_documents(documents) == ()


def test_furniture_is_not_compared(make: Any) -> None:
    """Two texts are not copies because of the same menu around them."""
    menu = (
        "Home News World Sport Culture Opinion Search Sign in Subscribe Newsletter Video Radio Contact About us " * 3
    )
    documents = []
    for n, text in enumerate((WIRE, OWN)):
        document = make.document(menu + text, id=str(n))
        block = replace(document.blocks[0], start=len(menu))
        documents.append(replace(document, blocks=(replace(block, kind="furniture", start=0, end=len(menu)), block)))
    assert relate_documents(documents) == ()


def test_a_named_voice_is_one_in_all_reports_and_a_nameless_one_is_not(make: Any) -> None:
    """The Observatory quoted by two papers is one voice; "residents" in two papers are two."""
    observatory = make.link("the Observatory", kind="rights_monitor", source_id="observatory")
    residents = make.link("residents", kind="witness", source_id="residents")
    claims = [
        make.claim("takes", "A", when="2016-12-11", chain=[link], document=document)
        for link in (observatory, residents)
        for document in ("a", "b")
    ]
    heard = relate(claims, documents=[]).voices
    assert heard[claims[0].id] == heard[claims[1].id]
    assert heard[claims[2].id] != heard[claims[3].id]


def test_what_copies_tell_themselves_is_one_voice(make: Any) -> None:
    """A report and its copy, both without naming a source, are one voice and one statement, even days apart."""
    documents = [
        make.document(WIRE, id="a"),
        make.document(WIRE, id="b", known="2016-12-20"),
        make.document(OWN, id="c"),
    ]
    claims = [
        make.claim("takes", "A", document=name, known=known, sentence=sentence)
        for name, known, sentence in (
            ("a", "2016-12-11", "They took it."),
            ("b", "2016-12-20", "They took it."),
            ("c", "2016-12-11", "It fell."),
        )
    ]
    related = relate(claims, documents=documents)
    assert related.voices[claims[0].id] == related.voices[claims[1].id] != related.voices[claims[2].id]
    assert related.statements[claims[1].id] == claims[0].id
    assert related.statements[claims[2].id] == claims[2].id
    assert {found.kind for found in related.lineage} == {"identical", "same_sentence", "same_statement"}


def test_a_voice_that_speaks_again_later_makes_a_new_statement(make: Any) -> None:
    """The same words about another week are not a repetition; other words about the same day are linked as well."""
    monitor = make.link("the Observatory", kind="rights_monitor", source_id="observatory")
    days = ("2016-12-11", "2016-12-12", "2016-12-20")
    claims = [make.claim("holds", "A", when=day, known=day, chain=[monitor], document=day) for day in days]
    other = make.claim("contests", "B", when="2016-12-20", known="2016-12-20", chain=[monitor], document="d")
    related = relate([*claims, other], documents=[])
    roots = [related.statements[claim.id] for claim in claims]
    assert roots == [claims[0].id, claims[0].id, claims[2].id]
    assert [found.kind for found in related.lineage].count("same_speaker") == 1


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(1, 12))
def test_lineage_depends_neither_on_order_nor_on_what_comes_later(make: Any, seed: int, cut: int) -> None:
    """Shuffled input gives the same lineage, and that of the first reports can be had from that of all."""
    chance = random.Random(seed)
    words = (WIRE + " " + OWN).split()
    documents, claims = [], []
    for n in range(12):
        start = chance.choice([0, 0, 5, 40])
        text = " ".join(words[start : start + chance.choice([45, 60])])
        known = f"2016-12-{n + 1:02}"
        documents.append(make.document(text, id=f"d{n}", known=known))
        voice = [make.link("V", kind="military", source_id="v")] if chance.random() < 0.5 else []
        claims.append(make.claim(chance.choice(["takes", "holds"]), "A", document=f"d{n}", known=known, chain=voice))
    whole = relate(claims, documents=documents)
    first = relate(claims[:cut], documents=documents[:cut])
    shuffled = relate(chance.sample(claims, 12), documents=chance.sample(documents, 12))
    assert whole.voices == shuffled.voices and whole.statements == shuffled.statements
    assert sorted(whole.lineage, key=lambda f: f.id) == sorted(shuffled.lineage, key=lambda f: f.id)
    assert {f.id for f in first.lineage} <= {f.id for f in whole.lineage}
    assert first.statements.items() <= whole.statements.items()
    kept = related_by(claims[:cut], lineage=whole.lineage)
    assert (kept.voices, kept.statements) == (first.voices, first.statements)
