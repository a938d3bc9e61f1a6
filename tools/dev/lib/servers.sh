# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# The web servers for which httpd/ has a configuration: what fills in its words, how each is started and stopped.

. "${BASH_SOURCE[0]%/*}/render.sh"

readonly SERVERS=(lighttpd apache nginx caddy)
# The groups whose responses may be compressed, for who is not signed in: nothing in them is secret.
readonly CATALOGUE='categories|subcategories|products|product-images|shipping-methods|stores'

# server_words GROUP... : what is the same for every configuration.
server_words() {
	local name groups="$*"
	each[GROUP]=$groups each[SETTING]=${each[SETTING]-}
	fill[GROUPS]=${groups// /|} fill[CATALOGUE]=$CATALOGUE
	for name in SETTING_NAMES FCGID_SETTINGS HTTPS_SUFFIX; do fill[$name]=${fill[$name]-}; done
}

# server_file SERVER MODE FILE : write its configuration.
server_file() {
	fill[MODE]=$2
	render "$checkout/httpd/$1.conf.in" >"$3"
}

# has_workers SERVER : it starts no programs and needs FastCGI workers.
has_workers() { [[ $1 == nginx || $1 == caddy ]]; }

# conf_option SERVER : before the name of its configuration file.
conf_option() {
	case $1 in
	lighttpd | apache) echo -f ;;
	nginx)             echo -c ;;
	caddy)             echo --config ;;
	esac
}

# launch_server SERVER FILE WORD... : as a daemon, with the words NAME=VALUE as its environment. Caddy runs as web_user
# from the start, and reads FILE as that; the others give root up.
launch_server() {
	local clean=(env -i PATH=/usr/local/bin:/usr/bin:/bin "${@:3}")
	case $1 in
	lighttpd) as_user root "${clean[@]}" /usr/sbin/lighttpd -f "$2" ;;
	apache)   as_user root "${clean[@]}" /usr/sbin/apache2 -f "$2" ;;
	nginx)    as_user root "${clean[@]}" /usr/sbin/nginx -c "$2" ;;
	caddy)    in_background "${fill[PID]}" "$web_user" "${clean[@]}" "HOME=${fill[WEB_RUN]}" \
			/usr/bin/caddy run --adapter caddyfile --config "$2" ;;
	esac </dev/null
}

# stop_server SERVER PID : it finishes what it has begun.
stop_server() {
	case $1 in
	lighttpd) stop_process "$2" INT 10 ;;
	nginx)    stop_process "$2" QUIT 10 ;;
	*)        stop_process "$2" TERM 15 ;;
	esac
}

# launch_workers PID_FILE SOCKETS N WORD... : of the programs in fill[API], with the words NAME=VALUE as their
# environment; what they write goes to this function's standard error.
launch_workers() {
	in_background "$1" "$web_user" env -i PATH=/usr/local/bin:/usr/bin:/bin "${@:4}" "$checkout/tools/dev/fastcgi-workers" "$2" "$3" \
		"${fill[API]}"/* </dev/null >&2
	wait_for 30 have_sockets "$2"
}

have_sockets() {
	local program
	for program in "${fill[API]}"/*; do
		[[ -S $1/${program##*/}.sock ]] || return
	done
}
