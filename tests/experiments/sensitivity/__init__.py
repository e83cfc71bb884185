"""What a sweep is asked: known functions give known answers, and sentences follow from the numbers."""
