"""What is asked: follow-ups, kind of question, kind of answer."""
