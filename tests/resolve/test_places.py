"""Which place a claim is about: homonyms by context, words that point back, and what stays unresolved."""

from __future__ import annotations

import runpy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heldby.errors import KnowledgeError
from heldby.records import Block, Claim, Document, MayMean, Mention, Party, PlaceRef, Reading, Span
from heldby.resolve.gazetteer import Gazetteer
from heldby.resolve.place_phrases import PlaceWords, parse_phrase, read_place_words
from heldby.resolve.places import resolve_place_name, resolve_places

KNOWN_AT = datetime(2016, 12, 11, tzinfo=UTC)


class Resolver:
    """Makes a reading of a text with one claim for each mention given, and resolves it."""

    def __init__(self, gazetteer: Gazetteer, words: PlaceWords) -> None:
        self.gazetteer = gazetteer
        self.words = words

    def read(self, text: str, *mentions: str, headline: str = "", persons: tuple[str, ...] = ()) -> list[PlaceRef]:
        """Return what the mentions are resolved to, in their order; each is looked for after the one before."""
        whole = f"{headline}\n\n{text}" if headline else text
        claims, at = [], 0
        for number, mention in enumerate(mentions):
            at = whole.index(mention, at)
            claims.append(self._claim(number, Span.of(whole, at, at + len(mention)), whole))
            at += len(mention)
        starts = [0, *[match + 2 for match in range(len(whole)) if whole.startswith(". ", match)], len(whole)]
        sentences = tuple(Span.of(whole, one, other) for one, other in pairwise(starts))
        body = len(whole) - len(text)
        blocks = [Block(kind="paragraph", start=body, end=len(whole))]
        blocks += [Block(kind="headline", start=0, end=len(headline))] if headline else []
        document = Document(id="d", capture_id="c", text=whole, blocks=tuple(blocks), known_at=KNOWN_AT)
        named = tuple(
            Mention(kind="person", span=Span.of(whole, whole.index(name), whole.index(name) + len(name)))
            for name in persons
        )
        reading = Reading(document=document, sentences=sentences, mentions=named, claims=tuple(claims), quantities=())
        resolved = resolve_places(reading, gazetteer=self.gazetteer, words=self.words)
        assert resolved.document is document and len(resolved.claims) == len(claims)
        return [claim.place for claim in resolved.claims]

    def ids(self, text: str, *mentions: str, headline: str = "") -> list[str]:
        """Return the ids of the places, or "within ..." where one is not resolved."""
        refs = self.read(text, *mentions, headline=headline)
        return [ref.place.id if ref.place else f"within {ref.within}" for ref in refs]

    @staticmethod
    def _claim(number: int, mention: Span, text: str) -> Claim:
        return Claim(
            id=f"claim-{number}",
            document_id="d",
            sentence=mention,
            trigger=mention,
            relation="takes",
            actor=Party(),
            opponent=Party(),
            place=PlaceRef(mention=mention, name_text=mention.text if any(map(str.isupper, mention.text)) else ""),
            known_at=KNOWN_AT,
        )


@pytest.fixture(scope="module")
def resolver(gazetteer: Gazetteer, place_words: PlaceWords) -> Resolver:
    """A resolver of made-up reports."""
    return Resolver(gazetteer, place_words)


def test_palmyra_in_a_report_on_syria_is_tadmur(resolver: Resolver) -> None:
    """A dozen towns in America are called Palmyra; a Syrian governor speaks of none of them."""
    (ref,) = resolver.read("Militants retook Palmyra on Sunday, the Homs governor told Syrian state TV.", "Palmyra")
    assert ref.place is not None and ref.place.id == "gn:163808"
    assert ref.name_text == "Palmyra" and "Tadmur" in ref.reason
    assert {candidate.place_id for candidate in ref.candidates} & {"gn:4899581", "gn:4517698", "gn:3449427"}
    assert all(candidate.reason for candidate in ref.candidates)


