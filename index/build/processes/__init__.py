"""The processes that share the work of a build, and their memory."""
