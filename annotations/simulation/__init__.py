"""The annotation loop run on the bank, whose marks stand in for the annotator: does choosing beat chance?"""
