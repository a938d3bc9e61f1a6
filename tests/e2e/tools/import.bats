# shopctl import: the catalogues of other shops come into a store, once.

load ../../support/cluster

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=test_$BATS_TEST_NUMBER
	make_database
	mkdir media
	write_env
	[[ -x ${shopctl%/*}/catalogue-reader ]] || skip "built without catalogue-reader"
	formats=$top/../shared/data/formats
	ctl migrate >/dev/null
	ctl create-store --name Lumen --country DE --currency EUR --time-zone Europe/Berlin >/dev/null
}

# import ARGUMENTS... : what it says of itself, as [made, changed, as they were, rows refused].
import() { ctl import --store lumen --json "$@" | jq -c '[.created, .updated, .unchanged, .refused]'; }

# of COLUMNS CONDITION : of products, p, and their stock, k.
of() { sql "$base" "select concat_ws(' ', $1) from products p join stock k on k.product = p.id where $2"; }

# lines JSON... : a file of them.
lines() { printf '%s\n' "$@" >lines; }

has_samples() { [[ -d $formats ]] || skip "no ../shared/data/formats"; }

@test "import: what comes in, and a second time nothing changes" {
	has_samples
	for file in shopify-2019:6 woo-9:8 wix:10 etsy-en:10 vendure-products:8 magento-products:6; do
		made=$(import "$formats/${file%:*}.csv")
		[[ $made == "[${file#*:},0,0,"* ]] || { echo "$file: $made"; return 1; }
		again=$(import "$formats/${file%:*}.csv")
		[[ $again == "[0,0,${file#*:},"* ]] || { echo "$file again: $again"; return 1; }
	done
	[[ $(of 'p.name, p.price, p.sale_price, p.sale_from at time zone $$UTC$$' "p.sku = 'WF-TRAY'") == 'سینی چوبی 28.00 21.00 2020-03-01 00:00:00' ]]
	[[ $(of 'p.line_name, p.price, p.barcode, p.weight, k.inventory_count' "p.sku = 'WF-JAR-OC-S'") == 'Lidded Jar – Ochre / S 18.00 2990000000217 0.4 6' ]]
	[[ $(of 'p.track_inventory, p.has_variants' "p.sku = 'WF-JAR'") == 't t' ]]
	[[ $(of 'p.allow_backorder, k.inventory_count' "p.sku = 'WF-PEG'") == 't -3' ]]
	[[ $(of 'p.listed, k.inventory_count' "p.sku = 'WF-RACK'") == 'f 0' ]]
	[[ $(of 'p.published, p.metadata' "p.sku = 'WF-PDF'") == 'f {"kind": "download"}' ]]
	[[ $(sql "$base" "select string_agg(c.name, ' > ' order by c.n) from products p join category_paths k on k.category = p.category
		join lateral unnest(k.path) with ordinality u (id, n) on true join lateral (select o.name, u.n from categories o where o.id = u.id) c on true
		where p.sku = 'WF-JAR'") == 'Kitchen > Jars, Lids' ]]
	[[ $(sql "$base" "select count(*), count(distinct url) from product_images i join products p on p.id = i.product where p.sku = 'WF-JAR'") == '2|2' ]]
}

@test "import: the words that came in are counted" {
	lines '{"sku": "A", "name": "Quixotic kettle", "price": "5"}' '{"sku": "B", "name": "Quixotic mug", "price": "5"}'
	ctl import --store lumen --dry-run lines >/dev/null
	[[ $(sql "$base" "select count(*) from search_words") == 0 ]]
	ctl import --store lumen lines >/dev/null
	[[ $(sql "$base" "select products, named, counted_at is not null from search_words where word = 'quixotic'") == '2|2|t' ]]
	[[ $(sql "$base" "select reltuples from pg_class where relname = 'products'") == 2 ]]
}

@test "import: a dry run says the same and changes nothing" {
	has_samples
	counts=$(sql "$base" 'select (select count(*) from products), (select count(*) from categories), (select count(*) from audit_logs)')
	[[ $(import --dry-run "$formats/woo-9.csv") == '[8,0,0,5]' ]]
	[[ $counts == "$(sql "$base" 'select (select count(*) from products), (select count(*) from categories), (select count(*) from audit_logs)')" ]]
	ctl import --store lumen --dry-run "$formats/woo-9.csv" | grep -q '^would be: 8 products'
	[[ $(import "$formats/woo-9.csv") == '[8,0,0,5]' ]]
}

# What is in a file twice, in batches far apart: by its key, its SKU, its handle, as a variant of itself, and as one of another.
repeated() {
	for i in {1..1200}; do echo "{\"external_id\":\"$i\",\"sku\":\"S-$i\",\"slug\":\"h-$i\",\"name\":\"P $i\",\"price\":\"1\",\"categories\":[[\"A\",\"B $((i % 3))\"]]}"; done
	cat <<-'END'
		{"sku":"s-1","name":"P 1","price":"2"}
		{"external_id":"2","name":"P 2","price":"1"}
		{"sku":"N-3","external_id":"3","name":"P 3","price":"1"}
		{"sku":"N-4","slug":"n-4","name":"N 4","price":"1"}
		{"sku":"N-5","slug":"n-4","name":"N 4, too","price":"1"}
		{"external_id":"N-6","name":"N 6","options":[{"name":"Size","values":["S","M"]}],"variants":[{"sku":"N-6","price":"1","options":{"Size":"S"}}]}
	END
	for i in {1300..1900}; do echo "{\"external_id\":\"$i\",\"name\":\"P $i\",\"price\":\"1\"}"; done
	cat <<-'END'
		{"external_id":"N-6","name":"N 6","variants":[{"sku":"N-6","price":"2","options":{"Size":"S"}},{"sku":"N-7","price":"2","options":{"Size":"M"}}]}
		{"external_id":"N-8","name":"N 8","options":[{"name":"Size","values":["S"]}],"variants":[{"sku":"S-7","price":"1","options":{"Size":"S"}}]}
		{"external_id":"N-9","sku":"n-6","name":"N 9","price":"1"}
		{"slug":"h-9","name":"P 9","price":"9"}
	END
}

@test "import: a dry run foresees what is in a file twice" {
	repeated >lines
	tried=$(import --dry-run --report tried lines)
	[[ $(sql "$base" 'select (select count(*) from products), (select count(*) from categories), (select count(*) from audit_logs where table_name = $$products$$)') == '0|0|0' ]]
	made=$(import --report made lines)
	[[ $tried == "$made" && $(cut -d, -f 4 made | grep -c refused) == 2 ]] || { echo "$tried $made"; cat made; return 1; }
	diff tried made
	# And again, when all are there: only one has another price than the first time.
	sql "$base" "update products set price = 7 where external_id = '700'"
	counts=$(sql "$base" 'select count(*), sum(price), (select count(*) from audit_logs) from products')
	tried=$(import --dry-run lines)
	[[ $counts == "$(sql "$base" 'select count(*), sum(price), (select count(*) from audit_logs) from products')" ]]
	[[ $tried == "[0,"*",2]" ]] || { echo "$tried"; return 1; }
}

@test "import: what is kept of products is there with them" {
	repeated >lines
	for i in {1..300}; do
		echo "{\"external_id\":\"V-$i\",\"name\":\"V\u006f\u0308 $i\",\"options\":[{\"name\":\"Size\",\"values\":[\"S\",\"M\"]}],\"images\":[{\"url\":\"https://cdn.example/$i.jpg\"}],\"variants\":[{\"sku\":\"V-$i-S\",\"price\":\"3\",\"inventory_count\":$((i % 3)),\"options\":{\"Size\":\"S\"}},{\"sku\":\"V-$i-M\",\"price\":\"2\",\"options\":{\"Size\":\"M\"}}]}"
	done >>lines
	import lines
	[[ $(of 'count(*), min(p.name)' "p.external_id = 'V-7' or p.parent = (select o.id from products o where o.external_id = 'V-7')") == '3 Vö 7' ]]
	# The words, once; the log of each row; the stock by its ledger; parents by their variants; categories and those above.
	[[ $(sql "$base" "select count(*), count(*) filter (where s.words is distinct from product_words(p)) from products p
		left join product_search s on s.product = p.id") == '2706|0' ]]
	[[ $(sql "$base" "select t.name, count(*), count(distinct t.id), count(*) filter (where l.id is null or l.new_data ->> 'id' is distinct from t.id::text
		or l.old_data is not null) from (select 'products' as name, id from products union all select 'product_images', id from product_images) t
		left join audit_logs l on l.record_id = t.id and l.table_name = t.name and l.action = 'insert' group by 1 order by 1 desc" | tr '\n' ' ') == 'products|2706|2706|0 product_images|300|300|0 ' ]]
	[[ $(sql "$base" "select count(*) from stock k where k.inventory_count <> (select coalesce(sum(m.delta), 0) from stock_movements m
		where m.product = k.product)") == 0 ]]
	[[ $(of 'count(*), count(*) filter (where k.is_out), min(k.shop_price), max(k.shop_price_max)' "p.external_id like 'V-%'") == '300 100 2.00 3.00' ]]
	[[ $(sql "$base" "select count(*), count(c.position) from product_categories c join products p on p.id = c.product where p.external_id = '5'") == '2|1' ]]
}

@test "import: a dry run keeps nobody waiting" {
	repeated >lines
	import lines
	( cat lines; for i in {1..6000}; do echo "{\"external_id\":\"new $i\",\"name\":\"P\",\"price\":\"1\",\"categories\":[[\"A\",\"New\"]]}"; done ) >all
	env -i "$shopctl" --env .env import --store lumen --dry-run all >out & import=$!
	busy() { sql "$base" "select count(*) from pg_stat_activity where datname = '$base' and pid <> pg_backend_pid() and $1"; }
	# It is stopped when it has changed what is there, and made something new.
	until [[ $(busy 'backend_xid is not null') == 1 ]]; do kill -0 "$import"; sleep 0.05; done
	sleep 1
	changed=0
	kill -STOP "$import"
	until [[ $(busy "state = 'idle in transaction'") == 1 ]]; do sleep 0.05; done
	sql "$base" "set lock_timeout = '1s'; update stock set inventory_count = inventory_count where product = (select id from products where external_id = '5');
		update products set name = 'P 5' where external_id in ('5', '1200'); insert into categories (name, slug) values ('Other', 'other');
		update categories set name = 'B' where name = 'B 0'" && changed=1
	kill -CONT "$import"
	wait "$import"
	[[ $changed == 1 ]]
	grep -q '^would be: 6000 products' out
}

@test "import: a file of products with its combinations and categories" {
	has_samples
	[[ $(import "$formats"/presta-{products,combinations,categories}.csv) == '[11,0,0,5]' ]]
	[[ $(of 'p.price, p.weight' "p.sku = 'ML-BR-27'") == '67.50 0.17125' ]]
	[[ $(sql "$base" "select p.name from categories c join categories p on p.id = c.parent where c.name = 'Table Lamps'") == Lamps ]]
	[[ $(import --report report.csv "$formats"/presta-{products,combinations,categories}.csv) == '[0,0,11,5]' ]]
	[[ $(of 'k.inventory_count' "p.sku = 'HB-4'") == 0 ]]
	grep -q '^presta-products.csv,4,5,changed,negative_stock,,' report.csv || { cat report.csv; return 1; }
	# Lines without stock leave it as it is, as docs/importing.md says.
	sql "$base" "insert into stock_movements (product, delta, reason) select id, -3, 'correction' from products where sku = 'OS-5'"
	"${shopctl%/*}/catalogue-reader" "$formats"/presta-{products,combinations,categories}.csv |
		command jq -c 'del(.inventory_count, .variants[]?.inventory_count)' >lines
	[[ $(import lines) == '[0,0,11,'* && $(of 'k.inventory_count' "p.sku = 'OS-5'") == 0 ]] || { import --report - lines; return 1; }
	[[ $(import "$formats"/presta-{products,combinations,categories}.csv) == '[0,1,10,5]' && $(of 'k.inventory_count' "p.sku = 'OS-5'") == 3 ]]
}

@test "import: whole catalogues" {
	[[ -d $top/../shared/data/magento ]] || skip "no ../shared/data"
	[[ $(import "$top/../shared/data/magento/products.csv") == '[1994,0,0,0]' ]]
	[[ $(import "$top/../shared/data/magento/products.csv") == '[0,0,1994,0]' ]]
	ctl import --store lumen --json "$top/../shared/data/bestbuy/categories.json" | jq -c "[.categories, .refused]" >again
	[[ $(<again) == "[4584,0]" ]]
	ctl import --store lumen --json "$top/../shared/data/bestbuy/categories.json" | jq -c '[.categories, .refused]' | tee again
	[[ $(<again) == '[0,0]' ]]
	[[ $(import --images none "$top/../shared/data/dummyjson/products.json") == '[194,0,0,0]' ]]
}

@test "import: a row that the shop refuses is reported, and the others are taken in" {
	lines '{"name":"A","price":"1","sku":"A"}' '{"name":"B","price":"2","currency":"USD"}' \
		'{"name":"C","price":"3.999","sku":"C"}' '{"name":"D","price":"x"}' '{"name":"E","price":"5","sku":"a"}' \
		'{"name":"F","price":"6","barcode":"4006381333932"}' '{"name":"G"}' "{\"name\":\"$(printf 'x%.0s' {1..300})\",\"price\":\"1\"}" \
		'{"name":"H","options":[{"name":"Size","values":["S"]}],"variants":[{"price":"1","options":{"Size":"S"}},{"price":"1","options":{"Size":"L"}}]}' \
		'{"name":"I","price":"7","tags":"red"}' '{"name":"J","price":"8","sku":"J"}'
	[[ $(import --report report.csv lines) == '[2,1,0,8]' ]]
	[[ $(of 'p.name' "p.sku = 'a'") == E && $(of 'p.name' "p.sku = 'J'") == J ]]
	grep -q '^lines,2,2,refused,store_currency,currency,,The store.s prices are in EUR\.' report.csv
	grep -q '^lines,3,3,refused,currency_decimals,price,,EUR has 2 decimal places' report.csv
	grep -q '^lines,4,4,refused,invalid,' report.csv
	grep -q '^lines,6,6,refused,invalid_gtin,barcode,' report.csv
	grep -q '^lines,7,7,refused,required,price,' report.csv
	grep -q '^lines,8,8,refused,max_length,name,,At most 255' report.csv
	grep -q '^lines,9,9,refused,invalid_choice,' report.csv
	grep -q '^lines,10,10,refused,wrong_type,tags,' report.csv
	# Nothing of what is refused is there, and a name without a price may come in as a draft.
	[[ $(sql "$base" "select count(*) from products where name in ('B', 'C', 'D', 'F', 'G', 'H', 'I')") == 0 ]]
	lines '{"name":"G"}'
	[[ $(import --no-price draft lines) == '[1,0,0,0]' && $(of 'p.published, p.price is null' "p.name = 'G'") == 'f t' ]]
}

@test "import: what a file does not name stays, a sale that it no longer has ends, and stock goes through the ledger" {
	lines '{"external_id":"1","name":"A","brand":"B","price":"9","sale_price":"8","track_inventory":true,"inventory_count":5}'
	[[ $(import lines) == '[1,0,0,0]' ]]
	sql "$base" "update products set description = 'Ours' where external_id = '1'"
	lines '{"external_id":"1","name":"A","price":"9","inventory_count":3}'
	[[ $(import lines) == '[0,1,0,0]' ]]
	[[ $(of 'p.description, p.brand, p.sale_price is null, k.inventory_count' "p.external_id = '1'") == 'Ours B t 3' ]]
	[[ $(sql "$base" "select string_agg(m.delta || ' ' || m.reason, ', ' order by m.created_at) from stock_movements m") == '5 import, -2 import' ]]
	[[ $(import lines) == '[0,0,1,0]' ]]
	lines '{"external_id":"1","attributes":{"b":"1","aa":"2"}}'
	[[ $(import lines) == '[0,1,0,0]' && $(of 'p.attributes' "p.external_id = '1'") == '{"b":"1","aa":"2"}' ]]
	# Below zero only with backorders.
	lines '{"external_id":"1","inventory_count":-4}' '{"external_id":"2","name":"B","price":"1","allow_backorder":true,"inventory_count":-4}'
	[[ $(import lines) == '[1,1,0,0]' ]]
	[[ $(of 'k.inventory_count' "p.external_id = '1'") == 0 && $(of 'k.inventory_count' "p.external_id = '2'") == -4 ]]
	# Variants that the file no longer has stay, with their values.
	lines '{"external_id":"3","name":"C","options":[{"name":"Size","values":["S","M"]}],"variants":[{"price":"1","options":{"Size":"S"}},{"price":"2","options":{"Size":"M"}}]}'
	[[ $(import lines) == '[3,0,0,0]' ]]
	lines '{"external_id":"3","name":"C","options":[{"name":"Size","values":["L","S"]}],"variants":[{"price":"3","options":{"Size":"L"}},{"price":"1","options":{"Size":"S"}}]}'
	[[ $(import lines) == '[1,1,1,0]' ]]
	[[ $(of 'p.options' "p.external_id = '3'") == '[{"name": "Size", "values": ["S", "M", "L"]}]' ]]
}

@test "import: a price list of variants" {
	lines '{"sku":"A","name":"A","options":[{"name":"Size","values":["S","M"]}],"variants":[{"sku":"A-S","price":"1","options":{"Size":"S"}},{"sku":"A-M","price":"2","options":{"Size":"M"}}]}'
	[[ $(import lines) == '[3,0,0,0]' ]]
	lines '{"sku":"A-S","price":"16.00"}' '{"sku":"A-M","inventory_count":3}'
	[[ $(import --dry-run lines) == '[0,2,0,0]' && $(import lines) == '[0,2,0,0]' && $(import lines) == '[0,0,2,0]' ]]
	[[ $(of 'p.price, k.inventory_count' "p.sku = 'A-S'") == '16.00 0' && $(of 'p.price, k.inventory_count' "p.sku = 'A-M'") == '2.00 3' ]]
	printf 'sku,price\nA-S,17.00\nA-M,18.00\n' >table
	[[ $(import --format cgishop_table table) == '[0,2,0,0]' ]] || { import --format cgishop_table --report - table; return 1; }
	[[ $(of 'p.price' "p.sku = 'A-S'") == 17.00 && $(of 'p.price' "p.sku = 'A-M'") == 18.00 ]]
}

@test "import: categories of products are counted" {
	local i
	for i in {1..600}; do echo "{\"external_id\":\"$i\",\"name\":\"P $i\",\"price\":\"1\",\"categories\":[[\"A\",\"B $((i % 3))\"]]}"; done >lines
	ctl import --store lumen --dry-run lines | grep -q '^would be: 600 products and variants made, 0 changed, 0 as they were; 4 categories made or changed$'
	ctl import --store lumen lines | grep -q '^600 products and variants made, .*; 4 categories made or changed$'
	ctl import --store lumen lines | grep -q '; 0 categories made or changed$'
	# Of products that the store has, too.
	for i in {1..600}; do echo "{\"external_id\":\"$i\",\"name\":\"P $i\",\"price\":\"1\",\"categories\":[[\"A\",\"C\"]]}"; done >lines
	echo '{"external_id":"new","name":"New","price":"1","categories":[["A","C"]]}' >>lines
	ctl import --store lumen --dry-run lines | grep -q '; 1 categories made or changed$'
	[[ $(ctl import --store lumen --json lines | jq .categories) == 1 ]]
}

@test "import: two at once make each product once" {
	for i in {1..400}; do echo "{\"external_id\":\"$i\",\"name\":\"P $i\",\"price\":\"1\",\"categories\":[[\"A $((i % 7))\",\"B\"]]}"; done >lines
	import lines >one & import lines >two
	wait
	[[ $(sql "$base" 'select count(*), count(distinct external_id) from products') == '400|400' ]]
	[[ $(sql "$base" 'select count(*) from categories') == 14 ]]
	[[ $(import lines) == '[0,0,400,0]' ]]
}

@test "import: one that is killed goes on where it was" {
	for i in {1..3000}; do echo "{\"external_id\":\"$i\",\"name\":\"P $i\",\"price\":\"1\",\"inventory_count\":2}"; done >lines
	env -i "$shopctl" --env .env import --store lumen lines >/dev/null 2>&1 & import=$!
	until (( $(sql "$base" 'select count(*) from products') > 0 )); do sleep 0.05; done
	kill -9 "$import"
	wait "$import" || true
	# What it was sending may still be taken in.
	until [[ $(sql "$base" "select count(*) from pg_stat_activity where datname = '$base' and state = 'active' and pid <> pg_backend_pid()") == 0 ]]; do sleep 0.1; done
	done=$(sql "$base" 'select count(*) from products')
	(( done > 0 && done < 3000 && done % 500 == 0 ))
	[[ $(import lines) == "[$((3000 - done)),0,$done,0]" ]]
	[[ $(sql "$base" 'select count(*), sum(inventory_count) from stock') == '3000|6000' ]]
}

@test "import: what cannot begin is refused" {
	lines '{"name":"A","price":"1"}'
	refuses 64 'import needs --store STORE' import lines
	refuses 64 'needs an argument: FILE' import --store lumen
	refuses 64 '\-\-images is now, later or none' import --store lumen --images soon lines
	refuses 65 'there is no store "other"' import --store other lines
	refuses 66 'missing: No such file' import --store lumen missing
	refuses 73 'cannot write /nonexistent/r.csv' import --store lumen --report /nonexistent/r.csv lines
	printf 'Colour,Shape\nred,round\n' >strange
	refuses 65 'no known format has these headers' import --store lumen strange
	[[ $(sql "$base" 'select count(*) from products') == 0 ]]
	ctl import --store lumen - <lines | grep -q '^1 products'
	cp "$shopctl" here
	shopctl=$PWD/here refuses 69 'catalogue-reader is missing' import --store lumen lines
}
