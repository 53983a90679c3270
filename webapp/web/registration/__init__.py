"""Registration: the letter, the terms, the mail, its link or its code."""
