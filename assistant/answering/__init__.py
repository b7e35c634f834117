"""What was found and read -> the answer: signs, the table that decides, the words."""
