"""Evidence to verdicts. Pure: no bodies, no HTML, no files, no clock."""
