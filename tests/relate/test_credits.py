"""A credit line makes what a report tells by itself the agency's word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from heldby.knowledge import read_knowledge
from heldby.records import Block
from heldby.relate import LineageRules, relate
from heldby.relate.credits import own_voice

BODY = "Fighters entered the town on Sunday and raised their flag over the town hall. Shops stayed shut all day."


@pytest.fixture(scope="module")
def rules() -> LineageRules:
    """The rules as shipped."""
    return LineageRules.from_tables(read_knowledge("lineage"), sources=read_knowledge("sources"))


def report(make: Any, text: str, *, outlet: str = "The Daily Paper", byline: str = "", id: str = "d") -> Any:
    """A report with a block for each paragraph."""
    document, blocks, at = make.document(text, id=id, outlet=outlet), [], 0
    for part in text.split("\n\n"):
        blocks.append(Block(kind="paragraph", start=at, end=at + len(part)))
        at += len(part) + 2
    return replace(document, blocks=tuple(blocks), byline=byline)


@pytest.mark.parametrize(
    ("before", "after", "byline", "voice"),
    [
        ("BEIRUT (Reuters) - ", "", "", "reuters"),
        ("DAMASCUS, Dec 11 (AFP) — ", "", "", "afp"),
        ("BAGHDAD (AP) ", "", "", "ap"),
        ("", "", "Reuters", "reuters"),
        ("", "", "By Agence France-Presse", "afp"),
        ("", "\n\n(Reuters)", "", "reuters"),
        ("", "\n\n- AFP", "", "afp"),
        ("", " --Reuters", "", "reuters"),
        ("", "\n\nSource: SANA", "", "sana"),
        ("", "\n\nThe Associated Press contributed to this report.", "", "ap"),
        ("", "\n\n(with AFP and Reuters)", "", "afp"),
        ("", "\n\nAdditional reporting by Reuters", "", "reuters"),
        ("", "\n\nWith agencies", "", "agencies"),
        ("", "", "News agencies", "agencies"),
        ("BEIRUT (Reuters) - ", "\n\nAP contributed to this report.", "", "reuters"),
        ("", "", "By A. Writer", "outlet:the daily paper"),
        ("The army told Reuters on Sunday that it had left. ", "", "", "outlet:the daily paper"),
        ("", "\n\nThe ministry denied what AFP had reported.", "", "outlet:the daily paper"),
        ("", "\n\nShe ended up with a map of the town.", "", "outlet:the daily paper"),
    ],
)
def test_the_credit_tells_whose_voice_it_is(
    make: Any, rules: LineageRules, before: str, after: str, byline: str, voice: str
) -> None:
    """Datelines, bylines, sign-offs and notes of help are credits; an agency that is only quoted is none."""
    found, reason = own_voice(report(make, before + BODY + after, byline=byline), rules=rules)
    assert found == voice, reason
    assert reason


def test_an_outlet_of_the_book_is_the_voice_that_others_quote(make: Any, rules: LineageRules) -> None:
    """What Reuters itself prints is the voice of "Reuters reported"; without an outlet a report is its own voice."""
    assert own_voice(report(make, BODY, outlet="Reuters"), rules=rules)[0] == "reuters"
    assert own_voice(report(make, BODY, outlet=""), rules=rules) == ("", "")
    assert own_voice(report(make, "", outlet=""), rules=rules) == ("", "")


def test_two_papers_that_credit_one_agency_are_one_voice(make: Any, rules: LineageRules) -> None:
    """Two papers rewrite a wire story each in its own words: what they tell by themselves is the wire's."""
    documents = [
        report(make, f"{BODY}\n\n(Reuters)", outlet="The Daily Paper", id="a"),
        report(make, "BEIRUT (Reuters) - The town fell, with all its streets silent.", outlet="Evening News", id="b"),
        report(make, "The town is in other hands since this morning, our reporter saw.", outlet="The Third", id="c"),
    ]
    claims = [make.claim("takes", "A", when="2016-12-11", document=id_, sentence=f"{id_}.") for id_ in "abc"]
    heard = relate(claims, documents=documents, rules=rules)
    assert [heard.voices[claim.id] for claim in claims] == ["reuters", "reuters", "outlet:the third"]
    assert heard.statements[claims[1].id] == heard.statements[claims[0].id]
    assert "Reuters" in heard.reasons[claims[1].id]
