# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# The site: its settings file, its programs, its first data.

# in_url PATH : as a part of a URL's query; of what is_plain allows, two characters are special there.
in_url() {
	local path=${1//+/%2B}
	printf '%s\n' "${path//\//%2F}"
}

# move_settings OLD : the lines of the settings file that tools/up has written name the directories below home.
move_settings() {
	local text old=$1 old_run
	old_run=$(run_of "$old")
	text=$(<"$site/.env")
	text=${text//"host=$(in_url "$old_run/db")&"/"host=$(in_url "$run/db")&"}
	text=${text//"=$old/"/"=$home/"}
	printf '%s\n' "$text" | write_file "$site/.env" 0640 "$(id -un)" "$web_group"
}

# The settings file is written once; after that it belongs to the shop.
write_settings_file() {
	local host
	host=$(in_url "$run/db")
	if [[ ! -e $site/.env ]]; then
		write_file "$site/.env" 0640 "$(id -un)" "$web_group" <<-END
			# Settings of this shop; .env.example explains them. Created by tools/up.
			APP_ENV=development
			DATABASE_URL=postgresql://cgishop_app@/cgishop?host=$host&port=$BOUNCER_PORT
			DATABASE_OWNER_URL=postgresql://cgishop_owner@/cgishop?host=$host&port=$PG_PORT
			SECRET_KEY=$(random_hex 32)
			MEDIA_DIR=$site/media
			INVOICE_DIR=$site/invoices
			MESSAGE_LOG=$log/messages.log
			PUBLIC_URL=http://127.0.0.1:$port
			SCRYPT_COST=15/8/3
			LOG_LEVEL=info
		END
	elif ! grep -qF "host=$host&" "$site/.env"; then
		warn "$site/.env speaks of another place than $run; was the directory moved?"
	fi
	# build/bin/shopctl looks for .env in the directories above it.
	if [[ ! -e $checkout/.env && -w $checkout ]]; then
		if [[ ! -L $checkout/.env || $(readlink "$checkout/.env") == */var/site/.env ]]; then
			ln -sfn "$site/.env" "$checkout/.env"
		fi
	fi
}

# The value of a setting for the programs: of this run, or of the file.
setting() {
	local name=$1 word value
	value=$(grep "^$name=" "$site/.env" | tail -n 1) || true
	for word in "${settings[@]}"; do
		[[ $word != "$name="* ]] || value=$word
	done
	printf '%s\n' "${value#*=}"
}

# PUBLIC_URL follows PORT, unless the shop has set its own URL.
follow_port() {
	local now
	now=$(setting PUBLIC_URL)
	if [[ $now =~ ^http://127\.0\.0\.1:[0-9]+$ && $now != "http://127.0.0.1:$port" ]]; then
		settings+=("PUBLIC_URL=http://127.0.0.1:$port")
	fi
}

# need_setting NAME : end with the nearest name if the programs have no such setting.
need_setting() {
	local names similar
	names=$(sed -n 's/^SETTING(\([A-Z0-9_]*\),.*/\1/p' "$checkout/core/config/settings.def")
	if grep -qxF "$1" <<<"$names"; then return; fi
	similar=$(awk -v name="$1" '
		function min(x, y) { return x < y ? x : y }
		function distance(x, y,    i, j, d) {
			for (i = 0; i <= length(x); i++) d[i, 0] = i
			for (j = 0; j <= length(y); j++) d[0, j] = j
			for (i = 1; i <= length(x); i++)
				for (j = 1; j <= length(y); j++)
					d[i, j] = min(min(d[i - 1, j], d[i, j - 1]) + 1,
						d[i - 1, j - 1] + (substr(x, i, 1) != substr(y, j, 1)))
			return d[length(x), length(y)]
		}
		BEGIN { least = 4 }
		{ far = distance(name, $1); if (far < least) { least = far; nearest = $1 } }
		END { print nearest }' <<<"$names")
	die "$EX_USAGE" "$1 is not a setting${similar:+; did you mean $similar?} (.env.example lists them)"
}

# copy_programs FROM TO [WITHOUT] : make TO hold the programs of FROM. A running
# one keeps its old file; a new start gets the complete new one.
copy_programs() {
	local file name
	for file in "$1"/*; do
		name=${file##*/}
		[[ -f $file && -x $file && $name != "${3-}" ]] || continue
		cmp -s "$file" "$2/$name" && continue
		write_file "$2/$name" 0755 "$(id -un)" "$(id -gn)" <"$file"
		programs_copied=$(( programs_copied + 1 ))
	done
	for file in "$2"/*; do
		name=${file##*/}
		if [[ -e $file && ( ! -e $1/$name || $name == "${3-}" ) ]]; then rm -f "$file"; fi
	done
}

# copy_data NAME : a directory that shopctl reads. A shop with its own texts keeps them elsewhere and sets TEMPLATE_DIR.
copy_data() {
	if [[ ! -d $build/$1 ]] || diff -rq "$build/$1" "$site/$1" >/dev/null 2>&1; then return; fi
	rm -rf "$site/$1.new" "$site/$1"
	cp -R "$build/$1" "$site/$1.new"
	mv "$site/$1.new" "$site/$1"
}

install_programs() {
	local name
	programs_copied=0
	[[ -x $build/cgi-bin/api/meta ]] ||
		die "$EX_UNAVAILABLE" "make built no ${build#"$checkout"/}/cgi-bin/api/meta"
	copy_programs "$build/cgi-bin/api" "$site/cgi-bin/api"
	for name in fetch catalogue-reader $([[ $pdf == off ]] || echo invoice-pdf); do
		[[ -x $build/bin/$name ]] || die "$EX_UNAVAILABLE" "make built no ${build#"$checkout"/}/bin/$name"
	done
	copy_programs "$build/bin" "$site/bin" "$([[ $pdf == on ]] || echo invoice-pdf)"
	copy_data templates
	copy_data demo
	(( programs_copied == 0 )) || say "Copied new or changed programs: $programs_copied."
}

shopctl() {
	( cd "$site" && drop_lock && exec env "${settings[@]}" "$site/bin/shopctl" "$@" )
}

# once MARKER COMMAND... : until it has succeeded once.
once() {
	local marker=$state/$1
	shift
	[[ -e $marker ]] && return
	"$@"
	: >"$marker"
}

prepare_data() {
	# When a command fails, its own line, which has the reason, is the last one.
	shopctl migrate || exit "$EX_UNAVAILABLE"
	once admin-created create_admin
	if [[ $demo == on ]]; then once demo-loaded load_demo; fi
}

# The password is shown at the end and not stored. shopctl exits with 65 if there
# is one already, which is fine.
create_admin() {
	local password code=0
	password=$(random_hex 10)
	shopctl create-admin --email "$ADMIN_EMAIL" <<<"$password" >/dev/null || code=$?
	case $code in
	0)
		admin_password=$password ;;
	65)
		warn "$ADMIN_EMAIL keeps the password it has" ;;
	*)
		exit "$EX_UNAVAILABLE" ;;
	esac
}

load_demo() {
	shopctl load-demo || exit "$EX_UNAVAILABLE"
	if (( EUID == 0 )); then chown -R "$web_user:$web_group" "$site/media"; fi
}
