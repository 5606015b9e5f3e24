"""The benchmark of control: which pairs it asks about, whom an answer means, its scores, its baselines, and a run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import _control_ask as ask
import _control_baselines as baselines
import _control_causes as causes
import _control_score as scores
import _control_sides as sides
import _control_truth as truth
import control
from _control_sides import Answer, Sides
from _control_truth import Article, Change, Pair
from heldby.knowledge import read_knowledge
from heldby.records import Claim
from heldby.resolve.actors import ActorBook
from heldby.resolve.side_words import SideWords
from record_maker import Make

GOVERNMENT, IS, REBELS = "Syrian government", "Islamic State", "Syrian opposition"
TRUTH = """place,country,holder,from,to,note,basis
Palmyra,SY,Syrian government,,2016-12-11,aka Tadmur; end 2016-12-10..2016-12-11,public
Palmyra,SY,Islamic State,2016-12-11,2017-03-02,,public
Palmyra,SY,Syrian government,2017-03-02,,,public
Idlib,SY,Syrian opposition (coalition),2015-03-28,,start is a latest date,public
Nowhereville,SY,Contested,2015-01-01,2017-01-01,,public
"""
REPORTS = (
    ("2016-12-05", "Government troops hold the city of Palmyra, the Syrian army said."),
    ("2016-12-12", "Islamic State fighters captured the city of Palmyra on Sunday, the Badia Monitor said."),
    ("2016-12-12", "Islamic State has seized Palmyra, a rights group said. Aid reached Nowhereville."),
    ("2017-01-20", "Islamic State still controls Palmyra. Residents of rebel-held Idlib said they saw jets."),
    ("2017-03-03", "Syrian government forces recaptured Palmyra from Islamic State on Thursday, the army said."),
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small articles file and a small truth file."""
    folder = tmp_path_factory.mktemp("control")
    articles, table = folder / "articles.jsonl", folder / "truth.csv"
    lines = [
        {"id": str(n), "outlet": "Orontes Wire", "published": day, "title": "Syria war", "text": text}
        for n, (day, text) in enumerate(REPORTS)
    ]
    articles.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    table.write_text(TRUTH, "utf-8")
    return articles, table


@pytest.fixture(scope="module")
def holders() -> Sides:
    """The holders of a truth file about two countries."""
    book = ActorBook.of(read_knowledge("actors"), words=SideWords.of(read_knowledge("side_words")))
    here = {GOVERNMENT, IS, REBELS, "Turkish-backed opposition", "YPG", "Syrian Democratic Forces", "contested"}
    return Sides(book, holders={"SY": here, "IQ": {"Iraqi government", "government", "Kurdistan Region"}})


def on(day: str) -> date:
    """Return a day."""
    return date.fromisoformat(day)


def article(text: str, *, day: str = "2016-12-12", title: str = "") -> Article:
    """Return a report of a day."""
    return Article("1", "Orontes Wire", on(day), title, text)


# -- pairs ---------------------------------------------------------------------------------------------------------


def test_a_row_holds_up_to_the_day_before_the_next(files: tuple[Path, Path]) -> None:
    """On the day of a change the place is the new holder's, and a day without a row is nobody's."""
    palmyra, idlib, nowhere = truth.read_truth(files[1])
    assert [palmyra.holder(on(day)) for day in ("1990-01-01", "2016-12-10", "2016-12-11", "2017-03-02")] == [
        GOVERNMENT,
        GOVERNMENT,
        IS,
        GOVERNMENT,
    ]
    assert idlib.holder(on("2015-03-27")) == "" and idlib.holder(on("2030-01-01")) == REBELS
    assert nowhere.holder(on("2016-01-01")) == "contested"
    assert palmyra.other_names == ("Tadmur",)


def test_only_rows_that_meet_are_changes_of_hands(files: tuple[Path, Path]) -> None:
    """A first row, and a gap between rows, is no change of hands."""
    changes = [change for place in truth.read_truth(files[1]) for change in place.changes()]
    assert changes == [
        Change("Palmyra", on("2016-12-11"), GOVERNMENT, IS),
        Change("Palmyra", on("2017-03-02"), IS, GOVERNMENT),
    ]


@pytest.mark.parametrize(
    ("text", "spoken_of"),
    [
        ("Jets struck Maarat al-Nu‘man.", True),
        ("JETS STRIKE MAARAT AL NUMAN", True),
        ("Jets struck Maarat an-Numans market.", False),
        ("The town of Maarat.", False),
        ("Zwischen Maarat und al-Numan", False),
    ],
)
def test_a_place_is_spoken_of_by_its_whole_name(text: str, spoken_of: bool) -> None:
    """Accents, apostrophes, hyphens and the Arabic article make no difference; a part of the name is not it."""
    found = truth.find_mentions([article(text)], {"Maarrat": ["Maarat al-Numan"]})
    assert bool(found["Maarrat"]) is spoken_of


