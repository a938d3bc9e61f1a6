# The command line tool: its options, and the commands that make users, stores, keys and the demonstration catalogue.

load ../../support/cluster

# --- the command line -------------------------------------------------------

commands() { sed -n 's/^COMMAND("\([a-z-]*\)".*/\1/p' "$top/tools/shopctl/commands.def"; }

@test "help and version" {
	[[ $(ctl --version) =~ ^shopctl\ [0-9]+\.[0-9]+\.[0-9]+$ && $(ctl -V) == "$(ctl --version)" ]]
	[[ $(ctl -h) == "$(ctl --help)" ]]
	ctl --help | grep -q '^Examples:'
	(( $(commands | wc -l) >= 6 ))
	for command in $(commands); do
		ctl --help | grep -q "^  $command "
		ctl "$command" --help >help
		head -n 1 help | grep -q "^Usage: shopctl $command\b"
		grep -q '^Examples\?:' help
		grep -oE '^ +--[a-z-]+' help | while read -r option; do sed '/^$/,$d' help | grep -qe "$option\b"; done
		[[ $(sed '/^Example/,$d' help | wc -L) -le 80 ]]
	done
	[[ $(ctl --help | wc -L) -le 80 ]]
}

@test "a wrong command line is refused" {
	refuses 64 'name a command'
	refuses 64 'no command "migrat"; did you mean migrate?' migrat
	refuses 64 'no command "load"; did you mean load-demo?' load
	refuses 64 'no command "sell"; shopctl --help lists' sell
	refuses 64 'no option --plam; did you mean --plan?' migrate --plam
	refuses 64 'no option --jsom; did you mean --json?' migrate --jsom=1
	refuses 64 'no option --e; did you mean --env?' --e .env migrate
	refuses 64 'no option --colour; shopctl COMMAND --help lists' migrate --colour
	refuses 64 'no option -q;' migrate -q
	refuses 64 '--email needs an argument: ADDRESS' create-admin --email
	refuses 64 '--json does not take an argument' migrate --json=yes
	refuses 64 'does not take "now"' migrate now
	refuses 64 'load-demo does not take --plan' load-demo --plan
	refuses 64 'needs --email ADDRESS' create-admin
	refuses 64 'no option --nonsense' migrate --help --nonsense
}

@test "settings that are missing or wrong are refused" {
	mv .env elsewhere
	refuses 66 'cannot read .env' migrate
	mv elsewhere .env
	write_env SECRET_KEY=short
	refuses 78 'SECRET_KEY is shorter' migrate
	refuses 78 'SECRET_KEY is shorter' create-admin --email a@b.example
	[[ $(tables) == 0 ]]
}

@test "the environment overrides the file" {
	write_env SECRET_KEY=short
	env -i SECRET_KEY="$SECRET" "$shopctl" --env .env migrate --plan
}

# --- create-admin -----------------------------------------------------------

person() { sql "$base" "select $2 from users where email = '$1'"; }

@test "create-admin takes the password from a pipe" {
	ctl migrate >/dev/null
	id=$(ctl create-admin --email ann@example.com --name 'Ann Lee' <<<"$PASSWORD")
	[[ $(person ann@example.com "concat_ws(' ', id, name, is_admin, is_staff, is_active)") == "$id Ann Lee t f t" ]]
	# shellcheck disable=SC2016
	[[ $(person ann@example.com password_hash) == '$s2$0a0801$'* ]]
	[[ -z $(sql "$base" "select 1 from audit_logs where new_data::text like '%s1%'") ]]
	printf '%s' "$PASSWORD" | ctl create-admin --email bob@example.com --staff --json |
		jq -e '.role == "staff" and .email == "bob@example.com"'
	[[ $(person bob@example.com "concat_ws(' ', is_admin, is_staff)") == "f t" ]]
}

@test "create-admin refuses what it should" {
	refuses 78 'run shopctl migrate first' create-admin --email ann@example.com <<<"$PASSWORD"
	ctl migrate >/dev/null
	refuses 65 'not an e-mail address' create-admin --email ann <<<"$PASSWORD"
	refuses 65 'the name must be' create-admin --email ann@example.com --name $'a\nb' <<<"$PASSWORD"
	refuses 66 'no password on standard input' create-admin --email ann@example.com </dev/null
	refuses 65 'At least 10 characters' create-admin --email ann@example.com <<<'tK7#pQ2!m'
	refuses 65 'easy to guess' create-admin --email ann@example.com <<<'password1234'
	refuses 65 'easy to guess' create-admin --email oblomov@example.com <<<'oblomov2024'
	refuses 65 'At most 256 bytes' create-admin --email ann@example.com <<<"$(printf 'a%.0s' {1..257})"
	refuses 65 'At most 256 bytes' create-admin --email ann@example.com <<<"$(printf 'a%.0s' {1..5000})"
	refuses 65 'must be UTF-8' create-admin --email ann@example.com <<<$'\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff'
	[[ $(sql "$base" "select count(*) from users") == 0 ]]
	ctl create-admin --email ann@example.com <<<"$PASSWORD"
	refuses 65 'the address ANN@example.com is already in use' create-admin --email ANN@example.com <<<"$PASSWORD"
}

