"""The desk: the operators' own application, over the services and tables of the portal.

It shares with the portal what knows no member's session (`webapp.web`: forms, locks, transactions,
headers, errors); none of its routes is in the portal, and none of the portal's is here.
"""
