"""Write `data/overlaps.json` anew: `python tests/check/overlaps.py`."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    from test_rules import overlaps

    table = json.dumps(overlaps(), indent=1, sort_keys=True)
    (HERE / "data" / "overlaps.json").write_text(table + "\n", encoding="utf-8")
