"""What the rules of the RSSSM method ask: its scope, rounds, data set and reports."""
