"""What linkcheck asks git. Git itself is run; a repository and everything that git prints of it are untrusted."""
