"""How an index lies on the disk: builds side by side, manifests, files that are always whole."""
