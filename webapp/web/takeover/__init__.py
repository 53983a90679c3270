"""A newer letter takes an account over: the former address may stop it."""
