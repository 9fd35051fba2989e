"""What a person sees of a run: one line that says how far it is, mistakes as sentences, and a last line that is true."""
