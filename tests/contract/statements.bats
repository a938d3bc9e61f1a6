# How many statements a GET sends to the database: a fixed number, whatever the page holds. It stands in the log line
# of the request, sql=. A statement that the connection does not know yet is sent twice (core/db/db.h), so the first
# request of a connection has one more.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

ROLES=(anonymous customer staff admin)

setup_file() {
	need PSQL APP_PSQL API CGI_LOG
	APP_URL=$(app_url)
	export APP_URL
	fill >"$BATS_FILE_TMPDIR/ids"
	describe_all | jq -r '.[] | .group as $g | .routes[] | select(.method == "GET") | "\($g) \(.min_role) \(.pattern)"' \
		>"$BATS_FILE_TMPDIR/routes"
	local user
	user=$(make_user is_admin is_staff is_customer)
	{
		echo "anonymous "
		echo "customer $(token_for "$customer" otp)"
		echo "admin $(token_for "$user" password)"
		user=$(make_user is_staff)
		sql "insert into store_members (store, user_id) select id, '$user' from stores where slug = '$slug'"
		echo "staff $(token_for "$user" password)"
	} >"$BATS_FILE_TMPDIR/tokens"
	requests >"$BATS_FILE_TMPDIR/requests"
}

teardown_file() {
	sql "update stores set is_deleted = true where slug like 'statements-%'"
	sql "update categories set is_deleted = true where slug like 'statements-%'"
}

# More of everything than a page has, each product with images and variants; prints an id of every group.
fill() {
	slug=statements-$RANDOM$RANDOM
	customer=$(make_user is_customer)
	sql "begin;
		insert into users (mobile_number, is_customer)
			select '+4917' || lpad(n::text, 4, '0') || lpad((random() * 1e6)::int::text, 6, '0'), true
			from generate_series(1, 101) n
			on conflict do nothing;
		insert into stores (name, slug, currency)
			select 's', '$slug' || case n when 0 then '' else '-' || n end, 'EUR' from generate_series(0, 101) n;
		insert into categories (name, slug, store) select 'c ' || n, '$slug-' || n, s.id
			from generate_series(1, 101) n, stores s where s.slug = '$slug';
		insert into categories (name, slug, parent)
			select 'c', c.slug, c.id from categories c where c.slug like '$slug-%';
		insert into products (sku, name, slug, store, category, price) select '$slug-' || n, 'p', '$slug-' || n, s.id, c.id, n
			from generate_series(1, 101) n, stores s, categories c where s.slug = '$slug' and c.slug = '$slug-' || n and c.parent is null;
		insert into products (sku, name, slug, store, parent, price)
			select p.sku || '-' || n, 'v', p.slug || '-' || n, p.store, p.id, n
			from products p, generate_series(1, 2) n where p.sku like '$slug-%';
		insert into stock_movements (product, delta, reason) select p.id, n, 'delivery'
			from products p, generate_series(1, 30) n where p.sku like '$slug-%';
		insert into product_images (product, url) select p.id, 'https://img.example/' || n
			from products p, generate_series(1, 2) n where p.sku like '$slug-%' and p.parent is null;
		insert into orders (number, store, user_id, contact_name, currency, prices_include_tax, subtotal, tax_total, total,
				placed_at, status)
			select nextval('order_numbers'), s.id, '$customer', 'Ann', 'EUR', true, 1, 0, 1, now(), 'placed'
			from stores s, generate_series(1, 101) where s.slug = '$slug';
		insert into order_items (order_id, position, product, sku, name, quantity, unit_price, tax_rate, tax_amount,
				line_total)
			select o.id, 1, p.id, p.sku, p.name, 1, 1, 0, 0, 1 from orders o, products p
			where o.user_id = '$customer' and p.sku = '$slug-1';
		insert into payments (order_id, payment_method, online, amount, currency, status)
			select o.id, 'manual', false, 1, 'EUR', 'pending' from orders o where o.user_id = '$customer';
		insert into invoices (kind, number, store, order_id, amount, currency, taxes, document)
			select 'invoice', 'S' || row_number() over (), o.store, o.id, 1, 'EUR', '[]',
				'{\"kind\": \"invoice\", \"number\": \"S\", \"issued_at\": \"2026-01-01\", \"order_number\": \"1\", \"currency\": \"EUR\",
				\"prices_include_tax\": true, \"seller\": {}, \"buyer\": {}, \"lines\": [], \"taxes\": [], \"subtotal\": \"1.00\",
				\"discount_total\": \"0.00\", \"shipping_total\": \"0.00\", \"tax_total\": \"0.00\", \"total\": \"1.00\",
				\"total_in_words\": \"One\", \"notes\": \"\"}'
			from orders o where o.user_id = '$customer';
		insert into addresses (user_id, line1, city, country) select '$customer', 'Weg 1', 'Bonn', 'DE'
			from generate_series(1, 99);
		insert into coupons (code, store, discount_percent) select '$slug-' || n, s.id, 10
			from stores s, generate_series(1, 101) n where s.slug = '$slug';
		insert into shipping_methods (store, name, price) select s.id, 'Post', n
			from stores s, generate_series(1, 101) n where s.slug = '$slug';
		insert into tax_classes (store, name, rate) select s.id, 'Class ' || n, 19
			from stores s, generate_series(1, 101) n where s.slug = '$slug';
		commit" >&2
	for group in $(groups); do
		table=${group//-/_}
		if [[ $group == subcategories ]]; then table='categories where parent is not null'; fi
		if [[ $(sql "select to_regclass('public.${table%% *}') is not null") != t ]]; then continue; fi
		case $group in
		orders) sql "select '$group ' || id from orders where user_id = '$customer' limit 1" ;;
		payments | invoices)
			sql "select '$group ' || t.id from $table t join orders o on o.id = t.order_id
				where o.user_id = '$customer' limit 1" ;;
		addresses) sql "select '$group ' || id from addresses where user_id = '$customer' limit 1" ;;
		stores) sql "select '$group ' || id from stores where slug = '$slug'" ;;
		*)      sql "select '$group ' || id from $table order by created_at desc limit 1" ;;
		esac
	done
}

