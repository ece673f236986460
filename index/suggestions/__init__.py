"""What an index suggests while a reader types: phrases and headlines, gathered when it is built."""
