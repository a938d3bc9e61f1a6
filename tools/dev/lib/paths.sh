# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# All paths; find_paths sets them:
#
#   checkout    the top of the source tree
#   var         the user's name for it: VAR=..., or <checkout>/var
#   home        the directory behind it; the same unless var is a symbolic link
#   home_before where it was when tools/up ran last; the same unless it was moved
#   site        what is served: .env, bin/, cgi-bin/api/, templates/, demo/, media/, invoices/, htdocs/
#   state       what the tools remember: configurations, pid files, markers
#   log         log files
#   pg          the PostgreSQL cluster
#   bouncer     PgBouncer's configuration
#   run         sockets: run/db of PostgreSQL and PgBouncer, run/web of the web
#               server and its FastCGI programs

# A socket's path ends at 107 bytes; the longest name below run has 25.
readonly RUN_PATH_MAX=80

find_paths() {
	checkout=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
	# The programs with sanitizers in them lie apart: see SANITIZE in the Makefile.
	build=$checkout/build${SANITIZE:+/sanitize}
	var=$(realpath -ms "${1:-$checkout/var}")
	[[ $var != / ]] || die "$EX_USAGE" "VAR cannot be /"
	elsewhere=/var/tmp/cgishop-$(short_hash "$EUID $var")
	home=$(realpath -m "$var")
	home_before=$home
	if [[ -r $home/state/home ]]; then home_before=$(<"$home/state/home"); fi
	site=$home/site state=$home/state log=$home/log pg=$home/pg bouncer=$home/pgbouncer
	run=$(run_of "$home")
}

# run_of HOME : where the sockets of that one are.
run_of() {
	local run=$1/run
	if (( ${#run} > RUN_PATH_MAX )); then run=/tmp/cgishop-run-$(short_hash "$EUID $1"); fi
	printf '%s\n' "$run"
}

# Create the directories. Everything that root writes is in directories that
# only root can change.
make_paths() {
	place_var
	find_paths "$var"
	check_owner

	make_dir "$state" 0700 root root
	make_dir "$log" 0755 root root
	make_dir "$bouncer" 0700 "$db_user" "$db_group"
	make_dir "$site" 0755 root root
	make_dir "$site/bin" 0755 root root
	make_dir "$site/cgi-bin" 0755 root root
	make_dir "$site/cgi-bin/api" 0755 root root
	make_dir "$site/htdocs" 0755 root root
	make_dir "$site/media" 0755 "$web_user" "$web_group"
	make_dir "$site/invoices" 0700 "$web_user" "$web_group"
	new_log messages.log "$web_user" "$web_group"

	if [[ $run != "$home/run" ]]; then
		claim_directory "$run"
		ln -sfn "$run" "$home/run"
	fi
	make_dir "$run" 0755 root root
	make_dir "$run/web" 0700 "$web_user" "$web_group"
	# The web programs may enter, others may not.
	if (( EUID == 0 )); then
		make_dir "$run/db" 0710 "$db_user" "$web_group"
	else
		make_dir "$run/db" 0700 "$db_user" "$db_group"
	fi
}

# What was moved is stopped, and its settings file names the new place.
follow_move() {
	local old=$home_before new
	if [[ $old != "$home" ]]; then
		say "$var was at $old before; stopping what still runs from there."
		stop_web
		stop_database
		if [[ -e $site/.env ]]; then move_settings "$old"; fi
		# The place of the sockets follows from that of the data.
		new=$run run=$(run_of "$old")
		if [[ $run != "$old/run" && -d $run && -O $run ]]; then rm -rf "${run:?}"; fi
		run=$new
	fi
	printf '%s\n' "$home" | write_file "$state/home" 0600 "$(id -un)" "$(id -gn)"
	home_before=$home
}

# tools/check erases its own remains, and nothing in use.
note_user() {
	rm -f "$state/by-hand"
	if [[ ${TEST_RUN-} != yes ]]; then : >"$state/by-hand"; fi
}

# var is a plain directory, unless postgres or www-data could not reach it or
# its name does not fit a server's configuration: then it is a symbolic link to
# a directory below /var/tmp.
place_var() {
	local parent=${var%/*}
	if [[ -L $var && $(readlink "$var") == "$elsewhere" ]]; then
		claim_directory "$elsewhere"
	elif [[ ! -e $var && ! -L $var ]]; then
		mkdir -p "${parent:-/}"
		if is_reachable "${parent:-/}" && is_plain "$var"; then
			mkdir -m 0755 "$var"
		else
			claim_directory "$elsewhere"
			ln -s "$elsewhere" "$var"
			say "Data goes to $elsewhere; $var is a link to it."
		fi
	fi
	home=$(realpath "$var")
	[[ -d $home ]] || die "$EX_USAGE" "$var is not a directory"
	if ! is_reachable "$home" || ! is_plain "$home"; then
		die "$EX_USAGE" "users $db_user and $web_user cannot reach $home; choose another VAR"
	fi
}

is_plain() { [[ $1 =~ ^[A-Za-z0-9/._+-]+$ ]]; }

is_reachable() {
	as_user "$db_user" test -x "$1" && as_user "$web_user" test -x "$1"
}

# /tmp and /var/tmp are world-writable: use a directory there only if it is new
# or already ours.
claim_directory() {
	mkdir -m 0755 "$1" 2>/dev/null || true
	if [[ -L $1 || ! -d $1 || $(stat -c %u "$1") != "$EUID" || $(stat -c %a "$1") != 755 ]]; then
		die "$EX_NOPERM" "$1 exists and is not ours"
	fi
}

# Only the user who created it continues with it. An existing directory with
# other content is left alone.
check_owner() {
	if [[ -d $state ]]; then
		[[ $(stat -c %u "$state") == "$EUID" ]] ||
			die "$EX_NOPERM" "$var belongs to $(stat -c %U "$state"); use that account or another VAR"
	elif [[ -n $(ls -A "$home") ]]; then
		die "$EX_USAGE" "$var is not empty and was not made by tools/up; choose another VAR"
	fi
}
