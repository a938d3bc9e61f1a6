# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# What tools/up says at its end, and tools/status at any time: where everything is.

# What serves, since when its port and protocol are noted: start_web.
read_running() {
	local was
	read -r was port mode <"$state/web.running" || return
	server=$(running_server)
}

show_addresses() {
	cat <<-END
		cgishop runs under $server ($mode):
		  the API    http://127.0.0.1:$port/api/
		  catalogue  http://127.0.0.1:$port/api/products/?page_size=3
		  health     http://127.0.0.1:$port/api/meta/health
	END
}

show_places() {
	local override=${settings[*]%%=*}
	cat <<-END
		  processes  $server $(web_pid "$server"), PgBouncer $(bouncer_pid), PostgreSQL $(postgres_pid)
		  settings   $site/.env${override:+ and $override of this run}
		  logs       $log (tools/logs)
		  database   psql -h $run/db -U cgishop_owner cgishop
	END
}

# The password is printed once, when the shop runs; also when it does not start, as it is not stored.
show_password() {
	if [[ -z ${admin_password-} ]]; then return; fi
	printf '\nAdministrator %s, password %s (shown this once)\n' "$ADMIN_EMAIL" "$admin_password"
	admin_password=
}

# write_walk : the lines that lead through the main job, in a file.
write_walk() {
	local form=pdf
	if [[ $pdf == off ]]; then form=html; fi
	fill=([PORT]=$port [WALK]=$(walk_name) [ADMIN_EMAIL]=$ADMIN_EMAIL [APP_ENV]=$(setting APP_ENV) [INVOICE_FORM]=$form)
	render "$tools/dev/walk.sh.in" | write_file "$home/walk.sh" 0755 "$(id -un)" "$(id -gn)"
}

# As the user may write it where they are.
walk_name() {
	local name=$var/walk.sh
	name=${name#"$PWD"/}
	[[ $name == *[[:space:]]* ]] && printf -v name %q "$name"
	printf '%s\n' "$name"
}

# The same command for this VAR.
command_for() { printf '%s%s' "$1" "$([[ $var == "$checkout/var" ]] || printf ' VAR=%q' "$var")"; }

show_guide() {
	cat <<-END

		  sh $(walk_name)    a walk: a visitor, an order, a cart, a payment, an invoice
		  $(command_for tools/status)        what runs
		  $(command_for tools/logs)          requests and errors
		  $(command_for tools/down)          stops it; --erase removes the data too
	END
}
