say() {
  printf '%s\n' "$*"
}

stop() {
  printf 'stopped: %s\n' "$*" >&2
  exit 1
}

sha256() {
  sha256sum <"$1" | cut -c 1-64
}

# Keeps a file as it is before it is changed for the first time.
keep() {
  if [ -f "$ROOT$1" ] && [ ! -e "$KEPT$1" ]; then
    place=$KEPT$1
    mkdir -p "${place%/*}"
    cp -p "$ROOT$1" "$place"
  fi
}

# Writes a file with what is in another; mode and owner of one that is there stay.
put() {
  keep "$2"
  place=$ROOT$2
  mkdir -p "${place%/*}"
  cat "$1" >"$place"
  rm -f "$1"
}

# shellcheck disable=SC2016
PATCH='
function out(text) { if (text != "") { printf "%s", text; last = substr(text, length(text)) } }
function bad(why) { print why | "cat >&2"; failed = 1; exit 1 }
FNR == NR {
  mark = substr($0, 1, 1); text = substr($0, 2)
  if (mark == "@") at[++n] = text + 0
  else if (mark == "-") { has[n] = 1; before[n] = text }
  else if (n in after) after[n] = after[n] "\n" text
  else after[n] = text
  next
}
{ line[++lines] = $0; end[lines] = "\n" }
END {
  if (failed) exit 1
  if (lines && !whole) end[lines] = ""
  for (i = 1; i <= lines; i++)
    if (end[i] != "" && substr(line[i], length(line[i])) == "\r") {
      line[i] = substr(line[i], 1, length(line[i]) - 1); end[i] = "\r\n"
    }
  ending = (lines && end[1] == "\r\n") ? "\r\n" : "\n"
  for (k = 1; k <= n; k++) {
    if (at[k] < 1 || at[k] - 1 > lines) bad("there is no line " at[k])
    if (at[k] - 1 < done) bad("the edit of line " at[k] " does not come in its order")
    while (done < at[k] - 1) { done++; out(line[done] end[done]) }
    close_with = ending
    if (k in has) {
      if (at[k] > lines) bad("there is no line " at[k])
      if ((line[at[k]] "") != (before[k] "")) bad("line " at[k] " is another")
      done = at[k]; close_with = end[at[k]]
    }
    if (k in after) { if (last != "" && last != "\n") out(ending); out(after[k] close_with) }
  }
  while (done < lines) { done++; out(line[done] end[done]) }
}'

# edit_file PATH BEFORE AFTER <EDITS: changes lines of a file that has the SHA-256 before,
# where that is known, and the lines that are expected.
edit_file() (
  [ -f "$ROOT$1" ] || stop "$1 is not there"
  now=$(sha256 "$ROOT$1")
  if [ -n "$3" ] && [ "$now" = "$3" ]; then
    say "$1 is as it is to be"
    exit 0
  fi
  [ -z "$2" ] || [ "$now" = "$2" ] || stop "$1 is not what it was when the plan was made"
  whole=1
  [ -z "$(tail -c 1 "$ROOT$1")" ] || whole=0
  new=$(mktemp)
  LC_ALL=C awk -v whole="$whole" "$PATCH" - "$ROOT$1" >"$new" || stop "$1 is not changed"
  [ -z "$3" ] || [ "$(sha256 "$new")" = "$3" ] || stop "$1 would not become what was planned"
  put "$new" "$1"
  say "changed $1"
)

# write_file PATH WHOLE <TEXT: writes a file; every line of the text has a | before it, and
# the last one ends where WHOLE is 1.
write_file() (
  new=$(mktemp)
  LC_ALL=C awk -v whole="$2" '
    NR > 1 { print "" }
    { printf "%s", substr($0, 2) }
    END { if (whole) print "" }' >"$new"
  put "$new" "$1"
  say "wrote $1"
)

copy_file() (
  keep "$2"
  place=$ROOT$2
  mkdir -p "${place%/*}"
  cp -p "$ROOT$1" "$place"
  say "copied $1 to $2"
)

delete_file() (
  keep "$1"
  rm -f "$ROOT$1"
  say "deleted $1"
)

# same_host ARCHITECTURE DISTRIBUTION RELEASE
same_host() (
  [ "$(uname -m)" = "$1" ] || stop "this is no $1"
  id=$(sed -n 's/^ID=//p' /etc/os-release | tr -d "\"'")
  release=$(sed -n 's/^VERSION_ID=//p' /etc/os-release | tr -d "\"'")
  [ "$id ${release%%.*}" = "$2 $3" ] || stop "this is $id $release, not $2 $3"
)

# room PATH KIB
room() (
  place=$1
  while [ ! -e "$place" ]; do
    place=${place%/*}
    [ -n "$place" ] || place=/
  done
  free=$(df -P -k "$place" | awk '
    NR == 2 { for (i = 2; i < NF; i++) if ($(i + 1) ~ /^[0-9]+%$/) { print $i; exit } }')
  [ "${free:-0}" -ge "$2" ] || stop "$1 has ${free:-no} KiB free, and $2 are needed"
)

# packages_are <LIST: each package with + before it is there, each with - is not.
packages_are() (
  there=$(mktemp)
  rpm -qa --qf '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\n' >"$there"
  LC_ALL=C awk '
    FNR == NR { is[$0] = 1; next }
    { sign = substr($0, 1, 1); package = substr($0, 2) }
    sign == "+" && !(package in is) { print package " is missing"; bad = 1 }
    sign == "-" && package in is { print package " is still there"; bad = 1 }
    END { exit bad }' "$there" - || stop "packages are not what was planned"
  rm -f "$there"
)
