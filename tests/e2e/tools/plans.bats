# How lists and searches of a catalogue with 20,000 products are done: no table is read whole, nothing long is sorted, and no
# more rows are looked at than some pages have, whatever is looked for. Plans as auto_explain logs them while anyone asks.
# shellcheck disable=SC2154 # cluster.bash sets them

load ../../support/cluster

setup_file() {
	start_cluster
	shop=$BATS_FILE_TMPDIR/shop
	mkdir -p "$shop/media" && cd "$shop"
	base=plans
	make_database
	write_env RATE_LIMITS=off PUBLIC_LIST_MS=0 # plans take longer while they are logged
	ctl migrate >/dev/null
	"$top/tests/bench/large_catalogue" 20000 psql -h "$cluster" -p "$PORT" -U "$owner" "$base" >/dev/null 2>"$shop/loaded"
	sql "$base" 'select search_count()' "$owner" >/dev/null
	local name
	for name in session_preload_libraries=auto_explain auto_explain.log_min_duration=0 auto_explain.log_analyze=on \
		auto_explain.log_nested_statements=on auto_explain.log_format=json auto_explain.log_timing=off; do
		sql postgres "alter database $base set $name"
	done
	export shop
}

setup() {
	cd "$shop" || return
	base=plans
	programs=$(cd -P "${BUILD:-$top/build}/cgi-bin/api" && pwd)
}

teardown() { :; }

# ask PATH?QUERY : by anyone; leaves $status and the answer in the file body.
ask() {
	local settings path=${1%%\?*} query=''
	if [[ $1 == *\?* ]]; then query=${1#*\?}; fi
	mapfile -t settings <.env
	env -i "${settings[@]}" GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 SERVER_NAME=shop SERVER_PORT=80 \
		REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/products PATH_INFO="$path" QUERY_STRING="$query" \
		REMOTE_ADDR=127.0.0.1 "$programs/products" </dev/null >out 2>>"$BATS_FILE_TMPDIR/log"
	status=$(sed -n '1s/^Status: \([0-9]*\).*/\1/p' out)
	sed '1,/^\r*$/d' out >body
}

# is_cheap ROWS PATH?QUERY : the answer is 200, and no scan of its plans has seen more rows.
is_cheap() {
	local from
	from=$(stat -c %s "$cluster/log")
	ask "$2"
	if [[ $status != 200 ]]; then echo "$2: $status $(<body)"; return 1; fi
	python3 - "$cluster/log" "$from" "$1" "$2" <<-'END'
		import json, sys
		path, start, most, asked = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
		text = open(path, "rb").read()[start:].decode()
		decoder, plans, at = json.JSONDecoder(), [], 0
		while (at := text.find("plan:\n", at)) >= 0:
		    at += 6
		    plans.append(decoder.raw_decode(text[at:].lstrip())[0])
		# The rows of stock are narrow: to read them all is cheaper than to find a twentieth of them.
		LARGE = {"products", "product_search", "product_images", "product_categories", "stock_movements"}
		wrong = []
		def look(node):
		    loops = node.get("Actual Loops", 0)
		    rows = loops * (node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
		        + node.get("Rows Removed by Index Recheck", 0) + node.get("Rows Removed by Join Filter", 0))
		    kind, name = node["Node Type"], node.get("Relation Name") or node.get("Index Name") or ""
		    if kind == "Seq Scan" and name in LARGE and loops and most < 20000:
		        wrong.append(f"{kind} on {name}")
		    if kind == "Sort":
		        rows = sum(c.get("Actual Rows", 0) * c.get("Actual Loops", 0) for c in node["Plans"])
		    if rows > most and kind != "Bitmap Index Scan" and (name in LARGE or kind == "Sort"):
		        wrong.append(f"{kind} {name}: {rows:.0f} rows")
		    for child in node.get("Plans", []):
		        look(child)
		for plan in plans:
		    look(plan["Plan"])
		if not any("products" in plan["Query Text"] for plan in plans):
		    wrong.append("no plan of products was logged")
		for line in dict.fromkeys(wrong):
		    print(f"{asked}: {line}")
		sys.exit(1 if wrong else 0)
	END
}

# each ROWS PATH?QUERY...
each() {
	local query failed=0
	for query in "${@:2}"; do is_cheap "$1" "$query" || failed=1; done
	return "$failed"
}

of() { sql "$base" "$1"; }

@test "plans: lists, whatever they are filtered and ordered by" {
	root=$(of "select category from category_paths where parent is null order by category limit 1")
	leaf=$(of "select category from category_paths where cardinality(path) = 3 order by category limit 1")
	store=$(of "select id from stores order by id limit 1")
	each 1500 '/' '/?ordering=name' '/?ordering=-price' '/?ordering=price' '/?ordering=-created_at' '/?ordering=modified_at' \
		"/?category=$root" "/?category=$root&ordering=price" "/?category=$root&ordering=-price" "/?category=$leaf" \
		"/?category=$leaf&ordering=price" "/?category=$root&in_stock=true" "/?store=$store" '/?brand=Aldholm' \
		'/?brand=Aldholm&price__gte=50&price__lte=100' '/?price__gte=10&price__lte=11' '/?in_stock=false' '/?in_stock=true' \
		'/?sku=BIG-77' '/?page=3' "/?id__in=$leaf,$root"
}

@test "plans: searches, however frequent their words are" {
	each 2600 '/?search=classic' '/?search=classic&ordering=price' '/?search=classic&ordering=-price' '/?search=velnora' \
		'/?search=velnora&ordering=price' '/?search=quistral' '/?search=linen+kettle' '/?search=classic+linen' \
		'/?search=classic+-linen' '/?search=classic+quistral' '/?search=lantren' '/?search=4040' '/?search=big-77' \
		'/?search=classic&brand=Aldholm' '/?search=velnora&in_stock=true' '/?search=%22linen+kettle%22' '/?search=c' \
		'/?search=classic&page=3' '/?search=cl'
}

@test "plans: filters by what products have, suggestions" {
	each 2600 '/?attributes.colour=black' '/?attributes.colour=black&attributes.material=linen' '/?options.size=M' \
		'/?brand=Aldholm,Brecken' '/?attributes.colour=nothing' '/?search=classic&attributes.colour=black' \
		'/suggest?q=kett' '/suggest?q=classic' '/suggest?q=cl' '/suggest?q=quistral'
}

@test "plans: facets count at most ten thousand products" {
	leaf=$(of "select category from category_paths where cardinality(path) = 3 order by category limit 1")
	each 2600 "/facets?category=$leaf" '/facets?search=velnora' '/facets?search=quistral'
	each 250000 '/facets' '/facets?brand=Aldholm' '/facets?search=classic+linen'
}

@test "plans: a page far behind costs what a page costs" {
	url='/?page_size=100&search=classic'
	for _ in 1 2 3 4 5; do
		is_cheap 2600 "$url"
		url="/?$(jq -r .next body | sed 's/.*?//')"
	done
	url='/?page_size=100&ordering=price'
	for _ in 1 2 3 4 5; do
		is_cheap 1500 "$url"
		url="/?$(jq -r .next body | sed 's/.*?//')"
	done
}

@test "plans: counts and pages by number are bounded" {
	each 21000 '/?count=exact' '/?search=classic&count=exact' '/?page=100&page_size=100'
	ask '/?count=exact'
	[[ $(jq -c '[.count, .count_is_minimum]' body) == '[10000,true]' ]]
}
