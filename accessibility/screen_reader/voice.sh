#!/bin/sh
# The voice of speech-dispatcher's generic module: writes a text into the file $1 instead of saying
# it, and takes some time for it. It is killed when the speech is interrupted: a BEGIN whose END is
# missing was cut.
text=$(printf '%s' "$2" | tr '\n' ' ')
printf 'BEGIN %s\n' "$text" >> "$1"
spent=$((${#text} * 1000 / 160))
sleep "$(printf '%d.%03d' $((spent / 1000)) $((spent % 1000)))"
printf 'END\n' >> "$1"
