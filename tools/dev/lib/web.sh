# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# The web server: its configuration from httpd/*.in, starting, stopping.

# web_pid lighttpd|apache
web_pid() { our_pid "$state/$1.pid" -f "$state/$1.conf"; }

# Print the name of the server that is running.
running_server() {
	local name
	for name in lighttpd apache; do
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
	local file word groups names=()
	local quoted=''
	for word in "${settings[@]}"; do
		names+=("${word%%=*}")
		quoted+="\"${word%%=*}\", "
	done
	groups=$(printf '%s\n' "$site"/cgi-bin/api/* | sed 's,.*/,,')

	each=([GROUP]=$groups [SETTING]=${names[*]})
	fill=([PORT]=$port [SITE]=$site [STATE]=$state [RUN]=$run [LOG]=$log [MODE]=$mode
		[WEB_USER]=$web_user [WEB_GROUP]=$web_group
		[GROUPS]=${groups//$'\n'/|} [SETTING_NAMES]=$quoted
		[FCGID_SETTINGS]=$(fcgid_settings))
	write_file "$site/lighttpd-headers.lua" 0644 "$(id -un)" "$(id -gn)" <"$checkout/httpd/lighttpd-headers.lua"
	make_dir "$site/errors" 0755 root root
	for file in "$checkout"/httpd/errors/*.html; do
		write_file "$site/errors/${file##*/}" 0644 "$(id -un)" "$(id -gn)" <"$file"
	done
	for file in "$server" "$server-$mode"; do
		render "$checkout/httpd/$file.conf.in" |
			write_file "$state/$file.conf" 0600 "$(id -un)" "$(id -gn)"
	done
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
		cat "$state/$server.conf" "$state/$server-$mode.conf"
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
	wait_for 10 is_healthy || web_failed
	printf '%s %s %s\n' "$now" "$port" "$mode" >"$state/web.running"
	web_started=yes
}

launch_web() {
	local clean=(env -i PATH=/usr/local/bin:/usr/bin:/bin "${settings[@]}")
	raise_open_files 4096
	rm -rf "${run:?}/web"
	make_dir "$run/web" 0700 "$web_user" "$web_group"
	case $server in
	lighttpd) as_user root "${clean[@]}" /usr/sbin/lighttpd -f "$state/lighttpd.conf" ;;
	apache)   as_user root "${clean[@]}" /usr/sbin/apache2 -f "$state/apache.conf" ;;
	esac </dev/null
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
	for name in lighttpd apache; do
		if pid=$(web_pid "$name"); then
			case $name in
			lighttpd) stop_process "$pid" INT 10 ;;     # finishes what it has begun
			apache)   stop_process "$pid" TERM 15 ;;
			esac
			say "$name stopped."
		fi
	done
	end_orphans
	rm -f "$state/lighttpd.pid" "$state/apache.pid"
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
