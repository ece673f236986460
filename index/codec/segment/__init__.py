"""One segment: from analysed articles to one file, and that file open for reading."""
