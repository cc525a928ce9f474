"""The Numba opponent: the simulation contract as plain compiled loops."""
