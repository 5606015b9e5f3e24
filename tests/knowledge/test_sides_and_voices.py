"""The shipped tables of sides and voices keep what they promise."""

from __future__ import annotations

from heldby.knowledge import read_knowledge
from heldby.resolve.actors import ActorBook
from heldby.resolve.side_words import SideWords
from heldby.resolve.source_book import SourceBook, SourceWords


def book() -> ActorBook:
    """The book of sides as shipped."""
    return ActorBook.of(read_knowledge("actors"), words=SideWords.of(read_knowledge("side_words")))


def test_the_tables_load_and_are_large_enough() -> None:
    """Both books build without a contradiction and cover the conflicts promised."""
    actors = book()
    sources = SourceBook.of(read_knowledge("sources"), actor_ids=actors.actors)
    countries = {code for actor in actors.actors.values() for code in actor.countries}
    promised = {
        "SY",
        "IQ",
        "UA",
        "AF",
        "YE",
        "LY",
        "SD",
        "ET",
        "SO",
        "ML",
        "BF",
        "NE",
        "NG",
        "MM",
        "CD",
        "AZ",
        "PS",
        "LB",
    }
    assert len(actors.actors) >= 150
    assert len(sources.sources) >= 180
    assert promised <= countries


def test_every_class_and_default_exists() -> None:
    """The classes of the actors and the defaults of the nouns point to something."""
    actors = book()
    words = actors.words
    used = {name for actor_id in actors.actors for name in actors.classes(actor_id)}
    assert used <= set(words.classes)
    assert {one for kind in words.classes.values() for one in kind.default.values()} <= set(actors.actors)


def test_no_side_is_its_own_enemy_or_both_friend_and_enemy_forever() -> None:
    """An open alliance and an open enmity between the same two sides contradict each other."""
    for actor in book().actors.values():
        foes = {link.actor_id for link in actor.enemies if not link.since and not link.until}
        friends = {link.actor_id for link in actor.allies if not link.since and not link.until}
        assert actor.id not in foes | friends
        assert not foes & friends, actor.id


def test_state_media_have_an_owner_or_no_side() -> None:
    """A medium that the table calls a state's own says whose it is."""
    sources = SourceBook.of(read_knowledge("sources"), actor_ids=book().actors)
    for source in sources.sources.values():
        if source.kind == "state_media" and source.side:
            assert sources.owner(source.id) in {"", source.side}, source.id


def test_the_words_for_voices_load() -> None:
    """Every kind that bare nouns may take up is a kind that nouns can tell."""
    words = SourceWords.of(read_knowledge("source_words"))
    assert {kind for kinds in words.takes_up.values() for kind in kinds} <= set(words.ranks)
