"""Who says so: chains read off single sentences of our own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from spacy.tokens import Doc

from heldby.claims.attribution import Chain, find_chain, with_read
from heldby.claims.lexicon import SpeechWords, _speech
from heldby.claims.linked import Linked
from heldby.knowledge import read_knowledge
from heldby.language import load

ROLES = ("place", "actor", "opponent", "source", "part")
Parse = Callable[[str], Doc]


@pytest.fixture(scope="module")
def words() -> SpeechWords:
    """The words of saying as shipped."""
    return _speech(read_knowledge("attribution"))


@pytest.fixture(scope="module")
def parse() -> Parse:
    """Reads one text with the shipped model."""
    reader = load(threads=2)
    return lambda text: next(iter(reader.read([text])))


def chain_of(doc: Doc, trigger: str, words: SpeechWords) -> Chain:
    """The chain of the clause of a word."""
    return find_chain(next(token for token in doc if token.text == trigger), words)


def names(chain: Chain) -> list[str]:
    """The words of the voices, outermost first."""
    return [link.mention.text for link in chain.links()]


@pytest.mark.parametrize(
    ("sentence", "trigger", "voices"),
    [
        (
            "State television quoted a military source as saying troops had captured Raqqa.",
            "captured",
            ["State television", "a military source"],
        ),
        ("Troops captured Raqqa, a monitor and a resident said.", "captured", ["a monitor", "a resident"]),
        (
            "The police chief, Colonel Samir Haddad, said that troops had captured Raqqa.",
            "captured",
            ["The police chief, Colonel Samir Haddad"],
        ),
        ("The governor told CNN that troops had captured Raqqa.", "captured", ["CNN", "The governor"]),
        ("The governor told reporters that troops had captured Raqqa.", "captured", ["The governor"]),
        ("The governor told the agency that troops had captured Raqqa.", "captured", ["The governor"]),
        ("Residents accused the army of bombing Raqqa.", "bombing", ["Residents"]),
        ("The minister said he believed that troops had captured Raqqa.", "captured", ["The minister"]),
        ("The rebels rejected the claim; the army said that it had captured Raqqa.", "captured", ["the army"]),
        ("FSA commander: we captured Raqqa", "captured", ["FSA commander"]),
        ("Rebels captured Raqqa - state media", "captured", ["state media"]),
        (
            "Troops captured Raqqa, according to a commander of the brigade.",
            "captured",
            ["a commander of the brigade"],
        ),
        ("It was confirmed that troops captured Raqqa.", "captured", []),
    ],
)
def test_chain(parse: Parse, words: SpeechWords, sentence: str, trigger: str, voices: list[str]) -> None:
    """Each voice is found once, with its name and title, outermost first."""
    assert names(chain_of(parse(sentence), trigger, words)) == voices


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        ("The army shelled their stronghold of Raqqa, a monitor said.", "stronghold"),
        ("Aid reached the besieged town of Raqqa, a monitor said.", "besieged"),
    ],
)
def test_what_is_taken_for_granted_has_no_voice(
    parse: Parse, words: SpeechWords, sentence: str, trigger: str
) -> None:
    """The monitor tells of the shelling, not of whose town it is."""
    chain = chain_of(parse(sentence), trigger, words)
    assert chain.presupposed
    assert names(chain) == []


def linked(doc: Doc, *, nobody: float, voice: str = "") -> Linked:
    """What a reading model might say: nobody, or one word, as the source."""
    roles = np.zeros((1 + len(doc), len(ROLES)))
    roles[0, ROLES.index("source")] = nobody
    for token in doc:
        if token.text == voice:
            roles[1 + token.i, ROLES.index("source")] = 1 - nobody
    places = {token.i: token.i for token in doc}
    return Linked(places, list(places), roles, np.zeros(len(doc)), 0.0, ROLES)


def test_the_reading_model_adds_a_voice_that_it_is_sure_of(parse: Parse, words: SpeechWords) -> None:
    """A voice of the sentence before is taken up only where the model is sure."""
    doc = parse("Activists spoke by telephone. Warplanes bombed Raqqa.")
    sure, unsure = linked(doc, nobody=0.1, voice="Activists"), linked(doc, nobody=0.5, voice="Activists")
    chain = chain_of(doc, "bombed", words)
    assert names(with_read(chain, sure, doc, words=words)) == ["Activists"]
    assert names(with_read(chain, unsure, doc, words=words)) == []
    assert names(with_read(chain, None, doc, words=words)) == []


def test_the_reading_model_names_a_pronoun(parse: Parse, words: SpeechWords) -> None:
    """The pronoun stays the mention; the name that it stands for is told beside it."""
    doc = parse("Haddad arrived on Monday. He said that troops had captured Raqqa.")
    found = with_read(chain_of(doc, "captured", words), linked(doc, nobody=0.0, voice="Haddad"), doc, words=words)
    assert [(one.mention.text, one.name_text) for one in found.links()] == [("He", "Haddad")]


def test_a_voice_that_a_verb_gives_stays(parse: Parse, words: SpeechWords) -> None:
    """The reading model drops what stands near or is carried over, not what a verb of saying governs."""
    doc = parse("The monitor said that troops had captured Raqqa.")
    direct, nobody = chain_of(doc, "captured", words), linked(doc, nobody=0.99)
    assert names(with_read(direct, nobody, doc, words=words)) == ["The monitor"]
    assert names(with_read(Chain(), nobody, doc, words=words, carried=direct)) == []
    assert names(with_read(Chain(), None, doc, words=words, carried=direct)) == ["The monitor"]
