"""Which build of an index answers, of a directory or of a cluster, and what is written to it."""

from search.serving.builds import Builds, NodeCounts, Serving
from search.serving.cluster import ClusterBuilds
from search.serving.directory import ServedBuilds

__all__ = ["Builds", "ClusterBuilds", "NodeCounts", "ServedBuilds", "Serving"]
