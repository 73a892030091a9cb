"""Every row of an installation, in one neutral form: copied between databases, or kept in a file.

It knows tables and columns, nothing of what they mean.
"""
