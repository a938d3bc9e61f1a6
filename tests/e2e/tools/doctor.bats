# shopctl doctor: what it finds, and what it says to do.

load ../../support/cluster

@test "doctor is content with a good installation" {
	ctl migrate >/dev/null
	ctl doctor >out
	fails grep -q ^fail out
	for check in settings 'env file' media disk database server clock schema search rights owner password; do
		finds ok "$check" ''
	done
	# A line each.
	fails grep -vE '^(ok|warn) +[a-z]+ ' out
	fails grep -F '\x0A' out
	ctl doctor --json | jq -e '.failures == 0 and (.checks | length) > 8 and .checks[0].result == "ok"'
}

@test "doctor says of its file checks that root made them" {
	ctl migrate >/dev/null
	ctl doctor >out
	if (( EUID == 0 )); then
		finds warn files 'checked as root.* -> run doctor as the account that runs the programs'
		install -o nobody -m 600 .env "$cluster/env"
		cp "$shopctl" "$cluster/shopctl"
		setpriv --reuid nobody --clear-groups env -i "$cluster/shopctl" --env "$cluster/env" doctor >out || true
	fi
	finds ok 'env file' ''
	fails grep -q '^[a-z]* *files' out
}

@test "doctor names every setting that is wrong" {
	write_env SECRET_KEY=short MEDIA_DIR=relative SCRYPT_COST=1/2/3
	local code=0
	ctl doctor >out || code=$?
	[[ $code == 78 ]]
	finds fail settings 'SECRET_KEY is shorter'
	finds fail settings 'MEDIA_DIR is not a path'
	finds fail settings 'SCRYPT_COST is not'
	fails grep -q short\$ out
	code=0
	ctl doctor --json >out || code=$?
	[[ $code == 78 ]]
	jq -e '[.checks[] | select(.result == "fail")] | length >= 3' out
}

@test "doctor warns of an unknown setting, and refuses a misspelt one" {
	ctl migrate >/dev/null
	write_env COLOUR=x
	ctl doctor >out
	finds warn settings 'COLOUR is not a setting of this program; .env.example lists them'
	for word in RATE_LIMIT:RATE_LIMITS DATABSE_URL:DATABASE_URL public_url:PUBLIC_URL MAIL_FORM:MAIL_FROM; do
		write_env "${word%:*}=off"
		code=0
		ctl doctor >out || code=$?
		[[ $code == 78 ]]
		finds fail settings "${word%:*} is not a setting of this program; did you mean ${word#*:}? -> fix it"
	done
}

@test "a program logs a misspelt setting, and serves" {
	ctl migrate >/dev/null
	mkdir -p at/cgi-bin
	cp "${shopctl%/bin/shopctl}/cgi-bin/api/meta" at/cgi-bin/
	write_env COLOUR=x RATE_LIMIT=off
	cp -p .env at/
	answer=$(env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/meta PATH_INFO=/health \
		at/cgi-bin/meta </dev/null 2>err)
	[[ $answer == *'"status":"ok"'* ]]
	[[ $(grep -c 'level=error .*setting RATE_LIMIT is not a setting of this program; did you mean RATE_LIMITS?' err) == 1 ]]
	fails grep -q COLOUR err
}

@test "doctor finds a .env that others can read, or that the web server shows" {
	ctl migrate >/dev/null
	chmod 644 .env
	fails ctl doctor >out
	finds fail 'env file' 'has the mode 644'
	mkdir -p public_html
	cp -p .env public_html/.env
	chmod 600 public_html/.env
	fails env -i "$shopctl" --env public_html/.env doctor >out
	finds fail 'env file' 'inside public_html'
}

@test "doctor finds a database that does not answer" {
	write_env DATABASE_URL="$(url serving 1)" DATABASE_OWNER_URL="$(url owner 1)"
	local code=0
	ctl doctor >out || code=$?
	[[ $code == 69 ]]
	finds fail database '-> start the database, or correct .* in DATABASE_URL$'
	finds fail owner '-> start the database, or correct .* in DATABASE_OWNER_URL$'
}

@test "doctor finds a schema that is not this program's" {
	sql postgres "grant connect on database $base to serving"
	fails ctl doctor >out
	finds fail schema '0 of .* run shopctl migrate'
	ctl migrate >/dev/null
	sql "$base" "insert into schema_migrations values (9999, 'future', 'x')"
	fails ctl doctor >out
	finds fail schema '9999_future of a newer version'
}

@test "doctor finds a serving role with too many rights" {
	ctl migrate >/dev/null
	sql "$base" "grant update on audit_logs to serving"
	fails ctl doctor >out
	finds fail rights 'audit_logs.new_data: update'
	write_env DATABASE_URL="$(url postgres)"
	fails ctl doctor >out
	finds fail rights 'is a superuser'
}

