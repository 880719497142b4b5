"""What the wire has done and is doing, in numbers, for whoever watches it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Since the process began: `written` revisions acknowledged, `refused` ones by CouchDB's name
    of the error. Now: `pushing` requests that bring documents, `waiting` change feeds."""

    written: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    pushing: int = 0
    waiting: int = 0

    def lines(self) -> Iterator[str]:
        """Prometheus text exposition format 0.0.4."""
        yield "# TYPE sync_revisions_written_total counter"
        yield f"sync_revisions_written_total {self.written}"
        yield "# TYPE sync_revisions_refused_total counter"
        for error, count in sorted(self.refused.items()):
            yield f'sync_revisions_refused_total{{error="{error}"}} {count}'
        yield "# TYPE sync_requests gauge"
        yield f'sync_requests{{state="pushing"}} {self.pushing}'
        yield f'sync_requests{{state="waiting"}} {self.waiting}'
