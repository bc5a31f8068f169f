"""linkcheck: checks every link of a list, and collects what is behind it."""

__version__ = "0.1.0"
HOME_PAGE = "https://github.com/linkcheck-crawler/linkcheck"