@test "doctor finds a schema that everybody may create in" {
	# As before PostgreSQL 15.
	sql "$base" "alter schema public owner to postgres; grant create on schema public to public; grant create on schema public to owner"
	ctl migrate >/dev/null
	ctl doctor >out || true
	finds warn rights 'the role serving may create in the schema public'
	sql "$base" "alter schema public owner to owner"
	ctl migrate >/dev/null
	ctl doctor >out || true
	fails grep -q 'may create in' out
}

@test "doctor finds a directory for images that is not there" {
	ctl migrate >/dev/null
	rmdir media
	fails ctl doctor >out
	finds fail media 'there is no directory'
	write_env MEDIA_DIR=
	ctl doctor >out
	finds warn media 'images cannot be uploaded'
}

@test "doctor leaves nothing in the directories that it tries, killed though it is" {
	ctl migrate >/dev/null
	ctl doctor >out
	[[ -z $(ls -A media) ]]
	# Not a byte may be written to a file: that is a signal, and the end.
	code=0
	(ulimit -c 0 -f 0 && exec env -i "$shopctl" --env .env doctor) >/dev/null 2>&1 || code=$?
	[[ $code == $((128 + $(kill -l XFSZ))) ]]
	[[ -z $(ls -A media) ]]
}

# public_url VALUE [APP_ENV] : doctor, with this PUBLIC_URL, in the file out.
public_url() {
	write_env "PUBLIC_URL=$1" "APP_ENV=${2-production}"
	ctl doctor >out || true
}

@test "doctor looks at PUBLIC_URL" {
	ctl migrate >/dev/null
	public_url ''
	finds warn settings 'PUBLIC_URL is not set: messages and invoices'
	for url in https://shop.example/api/ https://shop.example/cgi-bin/api https://shop.example/cgi-bin; do
		public_url "$url"
		finds fail settings 'PUBLIC_URL has the path of the API'
	done
	public_url http://shop.example
	finds warn settings 'PUBLIC_URL begins with http'
	for url in http://127.0.0.1:8080 http://localhost 'http://[::1]:8080'; do
		public_url "$url"
		finds fail settings 'PUBLIC_URL is this machine itself'
	done
	for url in https://shop.example https://shop.example/shop https://127.example https://shop.example:8443; do
		public_url "$url"
		fails grep PUBLIC_URL out
	done
	public_url http://127.0.0.1:8080 development
	fails grep PUBLIC_URL out
}

@test "doctor looks at the ways to pay" {
	ctl migrate >/dev/null
	ctl doctor >out
	finds ok payments 'cod, manual$'
	write_env PAYMENT_METHODS=stripe,paypal
	ctl doctor >out || true
	finds fail payments 'no way to pay is offered'
	finds fail payments 'PAYMENT_METHODS names paypal, which there is not -> correct it: there are cod, manual, stripe, razorpay$'
	finds fail payments 'stripe is not offered to customers: STRIPE_SECRET_KEY is not set -> .*, or remove the method from PAYMENT_METHODS$'
	write_env STRIPE_SECRET_KEY=sk_live_x RAZORPAY_KEY_ID=rzp_x RAZORPAY_KEY_SECRET=x
	ctl doctor >out || true
	finds fail payments 'stripe is not offered to customers: STRIPE_WEBHOOK_SECRET is not set -> copy it .*, or remove the other keys$'
	finds fail payments 'razorpay is not offered to customers: RAZORPAY_WEBHOOK_SECRET is not set'
	write_env STRIPE_SECRET_KEY=sk_live_x STRIPE_WEBHOOK_SECRET=whsec_x
	ctl doctor >out
	finds ok payments 'cod, manual, stripe$'
	fails grep -q '^fail  payments' out
}

@test "doctor finds rights that were revoked or granted by hand" {
	ctl migrate >/dev/null
	for change in "revoke execute on function order_place from serving:the function order_place" \
		"revoke select on products from serving:the table products" \
		"grant execute on function order_lock(uuid) to public:the function order_lock" \
		"revoke select on live_products from serving:the view live_products" \
		"grant delete on products to serving:the table products"; do
		sql "$base" "${change%%:*}" postgres
		code=0
		ctl doctor >out || code=$?
		[[ $code == 78 ]] || { cat out; return 1; }
		finds fail rights "not as this version sets .*: ${change#*:}.* -> run shopctl migrate"
		ctl migrate >/dev/null
		ctl doctor >out
	done
	sql "$base" "revoke usage on schema public from public, serving"
	ctl doctor >out || true
	finds fail schema 'permission denied for schema public -> run shopctl migrate'
	ctl migrate >/dev/null
	# What it compares with was not left behind.
	sql "$base" "revoke select on products from serving"
	ctl doctor >out || true
	serving_sees=$(sql "$base" "select has_table_privilege('serving', 'products', 'select')")
	[[ $serving_sees == f ]]
}

