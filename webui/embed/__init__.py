"""What other sites put into their pages: an element and a frame."""
