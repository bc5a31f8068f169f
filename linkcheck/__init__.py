"""linkcheck: says of every link in a list what it is and whether it still lives."""

__version__ = "0.1.0"
HOME_PAGE = "https://github.com/linkcheck-crawler/linkcheck"
