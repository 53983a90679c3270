"""The illustrated guide: the procedure printed from its real screens. `make guide`."""
