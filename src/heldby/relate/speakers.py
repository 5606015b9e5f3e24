"""Which names mean one speaker: an office at a place, a person's name, an institution and those who speak for it.

Only what is safe is put together: two names that differ in a person's name, in the side, or in the place are two
speakers, and who has neither name nor office nor institution ("a spokesman", "residents") is nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from heldby.records import SourceLink, Ties
from heldby.relate.names import fold_name, fold_person
from heldby.relate.rules import SpeakerWords

PLACE_AFTER = re.compile(r"^\W*(?:of|in|for)\s+(?:the\s+)?([^,;()]+)", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_][\w'’.-]*")
INDEFINITE = re.compile(r"^(?:an?|one|some|several|two|three|many|other|another)\s", re.IGNORECASE)
LONGEST_PERSON = 4


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a voice's words tell of who it is: a person's name (given names and last name), an office with its place
    or state, the words of an institution, and the side whose interest it shares. `key` is its name as said, in lower
    case."""

    key: str
    person: tuple[str, ...] = ()
    office: tuple[str, str] = ("", "")
    institution: frozenset[str] = frozenset()
    side: str = ""

    @property
    def nobody(self) -> bool:
        """Tell whether nothing says who it is."""
        return not self.person and not self.office[1] and not self.institution


def read_speaker(link: SourceLink, *, words: SpeakerWords) -> Spoken:
    """Return what the words of a link tell of who it is."""
    texts = (link.name_text, link.mention.text, link.name)
    text = max(texts, key=len)
    key = f"name:{' '.join((link.name or link.name_text or link.mention.text).casefold().split())}"
    if INDEFINITE.match(link.mention.text) and not _names(text, words=words):
        return Spoken(key, side=link.side)
    office, before, after = _split(text, words=words)
    if office:
        place, person = _around_office(before, after, words=words)
        if not place and link.side and office not in words.local:
            place = f"side {link.side}"
        return Spoken(key, person=person, office=(office, place), side=link.side)
    person = _names(text, words=words) if _is_person(text, words=words) else ()
    institution = frozenset() if person else _institution(text, words=words)
    return Spoken(key, person=person, institution=institution, side=link.side)


def _split(text: str, *, words: SpeakerWords) -> tuple[str, str, str]:
    """Return the office that a text names, and the text before and after it; the longest name wins."""
    folded = [(found, fold_name(found.group())) for found in WORD.finditer(text)]
    longest = max((len(name.split()) for name in words.offices), default=0)
    for length in range(longest, 0, -1):
        for n in range(len(folded) - length + 1):
            part = folded[n : n + length]
            office = words.offices.get(" ".join(name for _, name in part))
            if office:
                return office, text[: part[0][0].start()], text[part[-1][0].end() :]
    return "", text, ""


def _around_office(before: str, after: str, *, words: SpeakerWords) -> tuple[str, tuple[str, ...]]:
    """Return the place of an office, and the person named beside it."""
    place = ""
    person: tuple[str, ...] = ()
    found = PLACE_AFTER.search(after)
    if found:
        place, after = _place(found[1], words=words), after[: found.start()] + after[found.end() :]
    if "," in before:
        before, person = "", _names(before.split(",")[0], words=words)
    person = person or _names(after, words=words)
    place = place or _place(before, words=words)
    return place, person


def _place(text: str, *, words: SpeakerWords) -> str:
    kept = [word.group() for word in WORD.finditer(text) if word.group()[0].isupper()]
    folded = [fold_name(re.sub(r"['’]s?$", "", word)) for word in kept]
    return " ".join(word for word in folded if word not in words.empty)


def _names(text: str, *, words: SpeakerWords) -> tuple[str, ...]:
    """Return the words of a text that are written as a person's name, as keys."""
    found = [word.group() for word in WORD.finditer(text)]
    kept = [fold_name(w) for w in found if w[0].isupper() or "-" in w]
    kept = [part for word in kept for part in word.split()]
    drop = words.titles | words.nobody | words.empty | words.speaks_for
    return fold_person([word for word in kept if word not in drop and word.removesuffix("s") not in words.nobody])


def _is_person(text: str, *, words: SpeakerWords) -> bool:
    """Tell whether a text is nothing but a person's name, perhaps with a title."""
    head = text.split(",")[0]
    found = [word.group() for word in WORD.finditer(head)]
    titles = words.titles | words.empty
    names = [w for w in found if fold_name(w) not in titles]
    given = names and all(w[0].isupper() or w.lower().startswith(("al-", "el-")) for w in names)
    return (
        bool(given)
        and 2 <= len(names) <= LONGEST_PERSON
        and not (words.nobody | words.institutions) & set(map(fold_name, names))
    )


