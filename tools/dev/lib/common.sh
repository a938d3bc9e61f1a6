# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# Shared by all tools: messages, exit codes, users, processes, hashes.

# Exit codes, after sysexits.h.
readonly EX_USAGE=64        # the command line is wrong
readonly EX_UNAVAILABLE=69  # a package, a program or a service is missing or fails
readonly EX_TEMPFAIL=75     # something else is in the way; free it and try again
readonly EX_NOPERM=77       # these files belong to someone else

# shellcheck source=curl.sh
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"

say()  { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die()  { local code=$1; shift; warn "$@"; exit "$code"; }

# Print the comment at the head of the script as its help text.
print_help() {
	sed -n '2,/^$/ { s/^# \{0,1\}//; p }' "$0"
}

# --- users ------------------------------------------------------------------

# As root, the database runs as postgres and the web server as www-data;
# otherwise all runs as the user.
choose_users() {
	if (( EUID == 0 )); then
		db_user=postgres web_user=www-data
	else
		db_user=$(id -un) web_user=$db_user
	fi
	db_group=$(id -gn "$db_user")
	web_group=$(id -gn "$web_user")
}

# as_user NAME COMMAND... : run it as that user, in a world-accessible directory
# and without the lock, which a daemon would otherwise keep.
as_user() {
	set_user_change "$1"
	( cd / && drop_lock && exec "${user_change[@]}" "${@:2}" )
}

# in_background PID_FILE NAME COMMAND... : as_user, not waited for.
in_background() {
	set_user_change "$2"
	( cd / && drop_lock && exec "${user_change[@]}" "${@:3}" ) &
	echo $! >"$1"
}

set_user_change() {
	user_change=()
	if (( EUID == 0 )) && [[ $1 != root ]]; then
		user_change=(setpriv --reuid "$1" --regid "$1" --init-groups --)
	fi
}

# --- one tool at a time -----------------------------------------------------

# The lock is on the checkout directory itself: nothing is left behind.
take_lock() {
	exec {lock_fd}<"$checkout"
	if ! flock -n "$lock_fd"; then
		say "Waiting for another tools/up or tools/down to finish."
		flock -w 1200 "$lock_fd" || die "$EX_TEMPFAIL" "the other tool did not finish within 20 minutes"
	fi
}

drop_lock() {
	if [[ -n ${lock_fd-} ]]; then exec {lock_fd}<&-; fi
	exec 9<&-
}

# --- one user of the tests' servers at a time -------------------------------

# What tools/check and tests/bench start, stop and erase: var/check* and
# var/bench*. They hold a lock on the directory tests while they run, and so does
# a tools/up or tools/down of such a place. A lock on an open file ends with its
# processes, however they end. It is descriptor 9; servers, which may outlive
# their parent, are started with 9<&-, or they would keep the lock. TEST_RUN in
# the environment says that the caller has the lock: yes, or `env` for servers
# that it leaves to the user.
is_test_place() { [[ $1 == "$checkout"/var/check* || $1 == "$checkout"/var/bench* ]]; }

# hold_servers [-s] : take the lock (-s: shared) or print its holder and exit.
hold_servers() {
	local note=$checkout/build/holder
	exec 9<"$checkout/tests"
	flock -n "$@" 9 || die "$EX_TEMPFAIL" "$(servers_holder "$note") uses the tests' servers of this checkout;" \
		"let it finish or stop it, then retry"
	mkdir -p "$checkout/build" 2>/dev/null || true
	printf '%s %(%H:%M:%S)T %s\n' "$$" -1 "${0#"$checkout"/}" 2>/dev/null >"$note" || true
}

servers_holder() {
	local pid='' since='' words='' fd left=()
	read -r pid since words 2>/dev/null <"$1" || true
	if [[ $pid && $(command_line "$pid") ]]; then
		printf '%s (process %s, since %s)' "$words" "$pid" "$since"
		return
	fi
	for fd in /proc/[0-9]*/fd/9; do
		pid=${fd#/proc/} pid=${pid%%/*}
		if [[ $pid != "$$" && $pid != "$BASHPID" && $(readlink "$fd" 2>/dev/null) == "$checkout/tests" ]]; then left+=("$pid"); fi
	done
	printf 'remains of %s (processes %s)' "${words:-another run}" "${left[*]:-unknown}"
}

# --- processes --------------------------------------------------------------

# The command line of a process; nothing if it is gone or a zombie.
command_line() {
	tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" || true
}

# our_pid PID_FILE OPTION PATH : print the pid in the file if that process lives
# and has the option with PATH, a path of ours below home, on its command line:
# as it is, or as it was before the directory was moved. A pid that was reused
# after a reboot or a kill -9 is not ours.
our_pid() {
	local pid line
	[[ -r $1 ]] && read -r pid <"$1" && [[ $pid =~ ^[1-9][0-9]*$ ]] || return 1
	line=$(command_line "$pid")
	[[ $line == *"$2 $3"* || $line == *"$2 $home_before${3#"$home"}"* ]] || return 1
	printf '%s\n' "$pid"
}

# wait_for SECONDS COMMAND... : until it succeeds; fails after the timeout.
wait_for() {
	local deadline=$(( SECONDS + $1 ))
	shift
	until "$@"; do
		(( SECONDS < deadline )) || return 1
		sleep 0.1
	done
}

# is_replaced PID : an update has replaced its program file. It would now load the new one's libraries.
is_replaced() { [[ $(readlink "/proc/$1/exe") == *' (deleted)' ]]; }

is_gone() { [[ -z $(command_line "$1") ]]; }

# stop_process PID SIGNAL SECONDS : signal it, wait, then kill it.
stop_process() {
	kill -s "$2" "$1" 2>/dev/null || true
	wait_for "$3" is_gone "$1" && return
	warn "process $1 did not stop within $3 s; killing it"
	kill -s KILL "$1" 2>/dev/null || true
	wait_for 5 is_gone "$1"
}

# --- small things -----------------------------------------------------------

short_hash() { printf '%s' "$1" | sha256sum | cut -c 1-12; }
random_hex() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

# write_file PATH MODE OWNER GROUP : write standard input to the file,
# atomically, and never more readable than MODE. In a subshell, whose trap does
# not affect the tool's.
write_file() (
	new=
	trap 'rm -f "$new"' EXIT
	new=$(mktemp "$1.XXXXXX")
	cat >"$new"
	if (( EUID == 0 )); then chown "$3:$4" "$new"; fi
	chmod "$2" "$new"
	mv -f "$new" "$1"
)

# make_dir PATH MODE OWNER GROUP
make_dir() {
	local owner=()
	if (( EUID == 0 )); then owner=(-o "$3" -g "$4"); fi
	install -d -m "$2" "${owner[@]}" "$1"
}

# new_log NAME OWNER GROUP : create the file for a server that cannot write to
# the directory.
new_log() {
	[[ -e $log/$1 ]] || write_file "$log/$1" 0640 "$2" "$3" </dev/null
}
