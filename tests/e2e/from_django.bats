# Clients that were written for a Django REST Framework project.
# shellcheck disable=SC2154

load common

setup_file() {
	ROOT=${API%/cgi-bin/api}
	export ROOT
}

# sign_in_paths BASE... : each of the addresses where people sign in answers below each of them, with and without a slash.
sign_in_paths() {
	local base slash number
	for base; do
		for slash in '' /; do
			number=$(new_number)
			api POST "$base/admin/login$slash" --json "$(json email="$ADMIN_EMAIL" password="$ADMIN_PASSWORD")"
			expect 200 || { echo "$base/admin/login$slash"; return 1; }
			[[ -n $(field .token) ]] || return 1
			api POST "$base/customer/request-otp$slash" --json "$(json mobile_number="$number")"
			expect 202 || { echo "$base/customer/request-otp$slash"; return 1; }
			api POST "$base/customer/login$slash" --json "$(json mobile_number="$number" otp=1234)"
			expect 200 || { echo "$base/customer/login$slash"; return 1; }
		done
	done
}

@test "from Django: signing in at the project's addresses" {
	sign_in_paths "$ROOT/api" "$ROOT/auth" "$ROOT/api/auth" "$ROOT/cgi-bin/api" "$ROOT/cgi-bin/api/auth"
}

@test "from Django: these addresses are the group auth and nothing more" {
	for path in /api/admin /api/admin/ /api/customer /auth/admin /api/admin/x /auth/customer/login/x; do
		api POST "$ROOT$path"
		[[ $status == 404 || $status == 400 ]] || { echo "$path: $status"; false; }
	done
	for path in /api/admins /api/customers /api/customer-x /auth/me /auth/x /auth; do
		api GET "$ROOT$path"
		expect 404 || { echo "$path"; false; }
	done
	api GET "$ROOT/api/admin/login"
	expect 405 method-not-allowed
	[[ $(header Allow) == *POST* ]]
	api POST "$ROOT/api/admin/login?next=/admin/" --json '{}'
	expect 400 invalid-query
}

# --- a classic host: Apache with httpd/htaccess.example and nothing else of ours in its configuration

classic_start() {
	local name dir=$VAR/classic top
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	CLASSIC=http://127.0.0.1:$((PORT + 9))
	rm -rf "$dir"
	mkdir -p "$dir"/public_html/cgi-bin/api "$dir"/run
	cp "$VAR/site/.env" "$dir/.env"
	for name in "$VAR"/site/cgi-bin/api/*; do cp "$name" "$dir/public_html/cgi-bin/api/$(basename "$name").cgi"; done
	cp "$top/httpd/htaccess.example" "$dir/public_html/.htaccess"
	{
		echo "ServerRoot $dir/run"
		echo "DefaultRuntimeDir $dir/run"
		echo "PidFile $dir/run/apache.pid"
		echo 'ServerName 127.0.0.1'
		echo "Listen 127.0.0.1:$((PORT + 9))"
		echo "DocumentRoot $dir/public_html"
		echo "ErrorLog $dir/run/error.log"
		for name in mpm_event authz_core rewrite setenvif headers cgid mime; do
			echo "LoadModule ${name}_module /usr/lib/apache2/modules/mod_$name.so"
		done
		echo 'TypesConfig /dev/null'
		echo "ScriptSock $dir/run/cgid.sock"
		if (( EUID == 0 )); then echo 'User www-data'; fi
		echo "<Directory $dir/public_html>"
		echo 'AllowOverride FileInfo'
		echo 'Require all granted'
		echo '</Directory>'
		# What such a host has for cgi-bin.
		echo "<Directory $dir/public_html/cgi-bin>"
		echo "Options +ExecCGI"
		echo 'AddHandler cgi-script .cgi'
		echo '</Directory>'
	} >"$dir/apache.conf"
	SCRYPT_COST=11/8/1 apache2 -d "$dir/run" -f "$dir/apache.conf" 3>&-
	for _ in {1..50}; do
		if curl -s -o /dev/null "$CLASSIC/api/meta"; then return; fi
		sleep 0.1
	done
	cat "$dir/run/error.log"
	return 1
}

teardown() {
	local pid=$VAR/classic/run/apache.pid
	if [[ -s $pid ]]; then
		kill "$(<"$pid")"
		for _ in {1..50}; do
			[[ -e $pid ]] || break
			sleep 0.1
		done
	fi
	rm -rf "$VAR/classic"
}

@test "from Django: the same on a classic host with .htaccess" {
	[[ -n ${VAR-} && -n ${PORT-} ]] || skip "needs VAR and PORT"
	[[ -x $(command -v apache2) ]] || skip "needs apache2"
	classic_start
	sign_in_paths "$CLASSIC/api" "$CLASSIC/auth" "$CLASSIC/cgi-bin/api" "$CLASSIC/api/auth"
	token=$(admin_token)
	api GET "$CLASSIC/api/auth/me" -H "X-Test: 1"
	expect 200
	api GET "$CLASSIC/cgi-bin/api/products.cgi"
	expect 200
	api GET "$CLASSIC/api/nothing"
	expect 404 not-found
	api GET "$CLASSIC/auth/nothing"
	[[ $status == 404 ]]
}

@test "a classic host: pages of other origins may use pictures" {
	[[ -n ${VAR-} && -n ${PORT-} ]] || skip "needs VAR and PORT"
	[[ -x $(command -v apache2) ]] || skip "needs apache2"
	classic_start
	mkdir "$VAR/classic/public_html/media"
	printf '\x89PNG\r\n\x1a\n' >"$VAR/classic/public_html/media/a.png"
	api GET "$CLASSIC/media/a.png" -H 'Origin: https://other.example'
	[[ $status == 200 ]]
	[[ $(header Access-Control-Allow-Origin) == '*' && $(header Cross-Origin-Resource-Policy) == cross-origin ]]
	api GET "$CLASSIC/api/meta" -H 'Origin: https://other.example'
	[[ -z $(header Access-Control-Allow-Origin) ]]
}
