"""The whole store as CSV files, and back: another copy takes it without losing anything.

A folder holds one file for each table and `manifest.json`. What is derived (passages, search
words) is left out and made anew. Keys, history and audit come back as they were.
"""

from salestui.interchange.archive.exporting import export_store
from salestui.interchange.archive.layout import MANIFEST, Archive, archive_folder
from salestui.interchange.archive.restoring import import_archive

__all__ = ["MANIFEST", "Archive", "archive_folder", "export_store", "import_archive"]
