"""The Whoosh index behind the engine."""