@test "doctor finds what others added to our tables and functions" {
	ctl migrate >/dev/null
	sql "$base" "create function order_lock(which text) returns void language sql as ''" owner
	ctl migrate >/dev/null
	ctl doctor >out || true
	finds fail schema 'the function order_lock(text) has the name of one of ours.* -> rename it or drop it: drop function order_lock(text)$'
	sql "$base" "drop function order_lock(text); alter table products enable row level security"
	ctl doctor >out || true
	finds fail schema 'the table products has row level security: rows are hidden .*disable row level security$'
	sql "$base" "alter table products disable row level security;
		create rule quiet as on insert to products do instead nothing"
	ctl doctor >out || true
	finds fail schema 'the table products has the rule quiet, .*run: drop rule quiet on products$'
	sql "$base" "drop rule quiet on products"
	ctl doctor >out
}

@test "doctor finds a settings file beside pages" {
	ctl migrate >/dev/null
	for page in .htaccess index.html index.php; do
		mkdir -p pages
		cp -p .env pages/
		touch "pages/$page"
		env -i "$shopctl" --env pages/.env doctor >out || true
		finds fail 'env file' "is beside $page, where web servers publish files"
		rm -r pages
	done
}

# The archive's folder has one, which refuses everything.
@test "doctor takes the .htaccess of the folder cgishop for what it is" {
	ctl migrate >/dev/null
	mkdir -p cgishop public_html/cgishop
	cp -p .env cgishop/
	cp -p .env public_html/cgishop/
	cp "$top/httpd/htaccess/cgishop" cgishop/.htaccess
	cp "$top/httpd/htaccess/cgishop" public_html/cgishop/.htaccess
	env -i "$shopctl" --env cgishop/.env doctor >out || true
	finds ok 'env file' '/cgishop/.env$'
	fails grep 'web servers publish' out
	env -i "$shopctl" --env public_html/cgishop/.env doctor >out || true
	finds fail 'env file' 'is inside public_html'
	touch cgishop/index.html
	env -i "$shopctl" --env cgishop/.env doctor >out || true
	finds fail 'env file' 'is beside index.html'
}

@test "doctor calls a setting that is wrong not missing as well" {
	ctl migrate >/dev/null
	write_env PUBLIC_URL=shop.example MEDIA_DIR=media
	ctl doctor >out || true
	finds fail settings 'PUBLIC_URL is not an address'
	finds fail settings 'MEDIA_DIR '
	fails grep 'is not set: ' out
	write_env SECRET_KEY=
	ctl doctor >out || true
	finds fail settings 'SECRET_KEY is required -> the step Secret key of setup.cgi makes one'
}

@test "doctor says that the directory for invoices is not there" {
	ctl migrate >/dev/null
	write_env INVOICE_DIR="$BATS_TEST_TMPDIR/nowhere"
	ctl doctor >out || true
	finds fail invoices 'there is no directory .*nowhere -> create it'
}

@test "doctor tells programs each check by its id" {
	ctl migrate >/dev/null
	write_env PUBLIC_URL=https://shop.example/api
	ctl doctor --json >out || true
	jq -e '.checks | all(.id | test("^[a-z][a-z0-9-]*$"))' out
	[[ $(jq -r '.checks[] | select(.id == "public-url") | .result' out) == fail ]]
	[[ $(jq -c '.checks[0] | keys_unsorted' out) == '["id","check","result","found","fix"]' ]]
}

# Of programs that lack TLS, as those that serve, and of the database's side of it.
@test "doctor starts a program that serves" {
	ctl migrate >/dev/null
	mkdir -p at/bin at/cgi-bin/api
	cp "$shopctl" at/bin/
	printf '#!/bin/sh\necho "cgishop meta 0.0.0"\n' >at/cgi-bin/api/meta.cgi
	chmod 755 at/cgi-bin/api/meta.cgi
	env -i at/bin/shopctl --env .env doctor >out || true
	finds ok programs 'at/cgi-bin/api/meta.cgi, without TLS, which this database does not need$'
	printf '#!/bin/sh\necho "cgishop meta 0.0.0 (TLS)"\n' >at/cgi-bin/api/meta.cgi
	env -i at/bin/shopctl --env .env doctor >out || true
	finds ok programs 'with TLS; those of cgi-bin start faster and would do here$'
	printf '#!/nowhere\n' >at/cgi-bin/api/meta.cgi
	env -i at/bin/shopctl --env .env doctor >out || true
	finds fail programs 'cannot be started -> copy the programs again'
}

@test "doctor finds a SETUP_TOKEN that is needed no more" {
	write_env SETUP_TOKEN=a-long-enough-token-1
	ctl migrate >/dev/null
	ctl doctor >out || true
	fails grep -q SETUP_TOKEN out
	ctl create-admin --email ann@example.com <<<"$PASSWORD" >/dev/null
	ctl doctor >out || true
	finds warn settings 'SETUP_TOKEN is set, though the shop is set up: .* -> remove it'
}

@test "doctor says when cron last ran" {
	ctl migrate >/dev/null
	ctl doctor >out
	finds warn cron 'has never run: .* -> have .shopctl cron. run every five minutes'
	ctl cron >/dev/null
	ctl doctor >out
	finds ok cron 'ran 0 min ago'
	sql "$base" "update cron_history set started_at = now() - interval '3 hours'"
	ctl doctor >out
	finds warn cron 'ran 180 min ago'
}
