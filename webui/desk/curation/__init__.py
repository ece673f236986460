"""What an editor puts above, hides from or says about the results of a query."""
