"""Which links may fail, by whose word, and which of these ignores can go. Links are judged as if there were none."""
