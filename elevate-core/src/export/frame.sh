
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
ROOT=${ROOT:-}
case $ROOT in
'' | /*) ;;
*) stop "ROOT is to be an absolute path" ;;
esac
STATE=$ROOT/var/lib/elevate/script-$PLAN
KEPT=$STATE/before
DONE=$STATE/done

# Runs a program, which is none of the shell's own commands.
run() (
  if [ -n "$ROOT" ]; then
    say "would run: $*"
  else
    exec "$@"
  fi
)

# Looks at something of the host.
look() {
  if [ -n "$ROOT" ]; then
    say "would look: $*"
  else
    "$@"
  fi
}

is_done() {
  [ -f "$DONE" ] && grep -qx "$1" "$DONE"
}

mark() {
  mkdir -p "$STATE"
  echo "$1" >>"$DONE"
}

current=
step() {
  if is_done "$1"; then
    say "$2: done before"
    return 0
  fi
  current=$2
  say "$2"
  "step_$1"
  is_done "$1" || mark "$1"
  current=
}

only_if() {
  if is_done "$1"; then
    say "$2: done before"
  elif [ -n "$ROOT" ]; then
    say "would ask, $2: $3"
  else
    stop "$2 is only for this: $3. Then: sh $0 do $2; else: sh $0 done $2"
  fi
}

by_hand() {
  if [ -n "$ROOT" ]; then
    say "would ask for it by hand: $1"
  else
    stop "do this by hand: $1. Then: sh $0 done $current"
  fi
}

usage() {
  sed -n '/^set /q; s/^# //p; s/^#$//p' "$0" >&2
  exit 64
}

same_name() {
  [ "$1" = "$2" ] && return 0
  case $1 in *.*) case $2 in *.*) return 1 ;; esac ;; esac
  [ "${1%%.*}" = "${2%%.*}" ]
}

ended() {
  status=$?
  if [ "$status" -ne 0 ] && [ -n "$current" ]; then
    printf 'at step %s\n' "$current" >&2
  fi
  exit "$status"
}

main() {
  [ $# -gt 0 ] || usage
  if [ "$1" = list ]; then
    list
    return 0
  fi
  [ -z "$REFUSED" ] || stop "$REFUSED"
  if [ -z "$ROOT" ] && [ "$(id -u)" -ne 0 ]; then
    stop "only root can do that"
  fi
  if [ -n "$PLANNED_HOST" ] && [ "${FORCE:-}" != 1 ]; then
    same_name "$PLANNED_HOST" "$(uname -n)" ||
      stop "the plan is for $PLANNED_HOST, and this is $(uname -n); FORCE=1 runs it nevertheless"
  fi
  trap ended EXIT
  case $1 in
  'do' | 'done')
    [ $# -eq 2 ] || usage
    number=$(number_of "$2")
    if [ "$1" = "do" ]; then step "$number" "$2"; else mark "$number"; fi
    ;;
  *)
    for name in "$@"; do
      phase "$name"
    done
    ;;
  esac
}