@pytest.mark.parametrize(
    ("text", "mention", "place_id"),
    [
        (
            "Militias took Tripoli after fighting with troops from Benghazi, Libyan officials said.",
            "Tripoli",
            "gn:2210247",
        ),
        ("The Lebanese army entered Tripoli; troops were sent there from Beirut and Sidon.", "Tripoli", "gn:266826"),
        ("The flood reached Palmyra, Brazil, and then Juiz de Fora.", "Palmyra", "gn:3449427"),
        ("Rebels hold Aleppo province, Syrian state media said.", "Aleppo", "iso:SY-HL"),
        ("Rebels hold the city of Aleppo, Syrian state media said.", "the city of Aleppo", "gn:170063"),
        ("Rebels hold parts of the province of Idlib in Syria.", "Idlib", "iso:SY-ID"),
        ("Turkish-backed rebels shelled Kobani in northern Syria.", "Kobani", "gn:172256"),
        ("Iraqi troops entered eastern Mosul.", "Mosul", "gn:99072"),
        ("Russian forces advanced near Bakhmut, Ukraine said.", "Bakhmut", "gn:713174"),
        ("Troops advanced in eastern Ghouta, near Damascus.", "eastern Ghouta", "hb:eastern-ghouta"),
        ("Jets from the T4 airbase bombed Raqqa in Syria.", "the T4 airbase", "hb:t4"),
        ("Fighting went on in northern Syria.", "northern Syria", "iso:SY/north"),
        ("Fighting went on in southern Idlib province in Syria.", "southern Idlib province", "iso:SY-ID/south"),
        ("Shells hit the Syrian capital.", "the Syrian capital", "gn:170654"),
    ],
)
def test_homonyms_by_what_the_report_says(resolver: Resolver, text: str, mention: str, place_id: str) -> None:
    """Country, noun, container and neighbours decide which of several places is meant."""
    assert resolver.ids(text, mention) == [place_id]


def test_common_nouns_stand_for_the_place_named_before(resolver: Resolver) -> None:
    """ "The city" and "there" mean the report's place, not the one that was named last in passing, nor a country."""
    text = (
        "Syrian troops lost Palmyra. The militants drew forces from Raqqa and Deir al Zor."
        " They hold the ancient city, Russia said. Fighting went on there."
    )
    refs = resolver.read(text, "Palmyra", "the ancient city", "there", headline="IS retakes Palmyra")
    assert [ref.place.id if ref.place else "" for ref in refs] == ["gn:163808"] * 3
    assert [ref.name_text for ref in refs] == ["Palmyra"] * 3
    assert refs[1].mention.text == "the ancient city" and "Palmyra" in refs[1].reason


def test_the_same_sentence_outweighs_the_headline(resolver: Resolver) -> None:
    """A city named in the same sentence is the one that "the city" stands for."""
    text = "Syrian rebels left Aleppo. In Hama, troops surrounded the city."
    assert resolver.ids(text, "the city", headline="Syrian rebels leave Aleppo") == ["gn:170017"]


def test_a_town_told_of_first_and_named_later(resolver: Resolver) -> None:
    """ "An important town" in the first sentence is the one that the report names later, not the last one named."""
    text = "Militants in Syria stormed an important town on Monday. Residents of Rastan, a town north of Homs, fled."
    (ref,) = resolver.read(text, "an important town")
    assert ref.name_text == "Rastan" and ref.mention.text == "an important town"


def test_a_noun_stands_for_a_name_that_the_gazetteer_lacks(resolver: Resolver) -> None:
    """ "The hill" is the one called Tal, though no source lists it, and not the known town beside it."""
    text = "Syrian rebels took Tal Qarnuq near Daraa on Sunday. The army tried to retake the hill."
    taken, retaken = resolver.read(text, "Tal Qarnuq", "the hill")
    assert (retaken.place, retaken.name_text) == (None, "Tal Qarnuq")
    assert retaken.within == taken.within


