"""The sections of the report, each made of files that a run leaves, and each with a sentence where these are not there."""
