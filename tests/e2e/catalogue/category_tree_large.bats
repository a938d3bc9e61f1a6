# The tree of a large shop: Best Buy's categories (../shared/data/bestbuy), and more than one answer holds.
# shellcheck disable=SC2154

load ../../support/api

data=$BATS_TEST_DIRNAME/../../../../shared/data/bestbuy/categories.json

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Many-)" currency=EUR)
	export STORE OTHER
}

setup() {
	[[ -n ${PSQL-} ]] || skip 'without PSQL nothing can be loaded at once'
	as staff
}

sql() { $PSQL -c "$1"; }

# nodes : external id, name, that of the nearest category above which is in the file; names as they must be to be unique.
nodes() {
	jq -r '(map({(.id): true}) | add) as $known
		| map({id, name: (.name // .id), above: ([.path[:-1][].id | select($known[.])] | last)})
		| group_by([.above, (.name | ascii_downcase)])[] | to_entries[]
		| [.value.id, if .key > 0 then "\(.value.name) (\(.value.id))" else .value.name end, .value.above // "-"] | @tsv' "$data"
}

@test "large tree: 4,584 categories go in at once, in any order, and come out in one statement" {
	[[ -f $data ]] || skip "no $data"
	nodes >"$BATS_TEST_TMPDIR/nodes"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/nodes") == 4584 ]]
	{
		echo 'begin; create temp table node (external_id text, name text, above text, id uuid default uuid_v7());'
		echo 'copy node (external_id, name, above) from stdin;'
		shuf "$BATS_TEST_TMPDIR/nodes"
		echo '\.'
		echo "insert into categories (id, name, slug, store, external_id, parent)
			select n.id, n.name, lower(n.external_id), '$STORE', n.external_id, a.id
			from node n left join node a on a.external_id = n.above order by md5(n.external_id); commit"
	} | $PSQL
	sql 'analyze categories; analyze category_paths'
	started=$(date +%s%N)
	token='' api GET "/categories/tree?store=$STORE"
	echo "# $(( ($(date +%s%N) - started) / 1000000 )) ms, ${#body} bytes" >&3
	expect 200
	# What is in the answer is what is in the file: each with the one above it.
	jq -r --arg store "$STORE" 'def lines($above): .[] | [.id, .name, $above], (.id as $id | .children | lines($id));
		.results | map(select(.store == $store)) | [lines("-")][] | @tsv' "$BATS_TEST_TMPDIR/body" |
		sort >"$BATS_TEST_TMPDIR/shown"
	sql "select id || E'\t' || external_id from categories where store = '$STORE'" >"$BATS_TEST_TMPDIR/ids"
	awk -F '\t' -v OFS='\t' 'NR == FNR { key[$1] = $2; next } { print key[$1], $2, $3 == "-" ? "-" : key[$3] }' \
		"$BATS_TEST_TMPDIR/ids" "$BATS_TEST_TMPDIR/shown" | sort | diff - <(sort "$BATS_TEST_TMPDIR/nodes")
	# Suspending a branch changes what is below it, and nothing of them is logged.
	root=$(sql "select c.id from categories c join category_paths k on k.path @> array[c.id]
		where c.store = '$STORE' and c.parent is null group by c.id order by count(*) desc limit 1")
	send PATCH "/categories/$root" is_suspended:=true
	expect 200
	token='' api GET "/categories/tree?store=$STORE"
	left=$(field "[.results[] | recurse(.children[]) | select(.store == \"$STORE\")] | length")
	(( left > 2000 && left < 4584 ))
	[[ $(sql "select count(*) from audit_logs l join categories c on c.id = l.record_id
		where c.store = '$STORE' and l.action = 'update'") == 1 ]]
}

@test "large tree: more than one answer holds is refused with a hint" {
	sql "insert into categories (name, slug, store) select 'C' || n, 'c-' || n, '$OTHER' from generate_series(1, 20001) n" >/dev/null
	token='' api GET "/categories/tree?store=$OTHER"
	expect 422 validation
	[[ $(field .detail) == *'20000 categories: name a store, or fewer levels'* ]]
	sql "update categories set is_deleted = true where store = '$OTHER' and slug like 'c-%'" >/dev/null
	token='' api GET "/categories/tree?store=$OTHER"
	expect 200
}