def _institution(text: str, *, words: SpeakerWords) -> frozenset[str]:
    """Return the words of an institution without those for who speaks for it; nothing where a nobody speaks."""
    folded = [words.same.get(word, word) for word in fold_name(text).split()]
    left = [word for word in folded if word not in words.empty and word not in words.speaks_for]
    if any(word in words.nobody or word.removesuffix("s") in words.nobody for word in left):
        return frozenset()
    return frozenset(left)


@dataclass(slots=True)
class Speaker:
    """One speaker: the key of the name under which it was first heard, and all that has been told of who it is."""

    key: str
    keys: set[str] = field(default_factory=set)
    told: list[Spoken] = field(default_factory=list)


class Speakers:
    """Finds for each name, in the order in which they were heard, the speaker that it means; `introduced` are those
    by which a speaker was told of for the first time: who hears these alone knows the same speakers."""

    def __init__(self, words: SpeakerWords, *, ties: Ties) -> None:
        self._words = words
        self._ties = ties
        self._heard: list[Speaker] = []
        self._by_key: dict[tuple[str, str], Speaker] = {}
        self.introduced: list[SourceLink] = []

    def find(self, link: SourceLink, *, known: bool) -> tuple[str, str]:
        """Return the key of the speaker and the reason, both "" for nobody.

        A voice of no `known` kind is somebody only by a whole name of a person, or an office and its place.
        """
        spoken = read_speaker(link, words=self._words)
        if spoken.nobody or not (known or len(spoken.person) > 1 or spoken.office[1]):
            return "", ""
        heard = self._by_key.get((spoken.key, spoken.side))
        if heard is not None:
            return heard.key, f"Heard before as “{spoken.key.removeprefix('name:')}”."
        self.introduced.append(link)
        for speaker in reversed(self._heard):
            reason = self._why_one(spoken, speaker)
            if reason:
                self._add(spoken, speaker)
                return speaker.key, reason
        taken = {speaker.key for speaker in self._heard}
        key = spoken.key if spoken.key not in taken else f"{spoken.key} ({spoken.side or 'no side'})"
        speaker = Speaker(key)
        self._heard.append(speaker)
        self._add(spoken, speaker)
        return speaker.key, "The innermost speaker by name."

    def _add(self, spoken: Spoken, speaker: Speaker) -> None:
        speaker.keys.add(spoken.key)
        if spoken not in speaker.told:
            speaker.told.append(spoken)
        self._by_key[spoken.key, spoken.side] = speaker

    def _why_one(self, spoken: Spoken, speaker: Speaker) -> str:
        if any(self._ties.are_two(spoken.key, key) for key in speaker.keys):
            return ""
        if any(self._ties.are_one(spoken.key, key) for key in speaker.keys):
            return "A person has said that the two voices are one."
        return why_one_speaker(spoken, speaker.told)


def why_one_speaker(spoken: Spoken, told: Sequence[Spoken]) -> str:
    """Return why a name means a speaker of whom other names have told, "" where it may mean another one."""
    if any(spoken.side and other.side and spoken.side != other.side for other in told):
        return ""
    persons = [other.person for other in told if other.person]
    if spoken.person and any(not _may_be_one(spoken.person, person) for person in persons):
        return ""
    for other in told:
        reason = _agree(spoken, other)
        if reason:
            return reason
    return ""


def _may_be_one(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two names of persons may be one: the same last name, and no other given name."""
    if one[-1] != other[-1]:
        return False
    return len(one) == 1 or len(other) == 1 or one[0][0] == other[0][0]


def _agree(spoken: Spoken, other: Spoken) -> str:
    if spoken.office[1] and spoken.office == other.office:
        return f"The same office: {spoken.office[0]}, {spoken.office[1]}."
    if len(spoken.person) > 1 and spoken.person == other.person:
        return f"The same name: {' '.join(spoken.person)}."
    same_office = spoken.office[0] and spoken.office[0] == other.office[0]
    if same_office and spoken.person and other.person and not (spoken.office[1] and other.office[1]):
        return f"The same office and last name: {spoken.office[0]} {spoken.person[-1]}."
    if not spoken.institution or not other.institution:
        return ""
    words = " ".join(sorted(spoken.institution & other.institution))
    if spoken.institution == other.institution:
        return f"The same institution: {words}."
    within = spoken.institution < other.institution or other.institution < spoken.institution
    return f"The same institution of one side: {words}." if within and spoken.side and other.side else ""
