"""Thin entry points; each is also a verb of the ``timbao`` command."""
