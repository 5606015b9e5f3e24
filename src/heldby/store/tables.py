"""The one schema of an archive.

Times are ISO 8601 text in UTC with microseconds, days are ISO text, records are JSON by `records.codec`: the same
on every database, sorted as text as they are in time. `superseded_by` is "" for a row that takes part in answers.
A change here needs a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

METADATA = MetaData()

ORIGINALS = Table(
    "originals",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

CAPTURES = Table(
    "captures",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("sha256", String(64), ForeignKey("originals.sha256"), nullable=False, index=True),
    Column("origin", Text, nullable=False, index=True),
    Column("pointer", Text, nullable=False),
    Column("fetched_at", String(32), nullable=False),
    Column("superseded_by", String(64), nullable=False),
    # The version of the rules with which it was last taken to the end, "" where it waits: what `progress` says, in
    # one indexed column, so that a run finds what waits without going through all that is done.
    Column("read_with", String(128), nullable=False, server_default=""),
    Column("payload", Text, nullable=False),
    Index("ix_captures_waiting", "superseded_by", "read_with", "fetched_at", "id"),
)

PROGRESS = Table(
    "progress",
    METADATA,
    Column("capture_id", String(64), ForeignKey("captures.id"), primary_key=True),
    Column("stage", String(32), primary_key=True),
    Column("version", String(128), primary_key=True),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("capture_id", String(64), ForeignKey("captures.id"), nullable=False, index=True),
    Column("outlet", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("published_earliest", String(10)),
    Column("published_latest", String(10)),
    Column("known_at", String(32), nullable=False, index=True),
    Column("version", String(128), nullable=False),
    Column("superseded_by", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("mentions", Text, nullable=False),
)

PLACES = Table(
    "places",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("country", String(2), nullable=False, index=True),
    Column("payload", Text, nullable=False),
)

PLACE_NAMES = Table(
    "place_names",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("place_id", String(64), ForeignKey("places.id"), primary_key=True),
)

CLAIMS = Table(
    "claims",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("document_id", String(64), ForeignKey("documents.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("place_id", String(64), nullable=False),
    Column("relation", String(16), nullable=False),
    Column("modality", String(16), nullable=False),
    Column("known_at", String(32), nullable=False, index=True),
    Column("when_earliest", String(10)),
    Column("when_latest", String(10)),
    Column("superseded_by", String(64), nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("payload", Text, nullable=False),
    # A place's claims are read in this order, and counted from the index alone.
    Index("ix_claims_place_known", "place_id", "known_at", "superseded_by", "rejected"),
)

CLAIM_SOURCES = Table(
    "claim_sources",
    METADATA,
    Column("claim_id", String(64), ForeignKey("claims.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("source_id", String(128), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("side", String(128), nullable=False),
)

QUANTITIES = Table(
    "quantities",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("document_id", String(64), ForeignKey("documents.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("superseded_by", String(64), nullable=False),
    Column("payload", Text, nullable=False),
)

# What is derived for a place from its claims is replaced together. `version` is that of the rules and weights that it
# was derived with, "" where the claims have changed since; `derived_with` stays that of what is stored, "" where
# nothing is; `reread` where other rules of reading have changed the claims since. `found_to` is when the newest claim
# became known of those from which lineage and episodes were found, "" where anything of what was known by then has
# changed since: what became known later adds to them and changes none of what was found.
DERIVATIONS = Table(
    "derivations",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("version", String(128), nullable=False, index=True),
    Column("derived_with", String(128), nullable=False, server_default=""),
    Column("reread", Boolean, nullable=False, server_default=false()),
    Column("found_to", String(32), nullable=False, server_default=""),
)

# The claims about a place that became known up to `found_to`, each with how its document stands, as many in a row as
# `store.gathered` says: in `claims` and `origins` they lie far apart, and each would have to be fetched by itself.
GATHERED = Table(
    "gathered",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

# What must be known of the claims about a place that became known up to `found_to`, so that later ones can be related
# to them without opening them all.
REMEMBERED = Table(
    "remembered",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

# The claims about a place that are evidence, as they were weighed: those that come later are weighed alone.
WEIGHED = Table(
    "weighed",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

# The spells that another version of the rules or weights has replaced, kept so that `changes` can say so.
REVISIONS = Table(
    "revisions",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("replaced_at", String(32), primary_key=True, index=True),
    Column("version", String(128), nullable=False),
    Column("replaced_by", String(128), nullable=False),
    Column("payload", Text, nullable=False),
)

# What was known of each voice at the beginning of an epoch ("2016-12"), by the stance that it took.
TRACK_RECORDS = Table(
    "track_records",
    METADATA,
    Column("epoch", String(7), primary_key=True),
    Column("voice", Text, primary_key=True),
    Column("stance", Text, primary_key=True),
    Column("payload", Text, nullable=False),
)

# What voices said of who held a place, by the month in which it became known: what track records are learned from.
VOTES = Table(
    "votes",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("month", String(7), primary_key=True, index=True),
    Column("payload", Text, nullable=False),
)

# How each document stands: its original (itself where it is no copy, "" where it has not been settled) and whose
# voice it is. `version` is that of the rules of lineage that it was settled with, "" where it waits to be settled.
ORIGINS = Table(
    "origins",
    METADATA,
    Column("document_id", String(64), ForeignKey("documents.id"), primary_key=True),
    Column("known_at", String(32), nullable=False),
    Column("version", String(128), nullable=False),
    Column("original_id", String(64), nullable=False, index=True),
    Column("voice", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # The keys of its text: that of its words and its bands (relate.shingles), for texts that are near in time.
    Column("sketch", LargeBinary),
    Index("ix_origins_waiting", "version", "known_at", "document_id"),
    Index("ix_origins_known", "known_at"),
)

# The keys under which texts that are alike meet, however far apart in time; `original` as in `origins`, so that a
# thousand copies cost nothing.
BANDS = Table(
    "bands",
    METADATA,
    Column("key", BigInteger, primary_key=True),
    Column("original", Boolean, primary_key=True),
    Column("document_id", String(64), ForeignKey("documents.id"), primary_key=True),
    # Keys are spread at random: a table and an index beside it would be twice the pages to write.
    sqlite_with_rowid=False,
)

# `place_id` is "" for the lineage of documents, which holds for every place.
LINEAGE = Table(
    "lineage",
    METADATA,
    Column("place_id", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("earlier_id", String(64), nullable=False, index=True),
    Column("later_id", String(64), nullable=False, index=True),
    Column("payload", Text, nullable=False),
)

EPISODES = Table(
    "episodes",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("place_id", String(64), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("payload", Text, nullable=False),
)

SPELLS = Table(
    "spells",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("place_id", String(64), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("holder", String(128), nullable=False),
    Column("payload", Text, nullable=False),
)

JUDGEMENTS = Table(
    "judgements",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("record_id", String(64), nullable=False, index=True),
    Column("decision", String(16), nullable=False),
    # The record that a merge or split ties the first one to, "" for other decisions.
    Column("other_id", Text, nullable=False, server_default="", index=True),
    Column("made_at", String(32), nullable=False),
    Column("superseded_by", String(64), nullable=False),
    Column("payload", Text, nullable=False),
)

FAILURES = Table(
    "failures",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("stage", String(32), nullable=False),
    Column("where", Text, nullable=False, index=True),
    Column("failed_at", String(32), nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("payload", Text, nullable=False),
)