def test_an_ordinary_word_is_no_name() -> None:
    """Hit is a town in Iraq, but where the articles write it small more often it is the verb."""
    texts = [article("Hit by jets, the mosque was hit again; two were hit."), article("Anah fell.")]
    found = truth.find_mentions(texts, {"Hit": ["Hit"], "Ana": ["Anah"]})
    assert not found["Hit"] and found["Ana"] == [texts[1]]


def test_a_pair_is_a_place_and_day_with_a_known_holder(files: tuple[Path, Path]) -> None:
    """Two articles of a day make one pair; a day that the truth does not cover makes none."""
    places = truth.read_truth(files[1])
    reports = [*truth.read_articles(files[0]), article("Idlib is calm.", day="2014-01-01")]
    mentions = truth.find_mentions(reports, {place.name: [place.name, *place.other_names] for place in places})
    pairs = truth.make_pairs(places, mentions)
    assert [(pair.place, str(pair.day), pair.holder) for pair in pairs] == [
        ("Idlib", "2017-01-20", REBELS),
        ("Nowhereville", "2016-12-12", "contested"),
        ("Palmyra", "2016-12-05", GOVERNMENT),
        ("Palmyra", "2016-12-12", IS),
        ("Palmyra", "2017-01-20", IS),
        ("Palmyra", "2017-03-03", GOVERNMENT),
    ]


# -- whom an answer means ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "day", "holder"),
    [
        ("syrian-government", "2016-01-01", GOVERNMENT),
        ("free-syrian-army", "2016-01-01", REBELS),
        ("southern-front", "2016-01-01", REBELS),
        ("hayat-tahrir-al-sham", "2018-01-01", REBELS),
        ("hezbollah", "2016-01-01", GOVERNMENT),
        ("russia", "2016-01-01", GOVERNMENT),
        ("ypg", "2014-01-01", "YPG"),
        ("turkey", "2016-09-01", "other"),
        ("hamas", "2016-01-01", "other"),
        ("contested", "2016-01-01", "contested"),
        ("unknown", "2016-01-01", "unknown"),
        ("name:somebody", "2016-01-01", "other"),
    ],
)
def test_a_side_means_the_holder_that_it_is_tied_to(holders: Sides, state: str, day: str, holder: str) -> None:
    """A part stands for its whole, an ally of one side only for that side, and who is tied to none for nobody."""
    assert holders.holder(state, country="SY", day=on(day)) == holder


def test_a_side_tied_to_two_holders_is_the_true_one(holders: Sides) -> None:
    """Since October 2015 the YPG is part of the SDF, and either name is right for the other; before, it is not."""
    assert holders.holder("ypg", country="SY", day=on("2017-11-01"), truth="Syrian Democratic Forces") != "YPG"
    assert holders.holder("ypg", country="SY", day=on("2015-01-01"), truth="Syrian Democratic Forces") == "YPG"


def test_a_holder_may_be_called_by_a_common_word(holders: Sides) -> None:
    """ "government" is the state of the country."""
    assert holders.meant("IQ")["government"] == "iraqi-government"
    assert holders.meant("IQ")["Kurdistan Region"] == "peshmerga"


def test_probabilities_of_tied_sides_add_up(holders: Sides) -> None:
    """What a model gives to the rebels and to a part of them is given to one holder."""
    distribution = [("syrian-rebels", 0.5), ("free-syrian-army", 0.2), ("unknown", 0.3)]
    shares = holders.shares(distribution, country="SY", day=on("2016-01-01"))
    assert shares == pytest.approx({REBELS: 0.7, "unknown": 0.3})


# -- scores --------------------------------------------------------------------------------------------------------


def judged(true: str, said: str, *, place: str = "Palmyra", **shares: float) -> scores.Judged:
    """Return an answer to a pair; `shares` by the holder's first letter."""
    names = {"g": GOVERNMENT, "i": IS, "r": REBELS, "u": "unknown", "o": "other"}
    given = {names[letter]: share for letter, share in shares.items()} or {said: 1.0}
    return scores.Judged(Pair(place, on("2016-01-01"), true), Answer(said, given))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (judged(IS, IS), 0.0),
        (judged(IS, GOVERNMENT), 2.0),
        (judged(IS, "unknown"), 2.0),
        (judged(IS, IS, i=0.5, g=0.5), 0.5),
        (judged(IS, IS, i=0.6, u=0.2, o=0.2), 0.32),
    ],
)
def test_the_brier_score_goes_from_nought_to_two(one: scores.Judged, expected: float) -> None:
    """Sure and right costs nothing, sure and wrong two; unknown and foreign sides count as one more holder."""
    assert scores.brier(one) == pytest.approx(expected)


