#!/usr/bin/env bash
# Jinja's file cache of compiled templates keeps what a filter answered in another process.
#
# Version:   Jinja2 3.1.6.
# Guess:     the cache holds compiled code, in which a filter is a call: a process whose filter of
#            the same name says something else prints what its own filter says.
# Behaviour: a filter on a constant is computed while compiling, and its answer is stored as text. An
#            environment with another filter, or another extension that changes sources, prints the
#            former one's words; a filter on a variable is called as expected. Nothing of the
#            environment but the template's name and source tells one entry from another.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check jinja2==3.1.6 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
mkdir "$folder/templates" "$folder/cache"
printf '%s' '{{ "Bonjour"|signed }} {{ word|signed }} loud' > "$folder/templates/page.html"
cat > "$folder/see.py" <<'PYTHON'
"""One page, rendered by the environment of the house that is named on the command line."""

import sys

import jinja2
from jinja2.ext import Extension

templates, cache, house = sys.argv[1:]


class Louder(Extension):
    def preprocess(self, source, name, filename=None):
        return source.replace("loud", "LOUD")


environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(templates),
    bytecode_cache=jinja2.FileSystemBytecodeCache(cache) if cache else None,
    extensions=[Louder] if house == "north" else [],
)
environment.filters["signed"] = lambda text: f"{text}-{house}"
print(environment.get_template("page.html").render(word="Merci"))
PYTHON
see() { "$folder/venv/bin/python" "$folder/see.py" "$folder/templates" "$1" "$2"; }
"$folder/venv/bin/python" -c 'import jinja2; print("Jinja2", jinja2.__version__)'
echo "guess:     each process prints what its own filter and extension say"
echo "behaviour: the second prints the first one's words where the first had computed them"
north=$(see "$folder/cache" north)
south=$(see "$folder/cache" south)
alone=$(see "" south)
echo "  north, which compiles:    $north"
echo "  south, the same cache:    $south"
echo "  south, without a cache:   $alone"
[ "$north" = "Bonjour-north Merci-north LOUD" ]
[ "$south" = "Bonjour-north Merci-south LOUD" ]
[ "$alone" = "Bonjour-south Merci-south loud" ]
