"""From a build in a directory to one that a cluster serves."""
