"""Text as readers see it: HTML out of spans, dates and numbers, languages."""
