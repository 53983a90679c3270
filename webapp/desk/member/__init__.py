"""One member: why their page is opened, what the caller is asked, and all that there is to tell."""
