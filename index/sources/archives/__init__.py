"""Files inside ZIP, tar and WARC archives."""
