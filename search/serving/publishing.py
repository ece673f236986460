"""What a site may write: the journal of the index, for who knows the index only through searches.

The journal and its indexer are the write side's (:mod:`index.build.publishing`). Servers take
changes too, so what they need of it is handed on here, and imported by nothing that only searches.
"""

from index.build.publishing.receiving import Fate, Publisher, Receipt, Remark, Repeat
from index.errors import JournalConflict, JournalDamaged, JournalError, JournalFull, JournalOverrun
from index.storage.journal import JOURNAL_NAME, Journal, Task, TaskStatus

__all__ = [
    "JOURNAL_NAME",
    "Fate",
    "Journal",
    "JournalConflict",
    "JournalDamaged",
    "JournalError",
    "JournalFull",
    "JournalOverrun",
    "Publisher",
    "Receipt",
    "Remark",
    "Repeat",
    "Task",
    "TaskStatus",
]
