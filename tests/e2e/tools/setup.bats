# setup.cgi, in a shop as it is uploaded: public_html with cgi-bin, beside it cgishop with .env and the programs; under
# a lighttpd and an Apache of its own, as one account without rights, with a PostgreSQL of its own.
# shellcheck disable=SC2030,SC2031,SC2154 # each test has its own $site; cluster.bash sets $cluster

readonly TOKEN=a-long-enough-token-1 EMAIL=ann@example.com
# PORT is the cluster's once it is there, so the tests take them from setup_file.
export WEB_PORT=${WEB_PORT-$((${PORT:-18080} + 15))}
export APACHE_PORT=$((WEB_PORT + 1))

load ../../support/cluster

lighttpd_conf() {
	cat <<-END
	server.port = $WEB_PORT
	server.bind = "127.0.0.1"
	server.document-root = "$home/public_html"
	server.errorlog = "$home/web.log"
	server.breakagelog = "$home/cgi.log"
	server.modules = ( "mod_rewrite", "mod_alias", "mod_cgi" )
	url.rewrite-once = (
		"^/setup\.cgi(\?.*)?\$" => "/cgi-bin/setup.cgi\$1",
		"^/api/([a-z-]+)(.*)\$" => "/cgi-bin/api/\$1.cgi\$2" )
	\$HTTP["url"] =^ "/cgi-bin/" { cgi.assign = ( ".cgi" => "" ) }
	mimetype.assign = ( ".png" => "image/png", "" => "application/octet-stream" )
	# A host that is set up badly.
	\$HTTP["host"] =^ "localhost" {
		alias.url = ( "/cgishop/" => "$home/cgishop/" )
		\$HTTP["url"] =^ "/media/" {
			cgi.assign = ( ".cgi" => "" )
			mimetype.assign = ( ".html" => "text/html" )
		}
	}
	END
}