def test_scores_of_a_few_answers_are_as_worked_by_hand() -> None:
    """No answer is wrong; macro F1 is the mean over the holders of the truth; a place weighs as much as another."""
    answers = [
        judged(IS, IS, i=0.8, g=0.2),
        judged(IS, GOVERNMENT),
        judged(GOVERNMENT, GOVERNMENT),
        judged(REBELS, "unknown", place="Idlib"),
    ]
    found = scores.score(answers, days_off=[3, None, 0])
    assert (found["n"], found["right"], found["abstained"]) == (4, 0.5, 0.25)
    assert found["right_of_answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["right_over_places"] == pytest.approx((2 / 3 + 0) / 2, abs=1e-4)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3, abs=1e-4)
    assert found["brier"] == pytest.approx((0.08 + 2 + 0 + 2) / 4)
    assert (found["days_off"], found["changes"], found["changes_found"]) == (1.5, 3, 2)
    assert list(found["right_by_place"]) == ["Palmyra", "Idlib"]


def test_scores_of_nothing_are_nothing() -> None:
    """Files without a single pair give no figures and no error."""
    found = scores.score([], days_off=[])
    assert found["n"] == 0 and found["right"] is None and found["brier"] is None


def test_a_change_is_found_at_the_nearest_start_of_its_holder() -> None:
    """The distance is that to the first day of the new holder; a holder that is there throughout is no change."""
    change = Change("Palmyra", on("2016-12-11"), GOVERNMENT, IS)
    days = ask.days_around(change.day)
    for late in (-7, 0, 5):
        start = change.day + timedelta(days=late)
        assert ask.nearest_start([IS if day >= start else GOVERNMENT for day in days], change) == abs(late)
    assert ask.nearest_start([IS for _ in days], change) is None


# -- baselines -----------------------------------------------------------------------------------------------------


def answer(
    holders: Sides, claims: Sequence[Claim], *, name: str, day: str, true: str = IS, as_known: bool = False
) -> Answer:
    """Return a baseline's answer about Palmyra."""
    known = ask.Known("Palmyra", "SY", Make.place, tuple(claims))
    baseline = baselines.Baseline(baselines.BASELINES[name], known=[known], sides=holders)
    (found,) = baseline.answers([Pair("Palmyra", on(day), true)], as_known=as_known)
    return found


@pytest.fixture
def claims(make: Make) -> list[Claim]:
    """Two say in December that the government holds it, one on the 11th that Islamic State takes it, told late."""
    return [
        make.claim("holds", "Syrian government", when="2016-12-01", known="2016-12-01", document="a"),
        make.claim("holds", "Syrian government", when="2016-12-03", known="2016-12-03", document="b"),
        make.claim(
            "takes", "Islamic State", "Syrian government", when="2016-12-11", known="2016-12-20", document="c"
        ),
        make.claim("strikes", "Russia", when="2016-12-12", known="2016-12-12", document="d"),
        make.claim("takes", "Syrian government", when="2016-12-13", known="2016-12-13", modality="denied"),
    ]


def test_the_last_report_wins_by_the_day_of_the_event(holders: Sides, claims: list[Claim]) -> None:
    """A report that comes late counts for its event's day in hindsight, and not at all before it came."""
    last = "baseline last report"
    assert answer(holders, claims, name=last, day="2016-12-10").holder == GOVERNMENT
    assert answer(holders, claims, name=last, day="2016-12-15").holder == IS
    assert answer(holders, claims, name=last, day="2016-12-15", as_known=True).holder == GOVERNMENT
    assert answer(holders, claims, name=last, day="2016-11-15").holder == "unknown"


def test_the_majority_votes_within_its_window(holders: Sides, claims: list[Claim]) -> None:
    """Shares of votes are its probabilities; long after, the last votes still stand."""
    found = answer(holders, claims, name="baseline majority", day="2016-12-15")
    assert found.holder == GOVERNMENT and found.shares[GOVERNMENT] == pytest.approx(2 / 3)
    assert answer(holders, claims, name="baseline majority", day="2018-01-01").holder == GOVERNMENT


def test_fighting_and_parts_are_votes_for_contested(holders: Sides, make: Make) -> None:
    """A baseline may say contested, unless it is one that knows sides only."""
    fight = [
        make.claim("contests", "Islamic State", "Syrian government", when="2016-12-11"),
        make.claim("holds", "Islamic State", when="2016-12-11", part="the castle", document="b"),
        make.claim("withdraws", "Islamic State", "Syrian government", when="2016-12-10", document="c"),
    ]
    assert answer(holders, fight, name="baseline majority", day="2016-12-12").holder == "contested"
    assert answer(holders, fight, name="majority, sides only", day="2016-12-12").holder == GOVERNMENT


def test_dawid_and_skene_learn_whom_to_believe(holders: Sides, make: Make) -> None:
    """Of a voice that is mostly alone and one that others bear out, the second is believed."""
    pytest.importorskip("crowdkit")
    voices = {name: make.link(name, kind="rights_monitor", source_id=name) for name in ("a", "b", "liar")}
    told: list[Claim] = []
    pairs = []
    for n in range(12):
        day = date(2013, 1, 1) + timedelta(days=90 * n)
        true, false = (("Islamic State", "Syrian government"), ("Syrian government", "Islamic State"))[n % 2]
        pairs.append(Pair("Palmyra", day, {"Islamic State": IS}.get(true, GOVERNMENT)))
        said = {"a": true, "b": true, "liar": false} if n < 11 else {"a": true, "liar": false}
        told += [
            make.claim("holds", side, when=str(day), known=str(day), chain=[voices[name]], document=f"{n}{name}")
            for name, side in said.items()
        ]
    known = ask.Known("Palmyra", "SY", Make.place, tuple(told))
    method = baselines.BASELINES["baseline dawid-skene"]
    found = baselines.Baseline(method, known=[known], sides=holders).answers(pairs, as_known=False)
    assert [one.holder for one in found] == [pair.holder for pair in pairs]


def test_a_cause_is_told_for_what_is_not_right(make: Make) -> None:
    """Silence, fighting that was not heard, and a claim for another side are told apart."""
    none = ask.Known("Palmyra", "SY", Make.place, ())
    fight = replace(none, claims=(make.claim("contests", "Islamic State", when="2016-01-02"),))
    assert causes.find_cause(judged(IS, "unknown"), none) == "no answer: no claim about the place"
    assert "contested" in causes.find_cause(judged(sides.CONTESTED, IS), fight)
    assert causes.report_causes([judged(sides.CONTESTED, IS)], known=[fight], examples=2).count("said") == 1


# -- a run ---------------------------------------------------------------------------------------------------------


def test_a_run_reads_once_and_compares_all_systems(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """heldby follows the reports of a town that changes hands twice, and a second run reads nothing anew."""
    out, picture = tmp_path / "figures.json", tmp_path / "picture.svg"
    command = ["--articles", str(files[0]), "--truth", str(files[1]), "--processes", "1", "--json", str(out)]
    command += ["--archive", str(tmp_path / "kept.heldby"), "--picture", str(picture), "--causes"]
    assert control.main(command) == 0
    first = capsys.readouterr()
    figures = json.loads(out.read_text("utf-8"))
    assert {"heldby", "baseline last report", "baseline majority", "without lineage", "as known then"} <= set(figures)
    assert {one["n"] for name, one in figures.items() if name != "as known then"} == {6}
    heldby = figures["heldby"]
    assert heldby["right_by_place"]["Palmyra"] == 1.0
    assert heldby["right_by_place"]["Nowhereville"] == 0.0 and heldby["abstained"] > 0
    assert heldby["changes_found"] == 2 and heldby["days_off"] <= 1
    assert figures["as known then"]["heldby"]["n"] == 6 and figures["as known then"]["heldby"]["days_off"] is None
    assert "5 articles read anew" in first.err and "no answer" in first.out
    assert picture.read_text("utf-8").startswith("<svg")
    assert control.main([*command[:-1], "--again"]) == 0
    assert json.loads(out.read_text("utf-8")) == figures
    assert "read anew" not in capsys.readouterr().err


@pytest.mark.parametrize("table", ["place,holder\nPalmyra,IS\n", "place,country,holder,from,to\nA,SY,IS,June,\n"])
def test_a_table_of_another_form_is_refused(
    files: tuple[Path, Path], tmp_path: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing column or a day that is none is told, before anything is read."""
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(table, "utf-8")
    assert control.main(["--articles", str(files[0]), "--truth", str(wrong)]) == 2
    assert "form" in capsys.readouterr().err
    assert control.main(["--articles", str(tmp_path / "none"), "--truth", str(wrong)]) == 2
