"""Label Studio: its server, and the bank's sentences on their way into it and back.

Its REST interface is called with httpx. label-studio-sdk 2.1.2 would be the obvious choice, but it wants
opencv-python-headless < 4.13 and with it numpy < 2.3, which cannot stand beside the numpy of the extraction.
"""
