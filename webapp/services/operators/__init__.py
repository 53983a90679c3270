"""The operators of the desk: who they are, how they enrol and sign in, their sessions."""