apache_conf() {
	cat <<-END
	ServerRoot $home
	PidFile $home/apache.pid
	DefaultRuntimeDir $home
	ServerName 127.0.0.1
	Listen 127.0.0.1:$APACHE_PORT
	DocumentRoot $home/public_html
	ErrorLog $home/web.log
	TypesConfig /etc/mime.types
	$(printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' mpm_event mpm_event authz_core authz_core \
		cgid cgid rewrite rewrite headers headers mime mime setenvif setenvif)
	ScriptSock $home/cgid.sock
	AddHandler cgi-script .cgi
	<Directory $home/public_html>
		Options FollowSymLinks
		AllowOverride FileInfo
		Require all granted
	</Directory>
	<Directory $home/public_html/cgi-bin>
		Options +ExecCGI
	</Directory>
	END
}

# As the account of the shop.
as_owner() {
	if (( EUID == 0 )); then setpriv --reuid www-data --regid www-data --init-groups -- "$@"; else "$@"; fi
}

# The same in the background: it takes the place of the subshell, whose number is kept.
serve() {
	if (( EUID == 0 )); then exec setpriv --reuid www-data --regid www-data --init-groups -- "$@"; else exec "$@"; fi
}

own() { if (( EUID == 0 )); then chown -R www-data: "$@"; fi; }

setup_file() {
	start_cluster
	build=$(realpath "${BUILD:-$top/build}")
	home=$(mktemp -d /tmp/setup-home.XXXXXX)
	export build home
	chmod 755 "$home"
	mkdir -p "$home"/public_html/{cgi-bin/api,media} "$home"/cgishop/bin
	for program in "$build"/cgi-bin/api/*; do cp "$program" "$home/public_html/cgi-bin/api/$(basename "$program").cgi"; done
	cp "$build/cgi-bin/setup" "$home/public_html/cgi-bin/setup.cgi"
	mkdir "$home/public_html/api"
	cp "$top/httpd/htaccess/public_html" "$home/public_html/.htaccess"
	for name in api cgi-bin media; do cp "$top/httpd/htaccess/$name" "$home/public_html/$name/.htaccess"; done
	cp "$top/httpd/htaccess/cgishop" "$home/cgishop/.htaccess"
	cp "$build"/bin/{shopctl,fetch} "$home/cgishop/bin/"
	cp -R "$top/core/message/templates" "$top/tools/shopctl/demo" "$home/cgishop/"
	lighttpd_conf >"$home/lighttpd.conf"
	apache_conf >"$home/apache.conf"
	touch "$home/web.log" "$home/cgi.log"
	own "$home"
	PATH=$PATH:/usr/sbin
	serve lighttpd -D -f "$home/lighttpd.conf" 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/pids"
	serve apache2 -X -f "$home/apache.conf" 3>&- &
	echo $! >>"$BATS_FILE_TMPDIR/pids"
	for _ in {1..100}; do
		curl -s -o /dev/null "http://127.0.0.1:$WEB_PORT/" && curl -s -o /dev/null "http://127.0.0.1:$APACHE_PORT/" && break
		sleep 0.1
	done
}

teardown_file() {
	xargs kill <"$BATS_FILE_TMPDIR/pids"
	wait 2>/dev/null || true
	stop_cluster
	rm -rf "$home"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=setup_$BATS_TEST_NUMBER site=http://127.0.0.1:$WEB_PORT/cgi-bin/setup.cgi env=$home/cgishop/.env
	sql postgres "create database $base owner owner"
	rm -f "$home"/cgishop/.setup-*
	write_env
}

teardown() {
	sql postgres "drop database if exists $base with (force)"
	chmod 755 "$home/cgishop"
}

url() { printf 'postgresql://%s@/%s?host=%s&port=%s' "$1" "$base" "$cluster" "$PORT"; }

# write_env [LINE]... : a good .env, and then the lines, of which the last one of a name counts.
write_env() {
	local line
	printf '%s\n' "SETUP_TOKEN=$TOKEN" SECRET_KEY= "DATABASE_URL=$(url serving)" "DATABASE_OWNER_URL=$(url owner)" \
		SCRYPT_COST=10/8/1 "MEDIA_DIR=$home/public_html/media" "PUBLIC_URL=http://127.0.0.1:$WEB_PORT" >"$env"
	for line; do
		sed -i "/^${line%%=*}=/d" "$env"
		printf '%s\n' "$line" >>"$env"
	done
	chmod 600 "$env"
	own "$env"
}

ctl() { as_owner env -i "$home/cgishop/bin/shopctl" "$@"; }

# A shop as it is after its setup.
make_shop() {
	write_env "SECRET_KEY=0123456789abcdef0123456789abcdef" "$@"
	ctl migrate >/dev/null
	ctl create-admin --email "$EMAIL" <<<"$PASSWORD" >/dev/null
}

# One request with the cookies of this test: leaves $status, and the files page and head.
request() {
	status=$(curl -s --max-time 60 -b jar -c jar -D head -o page -w '%{http_code}' "$@")
	local value
	value=$(sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p' page | head -n 1)
	hidden=${value:-${hidden-}}
}

# page STEP : shows it.
page() { request "$site?step=$1"; }

# post STEP NAME=VALUE... : presses the button of the page that is shown; what was done is said on a page of its own.
post() {
	local step=$1 fields=()
	shift
	for field; do fields+=(--data-urlencode "$field"); done
	request "$site?step=$step" --data-urlencode "form=$hidden" "${fields[@]}"
	if [[ $status == 303 ]]; then request "$(location head)"; fi
}

# cookie_of HEAD JAR : the one that the response has set, or else the jar's.
cookie_of() {
	grep -qi '^set-cookie: setup=' "$1" || { echo "$2"; return; }
	sed -n 's/^set-cookie: \(setup=[^;]*\).*/\1/Ip' "$1" | tail -n 1
}

location() { sed -n "s%^location: %$site%Ip" "$1" | tr -d '\r'; }

sign_in() {
	request "$site" --data-urlencode "token=${1-$TOKEN}" --data-urlencode "email=${2-}" --data-urlencode "password=${3-}"
	[[ $status == 303 ]] || return
	page checks
}

shows() {
	local text
	for text; do
		if ! grep -qF -- "$text" page; then echo "the page lacks: $text"; sed 's/<style.*style>//; s/<[^>]*>/ /g' page | grep -v '^ *$' | tail -n 60; return 1; fi
	done
}

# --- who may use it ---------------------------------------------------------

@test "without a token there is no setup.cgi" {
	write_env SETUP_TOKEN=
	request "$site"
	[[ $status == 404 ]]
	grep -q problems/not-found page
	request "$site?step=admin" -d token= -d email=a@b.example
	[[ $status == 404 ]]
	rm "$env"
	request "$site"
	[[ $status == 404 ]]
}

@test "a token or a file that cannot be used is reported" {
	write_env SETUP_TOKEN=short
	request "$site"
	[[ $status == 503 ]]
	shows 'SETUP_TOKEN in the file .env is shorter than 16 characters' 'type 32 letters and digits'
	write_env
	chmod 666 "$env"
	request "$site"
	[[ $status == 503 ]]
	shows 'There is a file .env' 'permissions 600'
}

@test "the page loads nothing, is not stored, framed or indexed" {
	request "$site"
	[[ $status == 200 ]]
	shows 'Sign in' 'This page is not encrypted' '<html lang="en">' 'name="viewport"'
	grep -qi "^content-security-policy: default-src 'none'; style-src 'nonce-.*frame-ancestors 'none'" head
	grep -qi '^cache-control: no-store' head
	grep -qi '^x-frame-options: DENY' head
	grep -qi '^x-robots-tag: noindex' head
	grep -qi '^x-content-type-options: nosniff' head
	fails grep -qiE '<script|(src|href|action)=.?https?:| on[a-z]+=' page
	request "$site" -H 'X-Forwarded-Proto: https'
	fails grep -q 'not encrypted' page
}

@test "the cookie is for this page alone" {
	sign_in
	request "$site" --data-urlencode "token=$TOKEN" -H 'X-Forwarded-Proto: https'
	grep -qi '^set-cookie: setup=[^;]*; Path=/cgi-bin/setup.cgi; Max-Age=3600; HttpOnly; SameSite=Strict; Secure' head
	site=http://127.0.0.1:$WEB_PORT/setup.cgi
	sign_in
	grep -qP '\t/setup.cgi\t' jar
	shows 'aria-current="step">Checks'
}

@test "wrong tokens are refused, logged and limited, and a new token begins anew" {
	request "$site" -d token=a-long-enough-token-2
	[[ $status == 403 ]]
	shows 'The token is wrong.'
	fails grep -qi '^set-cookie' head
	for i in {1..9}; do curl -s -o "wrong$i" -w '%{http_code}\n' "$site" -d "token=guess$i" >"code$i" & done
	wait
	[[ $(sort -u code?) == 403 ]]
	request "$site" --data-urlencode "token=$TOKEN"
	[[ $status == 429 ]]
	shows 'Too many attempts'
	grep -q 'event=setup-sign-in result=refused' "$home/cgi.log"
	grep -q 'event=setup-sign-in result=limited' "$home/cgi.log"
	fails grep -qF "$TOKEN" "$home/cgi.log"
	fails grep -q guess "$home/cgi.log"
	write_env SETUP_TOKEN=another-long-token-2
	sign_in another-long-token-2
}

@test "spaces that were copied with the token do no harm" {
	sign_in " $TOKEN  "
}

@test "attempts at once are all counted" {
	for i in {1..20}; do curl -s -o /dev/null -w '%{http_code}\n' "$site" -d "token=guess$i" >"code$i" & done
	wait
	[[ $(cat code* | sort | uniq -c | tr -s ' ') == " 10 403"$'\n'" 10 429" ]]
}

@test "a form without the session's own value does nothing" {
	sign_in
	page key
	request "$site?step=key" -d ''
	[[ $status == 4?? ]]
	for value in '' x "${hidden}x"; do
		request "$site?step=key" --data-urlencode "form=$value"
		[[ $status == 403 ]]
	done
	grep -qx SECRET_KEY= "$env"
	page key
	rm jar
	post key
	[[ $status == 403 ]]
	grep -qx SECRET_KEY= "$env"
}

@test "a cookie that was changed is none" {
	sign_in
	value=$(sed -n 's/.*\tsetup\t//p' jar)
	for bad in "${value}x" "${value/.n./.a.}" "9$value" 'x' '...' "$(printf 'a%.0s' {1..3000})"; do
		rm -f jar
		request "$site" -H "Cookie: setup=$bad"
		[[ $status == 200 ]]
		shows 'Setup token'
	done
	request "$site" -H "Cookie: other=1; setup=$value; more=2"
	shows 'aria-current="step">Checks'
}

@test "odd requests are answered" {
	sign_in
	request "$site/more"
	[[ $status == 404 ]]
	for query in 'step=..%2f..%2fetc' 'step=%00' 'x' 'step=%3Cscript%3E' 'step=key&step=key' 'step=%ff'; do
		request "$site?$query"
		[[ $status == 200 || $status == 400 ]]
		fails grep -q '<script' page
	done
	request "$site" -X DELETE
	[[ $status == 405 ]]
	head -c 2000000 /dev/zero | tr '\0' a >big
	request "$site?step=key" --data-binary @big
	[[ $status == 413 ]]
	head -c 9000 big >bigger
	request "$site?step=key" --data-binary @bigger
	[[ $status == 413 ]]
	request "$site?step=key" -H 'Content-Type: application/json' -d '{}'
	[[ $status == 400 ]]
	request "$site?step=key" -d 'a=%zz'
	[[ $status == 400 ]]
	request "$site?step=key" -d "$(printf 'f%s=1&' {1..40})"
	[[ $status == 400 ]]
	request "$site" -H 'Host: evil.example"><script>'
	[[ $status == 400 || $status == 200 ]]
	fails grep -q '<script' page
	grep -qx SECRET_KEY= "$env"
}

# --- from nothing to a shop -------------------------------------------------

# walk : everything an owner does.
walk() {
	sign_in
	shows 'To do' 'SECRET_KEY is required'
	fails grep -qF "$TOKEN" page
	page key
	shows 'SECRET_KEY='
	post key
	shows 'A new key is in .env.' 'There is a secret key.'
	grep -qxE 'SECRET_KEY=[0-9a-f]{64}' "$env"
	page database
	shows 'OK'
	page tables
	shows '0001_base' 'Make the tables'
	post tables
	shows 'Done: 0001_base up to' 'Nothing needs to be done'
	page store
	shows '<option value="Europe/Berlin">'
	post store name='Lumen <b>&"'"'" country=de currency=eur zone=Europe/Berlin tax=included
	shows 'The store was made.' 'Lumen &lt;b&gt;&amp;&quot;&#39;'
	[[ $(sql "$base" "select concat_ws(' ', currency, timezone, prices_include_tax, address ->> 'country') from stores") \
		== 'EUR Europe/Berlin t DE' ]]
	page admin
	post admin email="$EMAIL" name=Ann password="$PASSWORD" again="$PASSWORD"
	shows 'The administrator was made.' 'There is an administrator.'
	page demo
	post demo
	shows 'The examples are in the shop.'
	page outside
	post outside
	shows 'answers at its address' 'Authorization header arrives' '.env cannot be read' 'pictures are shown' 'neither run nor shown'
	if grep -q '<li class="finding fail' page; then shows nothing-fails; fi
	[[ -z $(find "$home/public_html/media" -name 'setup-test-*') ]]
	page finish
	post finish
	shows 'Setup is switched off'
	fails grep -q SETUP_TOKEN "$env"
	[[ -z $(find "$home/cgishop" -name '.setup-*') ]]
	request "$site"
	[[ $status == 404 ]]
	login=$(curl -s "${site%/cgi-bin/*}/api/auth/admin/login" -H 'Content-Type: application/json' \
		-d "{\"email\":\"$EMAIL\",\"password\":\"$PASSWORD\"}")
	curl -s "${site%/cgi-bin/*}/api/auth/me" -H "Authorization: Bearer $(jq -r .token <<<"$login")" | jq -e .is_admin
}

@test "the whole walk, under lighttpd" { walk; }

@test "the whole walk, under Apache with the .htaccess" {
	write_env "PUBLIC_URL=http://127.0.0.1:$APACHE_PORT"
	site=http://127.0.0.1:$APACHE_PORT/cgi-bin/setup.cgi
	[[ $(curl -s "http://127.0.0.1:$APACHE_PORT/setup.cgi") == *'Setup token'* ]]
	walk
}

@test "each step may be repeated" {
	make_shop
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	key=$(grep SECRET_KEY "$env")
	page finish # has a form whatever is there
	for step in key tables admin demo demo outside; do
		page "$step"
		post "$step" email=x@example.com password="$PASSWORD" again="$PASSWORD"
		[[ $status == 200 ]]
	done
	[[ $(grep SECRET_KEY "$env") == "$key" ]]
	[[ $(sql "$base" "select count(*) from users where is_admin") == 1 ]]
}

@test "what was typed wrongly is reported, and kept except for passwords" {
	write_env "SECRET_KEY=0123456789abcdef0123456789abcdef"
	ctl migrate >/dev/null
	sign_in
	page store
	post store name='<i>Lumen' country=Germany currency=EUR zone=Europe/Berlin tax=added
	shows 'is not the code of a country' 'value="&lt;i&gt;Lumen"' 'value="Germany"'
	post store name=Lumen country=DE currency=EUO zone=Europe/Berlin tax=added
	shows 'is not the code of a currency'
	post store name=Lumen country=DE currency=EUR zone=Berlin tax=added
	shows 'is not a time zone'
	page admin
	post admin email="$EMAIL" name= password=short again=short
	shows 'At least 10 characters' "value=\"$EMAIL\""
	fails grep -q 'value="short"' page
	post admin email="$EMAIL" name= password="$PASSWORD" again=other
	shows 'not the same'
	post admin email=nobody name= password="$PASSWORD" again="$PASSWORD"
	shows 'not an e-mail address'
	[[ $(sql "$base" "select count(*) from users") == 0 ]]
}

@test "a page that says what was done may be loaded again, and says it to nobody else" {
	make_shop
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page store
	request "$site?step=store" --data-urlencode "form=$hidden" -d name=Lumen -d country=DE -d currency=EUR -d zone=UTC -d tax=added
	[[ $status == 303 && ! -s page ]]
	local said
	said=$(location head)
	for _ in 1 2; do
		request "$said"
		[[ $status == 200 ]]
		shows 'The store was made.'
	done
	[[ $(sql "$base" "select count(*) from stores") == 1 ]]
	request "${said/said=/said=VGhl}"
	fails grep -q 'class="message' page
	request "$site?step=store&said=VGhl&mark="
	fails grep -q 'class="message' page
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	request "$said"
	fails grep -q 'class="message' page
}

@test "two clicks at once make one of each, and the second is signed in too" {
	write_env "SECRET_KEY=0123456789abcdef0123456789abcdef"
	sign_in
	cp jar first
	both() {
		local step=$1 i pids=()
		shift
		page "$step"
		for i in 1 2; do
			curl -s -b jar -D "head$i" -o "page$i" "$site?step=$step" --data-urlencode "form=$hidden" "$@" & pids+=($!)
		done
		wait "${pids[@]}"
		for i in 1 2; do
			[[ -s page$i ]] || curl -s -b "$(cookie_of "head$i" jar)" -o "page$i" "$(location "head$i")"
		done
	}
	both tables
	grep -q 'Done: 0001_base' page1 page2
	[[ $(cat page1 page2 | grep -c 'Nothing needs to be done') == 2 ]]
	both store -d name=Lumen -d country=DE -d currency=EUR -d zone=UTC -d tax=added
	[[ $(sql "$base" "select count(*) from stores") == 1 ]]
	both admin --data-urlencode email=$EMAIL --data-urlencode "password=$PASSWORD" --data-urlencode "again=$PASSWORD"
	[[ $(sql "$base" "select count(*) from users") == 1 ]]
	[[ $(cat page1 page2 | grep -c 'There is an administrator.') == 2 ]]
	[[ $(cat head1 head2 | grep -ci '^set-cookie: setup=[0-9]*\.a\.') == 2 ]]
}

# --- a shop that is there ---------------------------------------------------

@test "once there is an administrator the token alone opens nothing" {
	write_env "SECRET_KEY=0123456789abcdef0123456789abcdef"
	ctl migrate >/dev/null
	sign_in
	ctl create-admin --email "$EMAIL" <<<"$PASSWORD" >/dev/null
	ctl create-admin --email staff@example.com --staff <<<"$PASSWORD" >/dev/null
	page admin
	shows 'This shop has an administrator already'
	fails grep -q 'aria-current="step"' page
	post admin email=me@example.com password="$PASSWORD" again="$PASSWORD"
	[[ $status == 403 && $(sql "$base" "select count(*) from users") == 2 ]]
	fails sign_in "$TOKEN"
	fails sign_in "$TOKEN" "$EMAIL" 'another password'
	fails sign_in "$TOKEN" staff@example.com "$PASSWORD"
	fails sign_in "$TOKEN" nobody@example.com "$PASSWORD"
	fails sign_in wrong-token-of-16-x "$EMAIL" "$PASSWORD"
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	shows 'aria-current="step">Checks'
	grep -q 'event=setup-sign-in result=refused by=password user=- account=n\*\*\*@example.com' "$home/cgi.log"
	grep -q 'event=setup-sign-in result=ok by=password user=- account=a\*\*\*@example.com' "$home/cgi.log"
	fails grep -qF -e "$EMAIL" -e nobody@ -e "$PASSWORD" -e 'another password' "$home/cgi.log"
}

# signed_out : the cookie opens nothing any more.
signed_out() {
	page backup
	shows 'Setup token'
	fails grep -q 'aria-current="step"' page
	post backup
	[[ $status == 403 ]]
}

@test "an administrator's session ends with the password, the rights and the account" {
	make_shop
	ctl create-admin --email bob@example.com <<<"$PASSWORD" >/dev/null
	local change
	for change in 'is_admin = false, is_staff = true' 'is_active = false' 'is_suspended = true' 'is_deleted = true' \
		"active_to = now() - interval '1 minute'"; do
		sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
		page backup
		shows 'Make a backup'
		sql "$base" "begin; set local session_replication_role = replica; update users set $change where email = '$EMAIL'; commit"
		signed_out
		sql "$base" "begin; set local session_replication_role = replica; update users set is_admin = true, is_active = true,
			is_suspended = false, is_deleted = false, active_to = null where email = '$EMAIL'; commit"
	done
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	ctl reset-password --email "$EMAIL" <<<'another long password 7' >/dev/null
	signed_out
	[[ ! -e $home/cgishop/backups ]]
}

@test "while the database does not say who is an administrator, no backup is sent" {
	make_shop
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page backup
	post backup
	name=$(sed -n 's/.*name="file" value="\([^"]*\)".*/\1/p' page | head -n 1)
	sed -i '/^DATABASE/s/port=[0-9]*/port=9/' "$env"
	page backup
	post backup "file=$name"
	[[ $status == 200 ]]
	fails grep -qi '^content-disposition' head
	shows 'the database cannot say who you are'
	rm -r "$home/cgishop/backups"
}

@test "strangers do not keep the owner waiting" {
	for body in 'x=1' 'form=x' 'form=x&file=y' 'step=key' "form=$(printf 'a%.0s' {1..43})"; do
		request "$site?step=key" -d "$body" -b 'setup=1900000000.n.x.y'
		[[ $status == 403 ]]
	done
	[[ ! -e $home/cgishop/.setup-lock ]]
	sign_in
	page key
	post key
	[[ -e $home/cgishop/.setup-lock ]]
}

@test "the addresses of one IPv6 line are limited together" {
	write_env TRUSTED_PROXIES=127.0.0.1
	guess() {
		local i
		for i in {1..12}; do
			curl -s -o /dev/null -w '%{http_code}\n' "$site" -H "X-Forwarded-For: 2001:db8:0:$1::$i" -d token=guess >"code$i" &
		done
		wait
		[[ $(cat code* | sort | uniq -c | tr -s ' ') == " 10 403"$'\n'" 2 429" ]]
	}
	guess 1
	guess 2
}

@test "an administrator's password has the shop's own limits" {
	make_shop LIMITS=login-both=2/900
	for i in 1 2; do fails sign_in "$TOKEN" "$EMAIL" "wrong password $i"; done
	fails sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	shows 'Too many attempts'
	[[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$WEB_PORT/api/auth/admin/login" \
		-H 'Content-Type: application/json' -d "{\"email\":\"$EMAIL\",\"password\":\"$PASSWORD\"}") == 429 ]]
}

@test "an older database is updated" {
	make_shop
	sql "$base" 'drop function password_set(uuid, text)' owner
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page tables
	shows 'Update the tables' 'make a backup and download it' 'are replaced by those of this version'
	post tables
	shows 'Nothing needs to be done'
	ctl migrate --plan | grep -q 'up to date'
}

@test "a backup is made and downloaded, and nothing else is" {
	make_shop
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page backup
	post backup
	shows 'The backup was made.' 'Download'
	name=$(sed -n 's/.*name="file" value="\([^"]*\)".*/\1/p' page | head -n 1)
	post backup "file=$name"
	[[ $status == 200 ]]
	grep -qi "^content-disposition: attachment; filename=\"$name\"" head
	cmp page "$home/cgishop/backups/$name"
	page backup
	for name in ../.env .env /etc/passwd "../backups/$name" x; do
		post backup "file=$name"
		shows 'There is no such backup'
	done
	rm -r "$home/cgishop/backups"
}

@test "without an administrator there is no backup" {
	write_env "SECRET_KEY=0123456789abcdef0123456789abcdef"
	ctl migrate >/dev/null
	sign_in
	fails grep -q 'step=backup' page
	page key
	page finish
	post backup
	[[ ! -e $home/cgishop/backups ]]
}

@test "a newer database is left alone" {
	make_shop
	sql "$base" "insert into schema_migrations (number, name, checksum) select 9999, 'future', checksum from schema_migrations limit 1"
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page tables
	shows 'the database is newer than this program'
}

# --- what is missing or broken ----------------------------------------------

@test "a database that does not answer is reported, and changes nothing" {
	write_env "SECRET_KEY=0123456789abcdef0123456789abcdef" "DATABASE_URL=postgresql://u:s3cret-word@127.0.0.1:9/x" DATABASE_OWNER_URL=
	sign_in
	for step in checks key database tables store admin demo outside finish; do
		page "$step"
		[[ $status == 200 ]]
		fails grep -q s3cret-word page
		fails grep -q 0123456789abcdef page
	done
	page database
	shows 'To do'
	page finish
	post admin email="$EMAIL" password="$PASSWORD" again="$PASSWORD"
	shows 'Nothing was changed'
	post tables
	shows 'Nothing was changed'
}

@test "a broken .env is reported line by line" {
	write_env 'SCRYPT_COST=nonsense' 'DATABASE_URL=' DATABASE_OWNER_URL=
	printf 'no setting\n' >>"$env"
	sign_in
	shows 'DATABASE_URL is required' 'SCRYPT_COST'
	page database
	shows 'There is no DATABASE_URL yet'
	write_env 'DATABASE_URL=mysql://u:p@host/x' DATABASE_OWNER_URL=
	page database
	shows 'DATABASE_URL is not an address of the form'
	fails grep -q 'There is no DATABASE_URL yet' page
}

@test "a database that does not let us in is no step that is done" {
	sign_in
	shows '<a class="done" href="?step=database"'
	write_env "DATABASE_URL=$(url serving | sed "s|/$base|/nowhere|")" DATABASE_OWNER_URL=
	page database
	shows 'nowhere' 'does not exist' '<a href="?step=database"'
}

@test "the page has the line for cron, of this host" {
	make_shop
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page outside
	shows "<pre>$home/cgishop/bin/shopctl cron &gt;/dev/null</pre>" 'has never run'
}

@test "where .env cannot be written the line is shown" {
	sign_in
	if (( EUID == 0 )); then chown -R root: "$home/cgishop"; chown www-data: "$env"; fi
	chmod 555 "$home/cgishop"
	page key
	post key
	shows 'The key was not written' 'By hand' 'SECRET_KEY='
	page finish
	post finish
	shows 'by hand' 'stays on'
	own "$home/cgishop"
	chmod 755 "$home/cgishop"
	grep -q "^SETUP_TOKEN=$TOKEN" "$env"
}

@test "without fetch the owner gets links" {
	mv "$home/cgishop/bin/fetch" "$BATS_TEST_TMPDIR/"
	sign_in
	page outside
	post outside
	mv "$BATS_TEST_TMPDIR/fetch" "$home/cgishop/bin/"
	shows 'cannot open' 'must show an error' "http://127.0.0.1:$WEB_PORT/cgishop/.env"
}

@test "for an address that does not answer the page says where to look" {
	make_shop PUBLIC_URL=http://127.0.0.1:9
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page outside
	post outside
	shows 'this host cannot open http://127.0.0.1:9 itself.' 'certificate' 'error log'
}

@test "a host that shows .env and runs files among the pictures is found out" {
	make_shop "PUBLIC_URL=http://localhost:$WEB_PORT"
	sign_in "$TOKEN" "$EMAIL" "$PASSWORD"
	page outside
	post outside
	shows 'everyone can read your passwords' 'is run as a program' 'is shown as a page'
	[[ -z $(find "$home/public_html/media" -name 'setup-test-*') ]]
}
