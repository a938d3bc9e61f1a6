# Searches with the products that must come first, with pg_trgm and on a server without it.
# shellcheck disable=SC2154 # cluster.bash sets them

load ../../support/cluster

setup_file() {
	start_cluster
	export programs=${BUILD:-$top/build}/cgi-bin/api
}

# found LANGUAGE WORDS : the SKUs of the first page, in order.
found() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/products PATH_INFO= \
		"QUERY_STRING=page_size=20&search=$(jq -rn --arg x "$2" '$x | @uri')" "DATABASE_URL=$(url "$serving")" \
		SECRET_KEY="$SECRET" APP_ENV=test LANGUAGE="$1" "$programs/products" </dev/null 2>err |
		sed '1,/^\r\?$/d' | jq -r '[.results[].sku] | join(" ")'
}

# rank FOUND WANTED : where the last of the wanted is, less those of them before it; 0: not all are found.
rank() {
	local sku n=0 seen=0
	for sku in $1; do
		n=$((n + 1))
		[[ " $2 " != *" $sku "* ]] || seen=$((seen + 1))
		if (( seen == $(wc -w <<<"$2") )); then echo $((n - seen + 1)); return; fi
	done
	echo 0
}

# judge LEAST <"LANGUAGE|WORDS|WANTED" : prints each search that is not perfect, and the mean reciprocal rank, which
# must be at least that.
judge() {
	local language words wanted skus
	while IFS='|' read -r language words wanted; do
		skus=$(found "$language" "$words") || return
		echo "$(rank "$skus" "$wanted")|$words|$wanted|${skus:0:80}"
	done >ranks
	awk -F '|' -v least="$1" '
		{ n++; sum += $1 ? 1 / $1 : 0 }
		$1 != 1 { printf "%s: rank %d, found %s, not %s\n", $2, $1, $4, $3 }
		END { printf "%d searches, mean reciprocal rank %.3f\n", n, n ? sum / n : 0; exit !(n > 20 && sum / n >= least) }' ranks
}

# queries NAME [WITHOUT] : of a file, as lines for judge; those that need pg_trgm only without a second word.
queries() {
	local default=''
	[[ $1 == *.languages ]] || default='en '
	sed -n "/^[#+]/d; /^$/d; ${2:+/^~/d;} s/^~//; s/^/$default/; s/^\([a-z]*\) \(.*\) = \(.*\)/\1|\2|\3/p" "$BATS_TEST_DIRNAME/$1"
}

# Products of relevance.languages.
make_products() {
	sed -n 's/^+ //p' "$BATS_TEST_DIRNAME/relevance.languages" >products
	ctl create-store --name Languages --country DE --currency EUR --time-zone Europe/Berlin >/dev/null
	while read -r sku rest; do
		printf "insert into products (sku, slug, name, description, store, price, currency)
			select '%s', lower('%s'), \$\$%s\$\$, \$\$%s\$\$, s.id, 10, 'EUR' from stores s where s.slug = 'languages';\n" \
			"$sku" "$sku" "${rest% | *}" "${rest#* | }"
	done <products >products.sql
	sql "$base" "$(<products.sql)" "$owner"
}


@test "relevance: the demonstration catalogue" {
	ctl migrate >/dev/null || { cat err; return 1; }
	ctl load-demo >/dev/null
	[[ $(sql "$base" "select search_has_trigrams()") == t ]]
	queries relevance.demo | judge 0.9
}

@test "relevance: other languages and scripts" {
	ctl migrate >/dev/null || { cat err; return 1; }
	make_products
	queries relevance.languages | judge 0.9
}

# Its owner may not create it, as on hosts that allow no extensions.
@test "relevance: without pg_trgm, all but slips and the inside of words" {
	sql postgres "alter database $base owner to postgres; grant connect on database $base to $owner, $serving"
	ctl migrate >/dev/null || { cat err; return 1; }
	[[ $(sql "$base" "select search_has_trigrams()") == f ]]
	ctl load-demo >/dev/null
	make_products
	queries relevance.demo without | judge 0.9
	queries relevance.languages without | judge 0.9
	[[ $(found en ketle) == '' && $(found en kettle) == 'HH-BR-03' ]]
	ctl doctor >out
	finds warn search 'the extension pg_trgm is missing: .* -> .*then shopctl migrate'
	# A later migrate, which has nothing else to do, creates it when it may.
	sql postgres "grant create on database $base to $owner"
	[[ $(ctl migrate) == *'up to date'* ]]
	[[ $(found en ketle) == 'HH-BR-03' ]]
	ctl doctor >out
	finds ok search 'slips'
}

@test "relevance: load-demo counts the words" {
	ctl migrate >/dev/null
	ctl load-demo >/dev/null
	[[ $(sql "$base" "select count(*) filter (where counted_at is null), max(products) > 10 from search_words") == '0|t' ]]
	[[ $(sql "$base" "select count(*) from pg_class where relname in ('products', 'stock', 'product_search') and reltuples > 50") == 3 ]]
}