word() { awk -v name="$1" '$1 == name { print $2 }' "$BATS_FILE_TMPDIR/$2"; }

# requests : role|token|group|path|query of every GET route, for every role that may ask; lists with 1, 20, 100 rows.
requests() {
	local group least pattern role allowed path size of
	while read -r group least pattern; do
		allowed=no
		path=${pattern//\{id\}/$(word "$group" ids)}
		for role in "${ROLES[@]}"; do
			if [[ $role == "$least" ]]; then allowed=yes; fi
			if [[ $allowed == no || $role$group$pattern == anonymousorders/\{id\} || $role$group == staffaddresses ||
				$group$pattern =~ ^meta/(cron|metrics) || $role$group == anonymouspayments || $role$group == anonymousinvoices || $pattern == */return ]]; then
				continue
			fi
			if [[ $pattern =~ ^/(export|feed.xml|sitemap.xml)$ ]]; then
				of=store=$(word stores ids)
				if [[ $group == orders ]]; then of+='&from=2026-01-01&to=2026-01-31'; fi
				echo "$role|$(word "$role" tokens)|$group|$path|$of"
				continue
			fi
			for size in $([[ -n $pattern || $group == meta ]] && echo one || echo 1 20 100); do
				echo "$role|$(word "$role" tokens)|$group|$path|$([[ $size == one ]] || echo "page_size=$size")"
			done
		done
	done <"$BATS_FILE_TMPDIR/routes"
}

# judge LIMIT_ANONYMOUS LIMIT_SIGNED_IN <"status statements role group path query"; a file is of a store, which is looked
# up first.
judge() {
	awk -v anonymous="$1" -v signed_in="$2" '
		$1 != 200 || $2 == "" || $2 > ($3 == "anonymous" ? anonymous : signed_in) + ($4 $5 ~ /\/(export|feed|sitemap)/)' |
		nothing "not 200, or too many statements (status, statements, who and what)"
}

@test "statements: of the first request of a connection" {
	while IFS='|' read -r role token group path query; do
		said=$(run_cgi "$group" "$path" "$query" ${token:+"HTTP_AUTHORIZATION=Bearer $token"} 2>&1)
		echo "$(sed -n 's/^Status: \([0-9]*\).*/\1/p; s/.* sql=\([0-9]*\).*/\1/p' <<<"$said" | sort -rn | tr '\n' ' ')" \
			"$role $group $path $query"
	done <"$BATS_FILE_TMPDIR/requests" >"$BATS_TEST_TMPDIR/counts"
	(( $(wc -l <"$BATS_TEST_TMPDIR/counts") > 60 ))
	judge 2 3 <"$BATS_TEST_TMPDIR/counts"
}

# The third time each: by then the pooler's connections know the statements.
@test "statements: of later requests" {
	run=$RANDOM$RANDOM
	for round in 1 2 3; do
		awk -F '|' -v api="$API" -v id="statements-$run-$round-" '{
			printf "%surl = \"%s/%s%s?%s\"\nheader = \"X-Request-Id: %s%d\"\n", (NR > 1 ? "next\n" : ""), api, $3, $4, $5, id, NR
			if ($2) printf "header = \"Authorization: Bearer %s\"\n", $2
			printf "silent\noutput = /dev/null\nwrite-out = \"%s%d %%{http_code} %s %s%s %s\\n\"\n", id, NR, $1, $3, $4, $5
		}' "$BATS_FILE_TMPDIR/requests" >"$BATS_TEST_TMPDIR/config"
		curl --config "$BATS_TEST_TMPDIR/config" >"$BATS_TEST_TMPDIR/answers"
	done
	sleep 0.2
	sed -n "s/.* sql=\([0-9]*\) .* client_id=\(statements-$run-3-[0-9]*\).*/\2 \1/p" "$CGI_LOG" >"$BATS_TEST_TMPDIR/log"
	awk 'NR == FNR { statements[$1] = $2; next }
		{ print $2, statements[$1], $3, $4, $5 }' "$BATS_TEST_TMPDIR/log" "$BATS_TEST_TMPDIR/answers" |
		judge 1 2
	(( $(wc -l <"$BATS_TEST_TMPDIR/log") > 60 ))
}

