"""The verbs for who publishes: keys, withdrawn articles, the indexer."""
