"""Links that lead to files of the repository, judged on disk."""