@test "statements: counting costs one more" {
	said=$(run_cgi products '' 'count=exact' DATABASE_STATEMENT_CACHE=off 2>&1 >/dev/null)
	[[ $said == *' sql=2 '* ]]
	said=$(run_cgi products '' '' DATABASE_STATEMENT_CACHE=off 2>&1 >/dev/null)
	[[ $said == *' sql=1 '* ]]
}

@test "statements: LOG_LEVEL=debug logs each with its name and time" {
	said=$(run_cgi products '' 'count=exact' LOG_LEVEL=debug DATABASE_STATEMENT_CACHE=off 2>&1 >/dev/null)
	[[ $(grep -cE ' level=debug id=[0-9a-f-]{36} statement=[a-z_]+ ms=[0-9]+\.[0-9]{2}$' <<<"$said") == 2 ]]
	[[ $(grep -oE ' id=[^ ]+' <<<"$said" | sort -u | wc -l) == 1 ]]
	said=$(run_cgi products '' '' 2>&1 >/dev/null)
	[[ $said != *level=debug* ]]
}

@test "statements: a request refused before the look-up costs none" {
	said=$(run_cgi products /no-uuid '' 2>&1)
	[[ $said == *'Status: 404'*' sql=0 '* ]]
	said=$(run_cgi products '' 'page_size=0' 2>&1)
	[[ $said == *'Status: 400'*' sql=0 '* ]]
	said=$(run_cgi users '' '' 2>&1)
	[[ $said == *'Status: 401'*' sql=0 '* ]]
	said=$(run_cgi users '' '' 'HTTP_AUTHORIZATION=Bearer short' 2>&1)
	[[ $said == *'Status: 401'*' sql=0 '* ]]
}

@test "statements: what costs the database too much is refused, but for staff" {
	local query='page=3&page_size=100&ordering=name&count=exact' cached said
	for cached in on off; do
		said=$(run_cgi products '' "$query" PUBLIC_LIST_MS=1 "DATABASE_STATEMENT_CACHE=$cached" 2>/dev/null)
		[[ $said == 'Status: 422 '* && $said == *'/problems/too-costly'* ]]
		said=$(run_cgi products '' '' PUBLIC_LIST_MS=1 "DATABASE_STATEMENT_CACHE=$cached" 2>/dev/null)
		[[ $said == 'Status: 422 '* ]]
		said=$(run_cgi products '' '' PUBLIC_LIST_MS=2500 "DATABASE_STATEMENT_CACHE=$cached" 2>/dev/null)
		[[ $said == 'Status: 200 '* ]]
		said=$(run_cgi products '' "$query" PUBLIC_LIST_MS=1 "DATABASE_STATEMENT_CACHE=$cached" \
			"HTTP_AUTHORIZATION=Bearer $(sed -n 's/^staff //p' "$BATS_FILE_TMPDIR/tokens")" 2>/dev/null)
		[[ $said == 'Status: 200 '* ]]
	done
}
