"""What stands behind ./dms: from a bare machine to a running, tested suite.

Standard library only; ``cli`` is the way in, every other module does one job.
"""
