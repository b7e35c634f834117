"""Who speaks: quotations, reports, transcripts, the people of an article."""
