"""The rules that are not asked, each with its reason. Nothing else hides a finding.

A rule stands here when it is wrong about this portal or says nothing of its members; a real fault
is mended in the portal.
"""

AXE: dict[str, str] = {}

IBM: dict[str, str] = {
    "input_autocomplete_valid": (
        "rejects autocomplete=username on type=email, which HTML allows (Nu and axe accept it) and "
        "password managers need; our own table says which token each field has"
    ),
    "aria_content_in_landmark": (
        "wants the skip link inside a landmark; it stands first in the page on purpose, before all "
        "of them (axe's region rule knows skip links and is asked)"
    ),
}

# Only where the message holds these words.
IBM_WHEN: dict[tuple[str, str], str] = {
    ("aria_form_label_unique", '"form" role'): (
        "takes a form without a name for a landmark; browsers expose none (ARIA in HTML), and "
        "naming each one-button form would litter the list of landmarks"
    ),
    ("aria_landmark_name_unique", '"form" landmarks'): "the same, told twice",
}

ACCESSLINT: dict[str, str] = {}

HTML_VALIDATE: dict[str, str] = {
    "require-sri": "our scripts and styles come from this same server, under its own policy",
    "prefer-native-element": (
        "a matter of style; of a section that scrolls and so takes the focus, AccessLint's "
        "focus-order asks the role in so many words"
    ),
    "long-title": "a limit for search engines; titles say « Erreur : », the step, the service",
    "no-trailing-whitespace": "white space at a line's end reaches nobody",
}

# On the page as the browser writes it out, some rules judge the browser's hand and not ours.
SERIALISED: dict[str, str] = {
    "attribute-boolean-style": 'a browser writes required="" for required',
    "attribute-empty-style": 'a browser writes download="" for download',
    "attr-quotes": "a browser chooses the quotes",
    "doctype-style": "a browser writes DOCTYPE in capitals",
    "void-style": "a browser writes void elements as it likes",
    "no-implicit-close": "nothing is implicit in what a browser writes out",
    "no-raw-characters": "a browser leaves signs such as > as they are",
}

# A mail is read inside its reader's mail program, which has the landmarks, the page's heading
# and the way past what repeats.
MAILS: dict[str, str] = {
    "page-has-heading-one": "the mail program shows the subject as the heading",
    "landmark-one-main": "the mail program's",
    "region": "the mail program's",
    "bypass": "the mail program's",
    "landmarks/landmark-main": "the mail program's",
    "landmarks/region": "the mail program's",
    "navigable/page-has-heading-one": "the mail program shows the subject as the heading",
    "navigable/bypass": "the mail program's",
    "skip_main_exists": "the mail program's",
    "html_skipnav_exists": "the mail program's",
    "p-as-heading": "the code stands large and bold by itself, it heads nothing",
    "page_title_exists": "the mail program shows the subject",
}

MAILS_MARKUP: dict[str, str] = {
    "no-style-tag": "mail programs load no file: a mail's style travels with it",
}