def test_what_stands_before_the_noun_is_no_name(resolver: Resolver) -> None:
    """In "the Islamic State stronghold" a side is named, not the place: it is the one told of before."""
    text = "Kurdish fighters in Syria surrounded Manbij. They pushed into the Islamic State stronghold."
    where = text.index("the Islamic")
    claim = Resolver._claim(0, Span.of(text, where, len(text) - 1), text)
    claim = replace(claim, place=PlaceRef(mention=claim.place.mention, name_text=""))
    (resolved,) = resolve_places(_reading(text, claim), gazetteer=resolver.gazetteer, words=resolver.words).claims
    assert resolved.place.name_text == "Manbij"


def test_the_reading_models_view_of_what_is_meant_counts(resolver: Resolver) -> None:
    """Of two towns named as near as each other, that is meant which the reading model took for the claim's place."""
    text = "Syrian troops are in Hama and Homs. The town was shelled."
    for name in ("Hama", "Homs"):
        meant = MayMean(name=Span.of(text, text.index(name), text.index(name) + len(name)), share=0.9)
        mention = Span.of(text, text.index("The town"), text.index(" was"))
        claim = replace(
            Resolver._claim(0, mention, text), place=PlaceRef(mention=mention, name_text="", may_mean=(meant,))
        )
        (resolved,) = resolve_places(_reading(text, claim), gazetteer=resolver.gazetteer, words=resolver.words).claims
        assert resolved.place.name_text == name and not resolved.place.may_mean


def _reading(text: str, claim: Claim) -> Reading:
    document = Document(id="d", capture_id="c", text=text, blocks=(), known_at=KNOWN_AT)
    sentences = (Span.of(text, 0, text.index(". ") + 1), Span.of(text, text.index(". ") + 2, len(text)))
    return Reading(document=document, sentences=sentences, mentions=(), claims=(claim,), quantities=())


def test_a_noun_points_only_to_what_may_be_called_so(resolver: Resolver) -> None:
    """ "The province" is no city, "the city" no country, and "the country" no province."""
    text = "In Syria, rebels hold Idlib province and Aleppo. They left the province, the city and the country."
    refs = resolver.ids(text, "the province", "the city", "the country")
    assert refs == ["iso:SY-ID", "gn:170063", "iso:SY"]


def test_a_site_without_an_entry_is_not_its_town(resolver: Resolver) -> None:
    """A checkpoint named after a town stays unresolved, with the town as the area that it is known by."""
    assert resolver.ids("Syrian rebels stormed the Hama checkpoint.", "the Hama checkpoint") == ["within gn:170017"]


def test_an_unknown_name_keeps_the_smallest_area_known(resolver: Resolver) -> None:
    """A village that no source lists is kept with the province that the report puts it in, or with the country."""
    text = "Syrian troops took Tell Xyzzy in Homs province and Qarn Quux, Syrian state TV said in Damascus."
    refs = resolver.read(text, "Tell Xyzzy", "Qarn Quux")
    assert [(ref.place, ref.within, ref.name_text) for ref in refs] == [
        (None, "iso:SY-HI", "Tell Xyzzy"),
        (None, "iso:SY", "Qarn Quux"),
    ]


def test_a_name_from_another_part_of_the_world_is_not_believed(resolver: Resolver) -> None:
    """In a report on Syria a name that only a town in Brazil bears is an unknown village, not that town."""
    text = "Syrian troops took Pindamonhangaba from rebels in Aleppo, Hama and Homs."
    assert resolver.ids(text, "Pindamonhangaba") == ["within iso:SY"]


def test_persons_are_no_places(resolver: Resolver) -> None:
    """A person's name says nothing about where a report is from."""
    text = "Jordan Benghazi said that militants hold Tripoli. The Lebanese army sent troops from Beirut."
    (ref,) = resolver.read(text, "Tripoli", persons=("Jordan Benghazi",))
    assert ref.place is not None and ref.place.country == "LB"


