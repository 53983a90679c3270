#!/usr/bin/env bash
# gunicorn can't be told its workers while WEB_CONCURRENCY is no number.
#
# Version:   gunicorn 27.0.1.
# Guess:     WEB_CONCURRENCY is the default of `workers`: a configuration file or `-w` that says
#            otherwise wins over it, whatever it holds, and a wrong one is « Error: … » as any other
#            wrong setting.
# Behaviour: it is turned into a number when gunicorn's module of settings is imported, before any
#            option or file is read. « abc » ends even `gunicorn --version` with a traceback and
#            exit code 1; an empty one too. « 0 » passes there, and -w wins over it.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check gunicorn==27.0.1 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/app.py" <<'PYTHON'
def app(environ, start_response):
    start_response("200 OK", [])
    return [b""]
PYTHON
echo "workers = 2" > "$folder/settings.py"
cd "$folder"
see() { # value, then gunicorn's arguments: its exit code and the last line that it says
  value=$1 && shift
  code=0
  said=$(WEB_CONCURRENCY=$value venv/bin/gunicorn "$@" 2>&1) || code=$?
  echo "$code $(printf '%s\n' "$said" | tail -n 1)"
}
venv/bin/gunicorn --version
echo "guess:     what a file or an option says of the workers wins; a wrong value is one line"
echo "behaviour: a value that is no number is a traceback before either is read"
file=$(see abc -c settings.py --check-config app:app)
option=$(see abc -w 2 --check-config app:app)
version=$(see abc --version)
empty=$(see "" --version)
zero=$(see 0 -w 2 --check-config app:app)
echo "  abc, workers = 2 in a file:  $file"
echo "  abc, -w 2:                   $option"
echo "  abc, --version:              $version"
echo "  empty, --version:            $empty"
echo "  0, -w 2:                     $zero"
told="1 ValueError: invalid literal for int() with base 10: 'abc'"
[ "$file" = "$told" ] && [ "$option" = "$told" ] && [ "$version" = "$told" ]
[ "$empty" = "1 ValueError: invalid literal for int() with base 10: ''" ]
[ "$zero" = "0 " ]
