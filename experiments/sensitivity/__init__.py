"""Ask a sweep what moves its outcomes, and where: pure functions on arrays, sentences, figures and a report."""
