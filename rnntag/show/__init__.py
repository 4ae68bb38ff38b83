"""All that a person looks at: scores, tagged sentences, progress, models, and the page of an evaluation."""