@test "reset-password sets a password, ends the sessions and leaves an entry in the audit log" {
	ctl migrate >/dev/null
	for who in ann bob; do ctl create-admin --email "$who@example.com" <<<"$PASSWORD" >/dev/null; done
	sql "$base" "select session_start(id, 'password', sha256(email::bytea), '') from users" >/dev/null
	before=$(person ann@example.com password_hash)
	ctl reset-password --email ANN@example.com --json <<<'a quite different one' |
		jq -e '.role == "admin" and (.id | length == 36)'
	[[ $(person ann@example.com password_hash) != "$before" ]]
	[[ $(sql "$base" "select string_agg(u.email, ' ') from sessions s join users u on u.id = s.user_id") == bob@example.com ]]
	[[ $(sql "$base" "select count(*) from audit_logs where table_name = 'users' and action = 'update' and request_id = 'shopctl'
		and record_id = '$(person ann@example.com id)'") == 1 ]]
	[[ -z $(sql "$base" "select 1 from audit_logs where new_data::text like '%s1%'") ]]
	ctl create-admin --email cleo@example.com --staff <<<"$PASSWORD" >/dev/null
	ctl reset-password --email cleo@example.com <<<'a quite different one' | grep -q 'cleo@example.com (staff) was changed'
}

@test "reset-password refuses what it should" {
	refuses 64 'needs --email' reset-password
	refuses 78 'run shopctl migrate first' reset-password --email ann@example.com <<<"$PASSWORD"
	ctl migrate >/dev/null
	refuses 65 'no user has the address' reset-password --email ann@example.com <<<"$PASSWORD"
	refuses 65 'not an e-mail address' reset-password --email $'\xff@b.example' <<<"$PASSWORD"
	sql "$base" "insert into users (email, is_customer) values ('eve@example.com', true)"
	refuses 65 'is a customer' reset-password --email eve@example.com <<<"$PASSWORD"
	[[ -z $(person eve@example.com password_hash) ]]
	ctl create-admin --email ann@example.com --name 'Oblomov' <<<"$PASSWORD" >/dev/null
	before=$(person ann@example.com password_hash)
	refuses 65 'At least 10 characters' reset-password --email ann@example.com <<<'tK7#pQ2!m'
	refuses 65 'easy to guess' reset-password --email ann@example.com <<<'oblomov2024'
	refuses 66 'no password on standard input' reset-password --email ann@example.com </dev/null
	[[ $(person ann@example.com password_hash) == "$before" ]]
	sql "$base" "insert into users (email, is_admin, is_deleted) values ('old@example.com', true, true)"
	refuses 65 'no user has the address' reset-password --email old@example.com <<<"$PASSWORD"
}

# --- create-store -----------------------------------------------------------

lumen=(--country DE --currency EUR --time-zone Europe/Berlin)

@test "create-store makes a store as the API does" {
	ctl migrate >/dev/null
	id=$(ctl create-store --name $' Lumen & So\u0308hne ' "${lumen[@]}" --tax included) # composed, as others write it
	[[ $(sql "$base" "select concat_ws('|', id, name, slug, currency, timezone, prices_include_tax, address ->> 'country', created_by)
		from stores") == "$id|Lumen & Söhne|lumen-sohne|EUR|Europe/Berlin|t|DE" ]]
	ctl create-store --name Other --country US --currency USD --time-zone America/New_York --json | jq -e '.name == "Other"'
	[[ $(sql "$base" "select prices_include_tax from stores where name = 'Other'") == f ]]
}

@test "create-store refuses what it should" {
	refuses 64 'needs --name' create-store "${lumen[@]}"
	refuses 64 'needs --time-zone' create-store --name a --country DE --currency EUR
	refuses 78 'run shopctl migrate first' create-store --name a "${lumen[@]}"
	ctl migrate >/dev/null
	refuses 65 'the name must be' create-store --name ' ' "${lumen[@]}"
	refuses 65 'the name must be' create-store --name $'a\nb' "${lumen[@]}"
	refuses 65 'the name needs a letter' create-store --name '***' "${lumen[@]}"
	refuses 65 'not the code of a country' create-store --name a "${lumen[@]}" --country Germany
	refuses 65 'not the code of a country, such as DE (ISO 3166-1); use GB' create-store --name a "${lumen[@]}" --country UK
	refuses 65 'not the code of a currency, such as EUR (ISO 4217); use EUR' create-store --name a "${lumen[@]}" --currency eur
	refuses 65 'not the code of a currency' create-store --name a "${lumen[@]}" --currency EUO
	refuses 65 'not a time zone' create-store --name a "${lumen[@]}" --time-zone Berlin
	refuses 65 'not a time zone' create-store --name a "${lumen[@]}" --time-zone $'\xff'
	refuses 65 'included or added' create-store --name a "${lumen[@]}" --tax 19
	[[ $(sql "$base" "select count(*) from stores") == 0 ]]
	ctl create-store --name Lumen "${lumen[@]}"
	refuses 65 'of that name already' create-store --name lumen "${lumen[@]}"
}

# --- secret-key -------------------------------------------------------------

@test "secret-key prints a new key each time" {
	[[ $(ctl secret-key) =~ ^SECRET_KEY=[0-9a-f]{64}$ ]]
	[[ $(ctl secret-key) != $(ctl secret-key) ]]
}

@test "secret-key --write adds a key where there is none, and never replaces one" {
	refuses 65 'a SECRET_KEY already' secret-key --write
	write_env SECRET_KEY=short
	refuses 65 'a SECRET_KEY already' secret-key --write
	grep -qx SECRET_KEY=short .env
	write_env SECRET_KEY= A_LINE_THAT_STAYS=1
	chmod 640 .env
	ctl secret-key --write | grep -q 'added SECRET_KEY to '
	grep -qxE 'SECRET_KEY=[0-9a-f]{64}' .env
	grep -qx 'A_LINE_THAT_STAYS=1' .env
	[[ $(stat -c %a .env) == 640 ]]
	refuses 65 'a SECRET_KEY already' secret-key --write
	ctl migrate >/dev/null
}

@test "secret-key --write says what to do where the file cannot be replaced" {
	write_env SECRET_KEY=
	if (( EUID == 0 )); then chattr +i . 2>/dev/null || skip "the file system has no immutable directories"; else chmod 555 .; fi
	code=0
	ctl_error=$(env -i "$shopctl" --env .env secret-key --write 2>&1) || code=$?
	if (( EUID == 0 )); then chattr -i .; else chmod 755 .; fi
	[[ $code == 73 && $ctl_error == *"by hand"* ]]
	grep -qx SECRET_KEY= .env
}

# on_terminal ANSWER... : create-admin on a terminal; each answer follows a prompt. Leaves its $code.
on_terminal() {
	local prompt n=0 answer
	mkfifo keys
	env -i TERM=dumb script -qefc "$shopctl --env .env create-admin --email ann@example.com" screen \
		<keys >/dev/null 2>&1 3>&- &
	exec 8>keys
	for answer; do
		prompt=$(( ++n ))
		for _ in {1..100}; do
			(( $(grep -oE 'Password: |Again: ' screen | wc -l) >= prompt )) && break
			sleep 0.05
		done
		sleep 0.2
		printf '%s' "$answer" >&8
	done
	code=0
	wait $! || code=$?
	exec 8>&-
	rm keys
}

@test "create-admin prompts twice on a terminal without echo" {
	ctl migrate >/dev/null
	on_terminal "$PASSWORD"$'\r' "$PASSWORD"$'\r'
	[[ $code == 0 ]]
	grep -q 'Again: ' screen
	fails grep -q horse screen
	[[ -n $(person ann@example.com password_hash) ]]
}

@test "create-admin refuses two different passwords, and stops at an interrupt" {
	ctl migrate >/dev/null
	on_terminal "$PASSWORD"$'\r' "another $PASSWORD"$'\r'
	[[ $code == 65 ]]
	grep -q 'not the same' screen
	on_terminal 'correct h'$'\x03'
	[[ $code == 130 ]]
	[[ $(sql "$base" "select count(*) from users") == 0 ]]
}

# --- load-demo --------------------------------------------------------------

@test "load-demo fills an empty shop, once" {
	ctl migrate >/dev/null
	ctl load-demo --json >out
	jq -e '.loaded and .products >= 60 and .variants >= 6' out
	pictures=$(jq .pictures out)
	[[ $(find media -name '*.png' | wc -l) == "$pictures" && -z $(find media -name '*.tmp') ]]
	[[ $(sql "$base" "select count(*) from product_images where file ~ '^[0-9a-f]{32}.png$'") == "$pictures" ]]
	[[ $(sql "$base" "select count(distinct currency) from stores") == 2 ]]
	[[ $(sql "$base" "select count(*) from live_products" serving) == \
		"$(jq '.products + .variants' out)" ]]
	[[ $(sql "$base" "select string_agg(v.line_name, ', ' order by v.position) from products v join products p on p.id = v.parent
		where p.sku = 'HH-CW-01'") == "Cast Iron Skillet – 20 cm, Cast Iron Skillet – 26 cm, Cast Iron Skillet – 30 cm" ]]
	ctl load-demo | grep -q 'already exist'
	ctl load-demo --json | jq -e '.loaded == false'
	[[ $(find media -type f | wc -l) == "$pictures" ]]
}

@test "the pictures of load-demo are PNG" {
	ctl migrate >/dev/null
	ctl load-demo >/dev/null
	for picture in media/*; do
		[[ $(head -c 8 "$picture" | od -An -tx1 | tr -d ' ') == 89504e470d0a1a0a ]]
		[[ $(stat -c %s "$picture") -lt 65536 ]]
	done
	command -v pngcheck >/dev/null || skip "no pngcheck"
	pngcheck -q media/*
}

@test "two load-demos at once make one" {
	ctl migrate >/dev/null
	env -i "$shopctl" --env .env load-demo >out.1 3>&- & first=$!
	ctl load-demo >out.2
	wait "$first"
	[[ $(cat out.? | grep -c '^made') == 1 && $(cat out.? | grep -c 'already exist') == 1 ]]
	[[ $(sql "$base" "select count(*) from stores") == 2 ]]
}

@test "load-demo makes all or nothing" {
	refuses 78 'run shopctl migrate first' load-demo
	ctl migrate >/dev/null
	write_env MEDIA_DIR="$BATS_TEST_TMPDIR/nowhere"
	refuses 73 'cannot write .*No such file' load-demo
	write_env MEDIA_DIR=
	refuses 78 'MEDIA_DIR is not set' load-demo
	write_env
	sql "$base" "create unique index products_sku_once_key on products (sku)" # what another store has is not in the way
	sql "$base" "with s as (insert into stores (name, slug, currency) values ('x', 'x', 'EUR') returning id)
		insert into products (store, sku, name, slug, price) select id, 'CL-BK-02', 'x', 'x', 1 from s" # the last
	sql "$base" "create unique index products_of_test_key on products (sku)" # in all stores
	refuses 65 'One Hundred Short Hikes already exists' load-demo
	[[ $(sql "$base" "select count(*) from stores") == 1 && -z $(ls media) ]]
}

@test "load-demo reports errors in its data" {
	ctl migrate >/dev/null
	mkdir program
	cp "$shopctl" program/
	shopctl=$PWD/program/shopctl
	refuses 66 'no directory demo near shopctl' load-demo
	cp -R "$top/tools/shopctl/demo" .
	cp demo/catalogue.json good
	wrong() { jq "$2" good >demo/catalogue.json; refuses "$1" "$3" load-demo; }
	wrong 65 '[.]' 'catalogue.json: it is not an object'
	wrong 65 '.stores[1].products = "none"' 'catalogue.json: products are not a list of objects with names'
	wrong 65 'del(.categories[1].name)' 'catalogue.json: categories are not a list of objects with names'
	wrong 65 '.stores[0].products[5].subcategory = "tents"' 'Copper Milk Pan names a category or subcategory that does not exist'
	wrong 65 '.stores[0].products[5].stock = "9"' 'the stock of Copper Milk Pan is not an integer'
	wrong 70 '.stores[0].products[5].price = "-1"' 'Copper Milk Pan was not created: .*price'
	wrong 66 '.stores[1].products[-1].sku = "no"' 'cannot read .*demo/pictures/no.png: No such file'
	echo '{"stores": [],}' >demo/catalogue.json
	refuses 65 'catalogue.json: .*byte' load-demo
	cp good demo/catalogue.json
	echo 'no picture' >demo/pictures/CL-BK-02.png
	refuses 65 'pictures/CL-BK-02.png: ' load-demo
	rm demo/catalogue.json
	refuses 66 'cannot read .*demo/catalogue.json: No such file' load-demo
	[[ $(sql "$base" "select count(*) from stores") == 0 && -z $(ls media) ]]
}
