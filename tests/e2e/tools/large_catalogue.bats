# tests/bench/large_catalogue: what it loads is what it says, and what the shop's own triggers would have made of it.
# shellcheck disable=SC2154 # cluster.bash sets them

load ../../support/cluster

# generate [PRODUCTS] : into $base, migrated.
generate() {
	ctl migrate >/dev/null
	"$top/tests/bench/large_catalogue" "${1-1000}" psql -h "$cluster" -p "$PORT" -U "$owner" "$base" >out 2>err
}

@test "the catalogue has what its help says" {
	generate
	grep -q '^1000 products: 10 with 30 variants, 10 in no stock; 2000 pictures, 1000 categories, 50 stores\. ' out
	[[ $(sql "$base" "select count(*) filter (where description ~ ' velnora '), count(*) filter (where
		name || description ~* 'quistral'), count(*) filter (where name || ' ' || description ~* '\mclassic\M') from products
		where parent is null") == "50|0|490" ]]
	[[ $(sql "$base" "select count(distinct brand) > 50, count(distinct sku), bool_or(sku ~ '^[A-Z]{3}-[0-9]{4}$'),
		bool_or(sku ~ '^[A-Z]+-[0-9]{2}$'), bool_or(sku ~ '^[A-Z]+-[A-Z]{3}-[SML]$') from products") == "t|1000|t|t|t" ]]
	[[ $(sql "$base" "select max(cardinality(path)), count(*) filter (where cardinality(path) = 1) from category_paths") == "3|10" ]]
	# GS1: the digits, times 1 and 3 in turn, add up to a multiple of ten.
	[[ $(sql "$base" "select count(*) from products p where (select sum(substr(p.barcode, i, 1)::integer * (1 + (i + 1) % 2 * 2))
		from generate_series(1, 13) i) % 10 > 0 or length(p.barcode) <> 13") == 0 ]]
}

@test "derived columns are those of the shop's functions, and its triggers are on again" {
	ctl migrate >/dev/null
	local code
	code=$(sql "$base" "select code_fingerprint()")
	generate
	[[ $(sql "$base" "select code_fingerprint()") == "$code" ]]
	[[ $(sql "$base" "select count(*) from stock k where k.inventory_count <> coalesce((
		select sum(m.delta) from stock_movements m where m.product = k.product), 0)") == 0 ]]
	[[ $(sql "$base" "select products, counted_at is not null from search_words where word = 'velnora'") == "50|t" ]]
	sql "$base" "create table before as select p.*, k.inventory_count, k.shop_price, k.shop_price_max, k.price_changes_at,
			array(select to_jsonb(c) from product_categories c where c.product = p.id order by c.category) as placed
		from products p join stock k on k.product = p.id"
	# Each product again, by the trigger that was off, and the stock by what brings it up to date.
	sql "$base" "update products set categories = '[]' where parent is null;
		update products p set categories = b.categories from before b where b.id = p.id and p.parent is null;
		select stock_follow(array(select id from products))" >/dev/null
	[[ $(sql "$base" "select count(*), count(*) filter (where to_jsonb(b) - 'modified_at' <> to_jsonb(n) - 'modified_at')
		from before b join (
			select p.*, k.inventory_count, k.shop_price, k.shop_price_max, k.price_changes_at, array(
				select to_jsonb(c) from product_categories c where c.product = p.id order by c.category) as placed
			from products p join stock k on k.product = p.id) n on n.id = b.id") == "1000|0" ]]
}

@test "it is the same each time" {
	local first=$base
	generate
	base+=_again
	make_database
	write_env
	generate
	for table in products product_images stock_movements product_categories categories; do
		[[ $(rows "$first" "$table") == "$(rows "$base" "$table")" ]]
	done
	sql postgres "drop database $base"
	base=$first
}

# rows DATABASE TABLE : a sum of what its rows say, but for when they were changed.
rows() {
	sql "$1" "select md5(string_agg(r, '' order by r)) from (
		select (to_jsonb(t) - '{modified_at,created_at}'::text[])::text as r from $2 t) x"
}

@test "a database that holds products is refused, and so is a number that is not round" {
	generate
	local code=0
	generate || code=$?
	[[ $code == 75 ]]
	grep -q 'holds products already' err
	code=0
	"$top/tests/bench/large_catalogue" 1500 psql "$base" 2>err || code=$?
	[[ $code == 64 ]]
}
