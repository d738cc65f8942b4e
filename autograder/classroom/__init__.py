"""A class: its submissions are found, graded by an engine, stored, and written out as reports, pages and tables."""
