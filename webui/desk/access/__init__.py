"""Who may come to the desk, for how long, and what each has done there."""