@pytest.mark.parametrize("mention", ["the", "!!", "\u200b", "of", "and the", "12", "’s"])
def test_rubbish_as_a_mention_stays_unresolved_or_points_back(resolver: Resolver, mention: str) -> None:
    """A mention without any word for a place breaks nothing and invents no name."""
    (ref,) = resolver.read(f"Syria: {mention}", mention)
    assert ref.place is None and ref.mention.text == mention


def test_a_claim_with_a_mention_outside_the_text_is_kept(resolver: Resolver, gazetteer: Gazetteer) -> None:
    """Offsets that do not fit the text leave the claim unresolved instead of failing the report."""
    document = Document(id="d", capture_id="c", text="Short.", blocks=(), known_at=KNOWN_AT)
    claim = Resolver._claim(0, Span(500, 507, "Palmyra"), "Short.")
    reading = Reading(document=document, sentences=(), mentions=(), claims=(claim,), quantities=())
    (resolved,) = resolve_places(reading, gazetteer=gazetteer, words=resolver.words).claims
    assert resolved.place.place is None and resolved.place.mention.text == "Palmyra"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    country=st.sampled_from(["Iraq", "Ukraine", "Libya", "Yemen", "Nigeria", "Brazil", "France"]),
    town=st.sampled_from(["Baghdad", "Kharkiv", "Benghazi", "Aden", "Kano", "Manaus", "Lyon"]),
    place=st.sampled_from(["Mosul", "Bakhmut", "Deir ez-Zor", "Eastern Ghouta", "Kharkiv"]),
)
def test_other_sentences_do_not_move_an_unambiguous_name(
    resolver: Resolver, country: str, town: str, place: str
) -> None:
    """A further sentence about another country's place changes nothing for a name that one place bears."""
    text = f"Troops took {place} on Sunday."
    assert resolver.ids(text, place) == resolver.ids(f"{text} Talks were held in {town} in {country}.", place)


def test_the_same_reading_gives_the_same_places(resolver: Resolver) -> None:
    """Resolving is a function of the report: twice the same."""
    text = "Rebels in Tripoli and Homs fled to Al Bab, Raqqa and Tal Afar; they hold the town."
    mentions = ("Tripoli", "Homs", "Al Bab", "Raqqa", "Tal Afar", "the town")
    assert resolver.read(text, *mentions) == resolver.read(text, *mentions)


@pytest.mark.parametrize(
    ("name", "country", "place_id"),
    [
        ("Palmyra", "", "gn:163808"),
        ("palmyra", "", "gn:163808"),
        ("Tripoli", "lb", "gn:266826"),
        ("Homs province", "", "iso:SY-HI"),
        ("northern Syria", "", "iso:SY/north"),
        ("Deir Ezour", "", "gn:170794"),
        ("iso:SY-HI", "", "iso:SY-HI"),
    ],
)
def test_a_name_given_by_a_person(
    gazetteer: Gazetteer, place_words: PlaceWords, name: str, country: str, place_id: str
) -> None:
    """On the command line a name, an id, a province or a side is understood, the likeliest first."""
    assert resolve_place_name(name, gazetteer=gazetteer, words=place_words, country=country)[0].id == place_id


@pytest.mark.parametrize("name", ["", "   ", "xqzt", "the", "%%"])
def test_a_name_of_nothing_finds_nothing(gazetteer: Gazetteer, place_words: PlaceWords, name: str) -> None:
    """A name that no place bears gives no place instead of a wrong one."""
    assert resolve_place_name(name, gazetteer=gazetteer, words=place_words) == ()


