"""E-mails: written with the deed that they tell, claimed by a sender, sent once."""
