# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# The web server: its configuration from httpd/*.in, starting, stopping.

. "${BASH_SOURCE[0]%/*}/servers.sh"

# web_pid SERVER
web_pid() { our_pid "$state/$1.pid" "$(conf_option "$1")" "$(conf_file "$1")"; }
workers_pid() { our_pid "$state/workers.pid" fastcgi-workers "$run/web"; }

# Caddy reads its configuration as the web user.
conf_file() { if [[ $1 == caddy ]]; then echo "$run/web/caddy.conf"; else echo "$state/$1.conf"; fi; }

# Print the name of the server that is running.
running_server() {
	local name
	for name in "${SERVERS[@]}"; do
		if web_pid "$name" >/dev/null; then
			printf '%s\n' "$name"
			return
		fi
	done
	return 1
}

# runs_for_user VAR : servers started by tools/up run there.
runs_for_user() (
	find_paths "$1"
	[[ -e $state/by-hand ]] && { postgres_pid || running_server; } >/dev/null
)

# --- configuration ----------------------------------------------------------

# Settings are passed in the web server's environment and its configuration
# names them, so their values need no quoting. Only mod_fcgid needs the values.
render_configuration() {
	local file word names=() quoted=''
	for word in "${settings[@]}"; do
		names+=("${word%%=*}")
		quoted+="\"${word%%=*}\", "
	done
	each=([SETTING]=${names[*]})
	fill=([PORT]=$port [API]=$site/cgi-bin/api [MEDIA]=$site/media [ERRORS]=$site/errors [HTDOCS]=$site/htdocs
		[HEADERS_LUA]=$site/lighttpd-headers.lua [STATE]=$state [PID]=$state/$server.pid [WEB_RUN]=$run/web [TEMP]=yes
		[SOCKETS]=$run/web [LOG]=$log [WEB_USER]=$web_user [WEB_GROUP]=$web_group [SETTING_NAMES]=$quoted
		[FCGID_SETTINGS]=$(fcgid_settings))
	if (( EUID == 0 )); then fill[ROOT]=yes; fi
	# shellcheck disable=SC2046 # names of groups
	server_words $(printf '%s\n' "$site"/cgi-bin/api/* | sed 's,.*/,,')
	write_file "$site/lighttpd-headers.lua" 0644 "$(id -un)" "$(id -gn)" <"$checkout/httpd/lighttpd-headers.lua"
	make_dir "$site/errors" 0755 root root
	for file in "$checkout"/httpd/errors/*.html; do
		write_file "$site/errors/${file##*/}" 0644 "$(id -un)" "$(id -gn)" <"$file"
	done
	fill[MODE]=$mode
	render "$checkout/httpd/$server.conf.in" | write_file "$state/$server.conf" 0600 "$(id -un)" "$(id -gn)"
}

# Apache can write ${ only through a variable with that content.
fcgid_settings() {
	local word value
	printf 'Define DOLLAR $\n'
	for word in "${settings[@]}"; do
		value=${word#*=}
		value=${value//\\/\\\\}
		value=${value//\$/"\${DOLLAR}"}
		printf 'FcgidInitialEnv %s "%s"\n' "${word%%=*}" "${value//\"/\\\"}"
	done
}

# What the running server depends on. Under CGI a changed program needs no
# restart; FastCGI processes have the old one in memory.
fingerprint() {
	{
		printf '%s\0' "$server" "$mode" "${settings[@]}"
		cat "$state/$server.conf"
		if [[ $mode == fastcgi ]]; then cat "$site"/cgi-bin/api/*; fi
	} | sha256sum | cut -d ' ' -f 1
}

# --- starting ---------------------------------------------------------------

# Leave a server alone that already runs with this configuration; otherwise
# restart it.
start_web() {
	local was='' was_port='' now name
	new_log "$server.log" "$web_user" "$web_group"
	new_log cgi.log "$web_user" "$web_group"
	render_configuration
	now=$(fingerprint)
	web_started=no
	if name=$(running_server); then
		read -r was was_port _ <"$state/web.running" || true
		if is_replaced "$(web_pid "$name")"; then was=''; fi
		[[ $was != "$now" ]] || return 0
		# A running shop is stopped only if the new port is available.
		[[ $was_port == "$port" ]] || need_free_port
		say "Restarting the web server."
	fi
	stop_web
	need_free_port
	( launch_web ) >"$log/start.log" 2>&1 || web_failed
	wait_for 30 is_healthy || web_failed
	printf '%s %s %s\n' "$now" "$port" "$mode" >"$state/web.running"
	web_started=yes
}

launch_web() {
	raise_open_files 4096
	rm -rf "${run:?}/web"
	make_dir "$run/web" 0700 "$web_user" "$web_group"
	if has_workers "$server"; then launch_workers "$state/workers.pid" "$run/web" 2 "${settings[@]}" 2>>"$log/cgi.log"; fi
	if [[ $server == caddy ]]; then write_file "$run/web/caddy.conf" 0600 "$web_user" "$web_group" <"$state/caddy.conf"; fi
	launch_server "$server" "$(conf_file "$server")" "${settings[@]}"
}

web_failed() {
	tail -q -n 5 "$log/start.log" "$log/$server.log" "$log/cgi.log" >&2 || true
	stop_web
	die "$EX_UNAVAILABLE" "the shop does not answer $(health_address) with 200; logs are in $log"
}

health_address() { printf 'http://127.0.0.1:%s/cgi-bin/api/meta/health' "$port"; }

is_healthy() {
	[[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "$(health_address)") == 200 ]]
}

# Before anything is stopped or built.
need_allowed_port() {
	local first
	read -r first 2>/dev/null </proc/sys/net/ipv4/ip_unprivileged_port_start || first=1024
	if (( EUID != 0 && port < first )); then
		die "$EX_NOPERM" "ports below $first belong to root; choose a higher one, such as PORT=8080"
	fi
}

need_free_port() {
	if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
		die "$EX_TEMPFAIL" "port $port is taken by another program; stop it or choose PORT=..."
	fi
}

# --- stopping ---------------------------------------------------------------

stop_web() {
	local name pid
	rm -f "$state/web.running"
	for name in "${SERVERS[@]}"; do
		if pid=$(web_pid "$name"); then
			stop_server "$name" "$pid"
			say "$name stopped."
		fi
	done
	if pid=$(workers_pid); then stop_process "$pid" TERM 10; fi
	end_orphans
	rm -f "$state"/{lighttpd,apache,nginx,caddy,workers}.pid
}

# An Apache that was killed leaves its children behind, and they go on serving.
# They are in the process group that has the number in its pid file.
end_orphans() {
	local group pid
	[[ -r $state/apache.pid ]] && read -r group <"$state/apache.pid" || return 0
	for pid in $(members_of_group "$group"); do
		case $(command_line "$pid") in
		*"-f $state/apache.conf"* | "$site/cgi-bin/api/"* | *"-f $home_before/state/apache.conf"* | "$home_before/site/cgi-bin/api/"*)
			kill -s KILL "$pid" 2>/dev/null || true
			wait_for 5 is_gone "$pid" ;;
		esac
	done
}

members_of_group() {
	local file line group
	for file in /proc/[0-9]*/stat; do
		# pid (name) state parent group ...; the name may hold anything.
		read -r line 2>/dev/null <"$file" || continue
		read -r _ _ group _ <<<"${line##*) }"
		if [[ $group == "$1" ]]; then printf '%s\n' "${line%% *}"; fi
	done
}
