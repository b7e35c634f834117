"""Plants faults in the code and tells which of them the unit tests catch.

mutmut leaves alone what stands outside functions, where much of this code is (patterns, limits, fitted shares); cosmic-ray
starts a new Python for each fault and takes no sample. So the faults are our own; the tests are pytest's.
"""
