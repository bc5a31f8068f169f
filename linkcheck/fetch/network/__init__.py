"""Watching our own network: is a failure the fault of the host, or ours?"""
