"""The settings of a run: one frozen object, read once from file and environment, then passed in."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from heldby.errors import SettingsError

PREFIX = "HELDBY_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run may be told.

    `archive`: a file path or an SQLAlchemy URL; `spacy_pipeline`: another spaCy pipeline's name or path in
    place of the shipped reading model; `threads`: of the reading model; `processes`: of the engine;
    `max_item_bytes`: larger items are refused with a failure record; `timeout_seconds`: of one http request;
    `allow_private_addresses`: fetch from loopback and private networks too; `gazetteer_cache`: folder for files that
    can be made again; `gazetteer`: folder of the files of places that were added.
    """

    archive: str = ""
    spacy_pipeline: str = ""
    threads: int = 2
    processes: int = 1
    max_item_bytes: int = 20_000_000
    timeout_seconds: float = 30.0
    allow_private_addresses: bool = False
    gazetteer_cache: str = ""
    gazetteer: str = ""

    def archive_location(self) -> str:
        """Return the archive's path or URL: the one set, or the user's data folder."""
        return self.archive or str(Path(platformdirs.user_data_dir("heldby", appauthor=False)) / "archive.heldby")

    def cache_folder(self) -> Path:
        """Return the folder for files that can be made again at any time."""
        return Path(self.gazetteer_cache or platformdirs.user_cache_dir("heldby", appauthor=False))

    def gazetteer_folder(self) -> Path:
        """Return the folder of the files of places that were added: the one set, or one in the user's data folder."""
        return Path(self.gazetteer or Path(platformdirs.user_data_dir("heldby", appauthor=False)) / "gazetteer")


def load_settings(
    file: Path | None = None, *, environ: Mapping[str, str] | None = None, **overrides: Any
) -> Settings:
    """Read settings: defaults, then the TOML file, then `HELDBY_*` variables, then the overrides given.

    Raises SettingsError for an unknown name or a value of the wrong type. None among the overrides is ignored.
    """
    environ = os.environ if environ is None else environ
    path = file or Path(platformdirs.user_config_dir("heldby", appauthor=False)) / "heldby.toml"
    settings = Settings()
    if path.is_file():
        settings = _apply(settings, tomllib.loads(path.read_text("utf-8")), where=str(path))
    elif file is not None:
        raise SettingsError("This settings file does not exist.", where=str(file), remedy="Check the path.")
    from_environ = {k[len(PREFIX) :].lower(): v for k, v in environ.items() if k.startswith(PREFIX)}
    settings = _apply(settings, from_environ, where="environment")
    return replace(settings, **{k: v for k, v in overrides.items() if v is not None})


def _apply(settings: Settings, values: Mapping[str, Any], *, where: str) -> Settings:
    known = {f.name: type(getattr(settings, f.name)) for f in fields(settings)}
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(
                f"There is no setting {name!r}.",
                where=where,
                remedy=f"Valid names: {', '.join(sorted(known))}.",
            )
        changes[name] = _convert(value, known[name], name=name, where=where)
    return replace(settings, **changes)


def _convert(value: Any, kind: type, *, name: str, where: str) -> Any:
    try:
        if kind is bool and isinstance(value, str):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[value.lower()]
        return kind(value)
    except (ValueError, TypeError, KeyError) as error:
        raise SettingsError(
            f"The setting {name!r} cannot be {value!r}.", where=where, remedy=f"Give a {kind.__name__}."
        ) from error