def test_phrases_are_taken_apart(gazetteer: Gazetteer, place_words: PlaceWords) -> None:
    """Noun, side and container are read off, and names that begin with a noun stay whole."""
    parts = {
        mention: parse_phrase(mention, gazetteer=gazetteer, words=place_words)
        for mention in (
            "the outskirts of Homs",
            "Lake Assad",
            "north-western Syria",
            "Palmyra, Syria",
            "the villages",
        )
    }
    assert parts["the outskirts of Homs"].name == "Homs"
    assert parts["Lake Assad"].name == "Lake Assad"
    assert (parts["north-western Syria"].name, parts["north-western Syria"].side) == ("Syria", "northwest")
    assert (parts["Palmyra, Syria"].name, parts["Palmyra, Syria"].container) == ("Palmyra", "Syria")
    assert parts["the villages"].name == ""


def test_a_word_table_with_a_mistake_is_named() -> None:
    """A noun for an unknown kind of place is an error that lists the valid kinds."""
    with pytest.raises(KnowledgeError, match="galaxy") as failure:
        read_place_words({"nouns": {"milky": "galaxy"}})
    assert "town" in failure.value.remedy


@pytest.mark.shared
def test_gold_places_resolve_or_keep_a_larger_area(gazetteer: Gazetteer, place_words: PlaceWords) -> None:
    """Of the gold claims' places nearly all resolve or keep the area that they lie in."""
    shared = Path(__file__).parents[3] / "shared"
    if not (shared / "gold" / "dev.jsonl").is_file():
        pytest.skip("the gold claims are not beside the checkout")
    measure_gold = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "places.py"))["measure_gold"]
    assert measure_gold(shared, "dev", gazetteer, place_words)["resolved_or_larger_area"] >= 0.95


def test_a_people_is_no_name_of_a_place(resolver: Resolver) -> None:
    """ "A Syrian gas field" is no place called Syrian, but the field that the report names afterwards."""
    text = "Militants captured a Syrian gas field on Monday. Workers fled the Shaar gas field, a guard said."
    where = text.index("a Syrian gas field")
    mention = Span.of(text, where, where + len("a Syrian gas field"))
    claim = replace(Resolver._claim(0, mention, text), place=PlaceRef(mention=mention, name_text=""))
    (resolved,) = resolve_places(_reading(text, claim), gazetteer=resolver.gazetteer, words=resolver.words).claims
    assert "Shaar" in resolved.place.name_text


def test_a_town_is_no_province(resolver: Resolver) -> None:
    """ "A town" told of beside a province is the town named later, not the province."""
    text = "In Idlib province, Syrian troops stormed a town. Residents of Saraqib, a town south of Idlib, fled."
    (ref,) = resolver.read(text, "a town")
    assert ref.name_text == "Saraqib"


def test_the_country_is_that_of_the_report(resolver: Resolver) -> None:
    """Where no country is named, "the country" is the one that the report is about, and never a river or a town."""
    text = "Syrian troops and Syrian rebels fought in Hama and Homs. Jets struck targets across the country."
    assert resolver.ids(text, "the country") == ["iso:SY"]


def test_areas_of_the_city_are_at_the_city(resolver: Resolver) -> None:
    """ "Areas west of the city" lie at the city spoken of, not at the wider area that was named last."""
    text = "Syrian fighters surround Manbij. The city lies in Aleppo province. They hold areas west of the city."
    refs = resolver.read(text, "areas west of the city")
    assert refs[0].name_text == "Manbij"


def test_a_site_without_a_name_is_a_part_of_its_town(resolver: Resolver) -> None:
    """Who takes "the military airport" of a report on Palmyra has not taken the whole of it."""
    text = "Militants are near Palmyra in Syria. They seized the military airport and the city."
    for words, extent in (("the military airport", "part"), ("the city", "whole")):
        mention = Span.of(text, text.index(words), text.index(words) + len(words))
        claim = replace(Resolver._claim(0, mention, text), place=PlaceRef(mention=mention, name_text=""))
        (found,) = resolve_places(_reading(text, claim), gazetteer=resolver.gazetteer, words=resolver.words).claims
        assert (found.place.name_text, found.extent) == ("Palmyra", extent)
