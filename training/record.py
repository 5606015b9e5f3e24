"""Joins a run's plans, its course and the final figures into one file, metrics.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def main() -> None:
    """Reads metrics.json and figures.json of a run and writes both as one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    run = json.loads((arguments.run / "metrics.json").read_text(encoding="utf-8"))
    figures = json.loads((arguments.run / "figures.json").read_text(encoding="utf-8"))
    joined = {"plan": run["plan"], "development": run["history"], "test": figures}
    claims = arguments.run / "claims-all.json"
    if claims.exists():
        joined["claims"] = json.loads(claims.read_text(encoding="utf-8"))
    arguments.out.write_text(json.dumps(joined, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
