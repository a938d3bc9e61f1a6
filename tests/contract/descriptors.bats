# The tables of fields in the programs against the tables of the database.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need PSQL APP_PSQL
	describe_all >"$BATS_FILE_TMPDIR/groups.json"
}

setup() { groups=$BATS_FILE_TMPDIR/groups.json; }

# with_fields QUERY : run it beside the views `resource` and `field`: what the descriptors say, and the column of each
# field.
with_fields() {
	{
		echo 'create temp table described (description jsonb);'
		echo "copy described from stdin (format csv, delimiter e'\x01', quote e'\x02');"
		jq -c '.[]' "$groups"
		echo '\.'
		cat <<-END
			create temp view resource as
			select distinct r ->> 'name' as name, r ->> 'table' as tab, r -> 'fields' as fields,
				r ->> 'within' as within,
				r ->> 'name' <> 'order' as changes -- orders are written by functions
			from described, jsonb_array_elements(description -> 'resources') r;
			create temp view field as
			select r.name as resource, r.tab, r.within, f ->> 'name' as name, f ->> 'column' as col, f ->> 'type' as type,
				split_part(f ->> 'listed', '.', 2) as listed, -- a column of a joined table
				f ->> 'refers_to' as refers_to, f ->> 'derived_from' as derived_from,
				case when r.changes then f ->> 'write' end as write,
				(f ->> 'required')::bool as required, (f ->> 'nullable')::bool as nullable,
				array(select jsonb_array_elements_text(f -> 'choices') order by 1) as choices,
				(f ->> 'by_hook')::bool as by_hook, (f ->> 'filter')::bool as filters, (f ->> 'order')::bool as orders,
				a.attnum, a.attnotnull as not_null,
				-- Of a domain, what it is made of.
				format_type(coalesce(nullif((select t.typbasetype from pg_type t where t.oid = a.atttypid), 0), a.atttypid),
					null) as col_type,
				a.atthasdef as has_default
			from resource r cross join jsonb_array_elements(r.fields) f
			left join pg_attribute a on a.attrelid = to_regclass('public.' || r.tab)
				and a.attname = f ->> 'column' and not a.attisdropped;
			$1;
		END
	} | $PSQL -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1
}

@test "descriptors: every group describes itself, with its routes" {
	[[ $(jq 'length' "$groups") == $(groups | wc -l) ]]
	[[ $(jq -r '.[].group' "$groups" | sort) == $(groups | sort) ]]
	jq -r '.[] | select(.routes == []) | .group' "$groups" | nothing "groups without routes"
	jq -r '.[] | .group as $g | .routes[] | select(.doc == null or .doc == "") | "\(.method) \($g)\(.pattern)"' \
		"$groups" | nothing "routes without a word about them"
}

@test "descriptors: every route describes its responses and its input" {
	jq -r '.[] | .group as $g | .routes[] | select(.takes == null or .answer == null
		or ((.answer == "object" or .answer == "page") and .shape == null and .resource == null)
		or (.answer == "file" and .media == null)) | "\(.method) \($g)\(.pattern)"' "$groups" |
		nothing "routes that are not described"
}

@test "descriptors: a shape's choices are those that a table has" {
	jq -r 'def all: .members[] | ., (.of // empty | all);
		[.[] | (.routes[], .resources[]) | .shape // empty | all | select(.choices != []) | .choices | sort | join(",")]
		| unique | .[]' "$groups" >"$BATS_TEST_TMPDIR/choices"
	(( $(wc -l <"$BATS_TEST_TMPDIR/choices") >= 8 ))
	{
		sql "select string_agg(name, ',' order by name collate \"C\") from order_statuses
			union all select (select string_agg(m[1], ',' order by m[1] collate \"C\")
				from regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g') m)
			from pg_constraint c where c.contype = 'c'
			union all select string_agg(availability(n), ',' order by availability(n) collate \"C\") from generate_series(0, 3) n"
		sed -n 's/^GATEWAY(\(.*\))$/\1/p' "$top/core/gateway/gateways.def" | LC_ALL=C sort | paste -sd,
		echo current,missing,newer,outdated # of the tables themselves: core/db/migrate.h
	} | sort -u >"$BATS_TEST_TMPDIR/known"
	comm -23 <(sort "$BATS_TEST_TMPDIR/choices") "$BATS_TEST_TMPDIR/known" | nothing "choices that no table has"
}

@test "descriptors: a page of another origin may read every header that an answer can have" {
	read_headers=$(sed -n '/define HEADERS_READ/,/PREFLIGHT/p' "$top/core/http/cors.c" | tr -d '"\\\n\t')
	grep -rhoE '(response_header|write_number)\([^"]*"[A-Za-z-]+"' "$top/core" "$top/cgi-bin" | sed 's/.*"\(.*\)"/\1/' | sort -u |
		grep -vE '^(Access-Control-|Content-Security-Policy$)' >"$BATS_TEST_TMPDIR/set"
	(( $(wc -l <"$BATS_TEST_TMPDIR/set") > 8 ))
	while read -r name; do
		[[ $read_headers == *"$name"* ]] || echo "$name"
	done <"$BATS_TEST_TMPDIR/set" | nothing "headers that are not in HEADERS_READ"
}

@test "descriptors: every column exists, and its type fits" {
	with_fields "select resource, name, 'no column ' || tab || '.' || col from field
		where col is not null and attnum is null" | nothing "missing columns"
	with_fields "select resource, name, type || ' for a column of type ' || col_type from field
		where attnum is not null and type <> case col_type
			when 'integer' then 'bigint' when 'smallint' then 'bigint'
			when 'timestamp with time zone' then 'timestamptz' else col_type end" | nothing "types that do not fit"
}

@test "descriptors: a reference is a foreign key to the table it names" {
	with_fields "select resource, name, 'refers to ' || refers_to from field f
		where refers_to is not null and not by_hook and not exists (
			select 1 from pg_constraint c
			where c.contype = 'f' and c.conrelid = to_regclass('public.' || f.tab)
				and c.confrelid = to_regclass('public.' || f.refers_to) and c.conkey = array[f.attnum])" |
		nothing "references without a foreign key"
}

# Of payment methods core/gateway/gateways.def is the list.
@test "descriptors: what can be chosen is what the database takes" {
	with_fields "select resource, name, choices, taken from (
			select f.resource, f.name, f.choices, case when f.tab = 'orders' and f.name = 'status'
				then (select array_agg(s.name order by s.name) from order_statuses s)
				else (select array_agg(distinct m[1] order by m[1]) from pg_constraint c,
						regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g') m
					where (c.contype = 'c' and c.conrelid = to_regclass('public.' || f.tab) and c.conkey = array[f.attnum])
						or c.contypid = (select a.atttypid from pg_attribute a
							where a.attrelid = to_regclass('public.' || f.tab) and a.attnum = f.attnum)) end as taken
			from field f where f.choices <> '{}' and f.name <> 'payment_method' and f.col is not null) t
		where choices is distinct from taken" | nothing "choices that are not the database's"
	[[ $(with_fields "select count(*) from field where choices <> '{}' and col is not null") == 10 ]]
}

# What the client may leave out, the database must be able to fill in.
@test "descriptors: required fits NOT NULL without a default" {
	with_fields "select resource, name, 'is not required, but the column is NOT NULL without a default' from field
		where write is not null and not_null and not has_default and not required and derived_from is null" |
		nothing "fields that cannot be left out"
	with_fields "select resource, name, 'is required, but the column takes null' from field
		where write is not null and required and not by_hook and not not_null
			and resource <> 'subcategory'" | # has only rows where it is not null
		nothing "columns that hold more than the API lets in"
}

@test "descriptors: nullable fits the column" {
	with_fields "select resource, name, 'takes null, its column does not' from field
		where write is not null and nullable and not_null" | nothing "fields that cannot be null"
	with_fields "select resource, name, 'takes no null, but leaving it out makes it null' from field
		where write is not null and not by_hook and not nullable and not required and derived_from is null
			and attnum is not null and not not_null and not has_default" |
		nothing "fields that are null by omission alone"
}

# A trigger fills these in before the row is checked.
@test "descriptors: what must be filled in on insert is a field that can be written" {
	with_fields "select r.name, a.attname from resource r
		join pg_attribute a on a.attrelid = to_regclass('public.' || r.tab)
		where a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
			and exists (select 1 from field f where f.resource = r.name and f.write is not null and f.required)
			and not exists (select 1 from field f where f.resource = r.name and f.col = a.attname and f.write is not null)
			and (r.tab, a.attname) not in (('products', 'currency'), ('addresses', 'user_id'))" | nothing "columns that nobody can fill in"
}

@test "descriptors: the serving role may write what can be written, and read what is read" {
	with_fields "select resource, name, v.verb from field, (values ('insert'), ('update')) v (verb)
		where write is not null and not by_hook and attnum is not null
			and not has_column_privilege('$(serving_role)', to_regclass('public.' || tab), attnum, v.verb)" |
		nothing "rights that are missing"
}

serving_role() { $APP_PSQL -X -A -t -c 'select current_user'; }

@test "descriptors: every composed statement runs for every role" {
	jq -r '.[] | .resources[] | .name as $r | .statements | to_entries[]
		| (.value | [match("\\$([0-9]+)"; "g").captures[0].string | tonumber] | max // 0) as $n
		| "\\echo \($r) \(.key)\nprepare s as \(.value);\nexplain (costs off) execute s"
			+ (if $n > 0 then "(" + ([range($n) | "null"] | join(",")) + ")" else "" end) + ";\ndeallocate s;"' \
		"$groups" >"$BATS_TEST_TMPDIR/statements.sql"
	(( $(grep -c '^prepare' "$BATS_TEST_TMPDIR/statements.sql") >= 50 ))
	{ echo 'set plan_cache_mode = force_generic_plan;'; cat "$BATS_TEST_TMPDIR/statements.sql"; } |
		$APP_PSQL -X -q -A -t -f - 2>&1 |
		awk '/^[a-z-]+ [0-9]+$/ { name = $0 } /ERROR/ { sub(/^.*ERROR: */, ""); print name ": " $0 }' |
		nothing "statements that fail"
}

# Not where it would not help: a table of a few dozen rows, flags, and labels that most rows share.
@test "descriptors: an index begins with each column that a list is filtered or ordered by" {
	with_fields "select resource, name, case when orders then 'order' else 'filter' end from field f
		where (filters or orders) and attnum is not null and type <> 'boolean'
			and not (name = 'status' and tab <> 'orders') and (tab, col) not in (('orders', 'payment_status'), ('shipping_methods', 'countries'))
			and tab <> 'stores'
			and not exists (select 1 from pg_index i
				where i.indrelid = to_regclass('public.' || f.tab) and i.indisvalid and i.indkey[0] = f.attnum)
			and not exists (select 1 from pg_index i
				where i.indrelid = to_regclass('public.' || f.tab) and i.indkey[0] = 0
					and pg_get_indexdef(i.indexrelid) ~ ('\((lower|facet_fold)\(' || f.col || '\)'))
			and not exists (select 1 from pg_indexes i where i.indexdef ~ (' (btree \(' || f.listed || ', |gin \(' || f.listed || '\))')
				or (i.tablename = f.tab and i.indexdef like '% btree (' || f.within || ', ' || f.col || ')'))
		order by 1, 2" | nothing "columns without an index"
}

# Not of a resource, and not what others make: webhooks, forms, a provider's page.
@test "descriptors: what a route reads of a body is described" {
	jq -r '.[] | .group as $g | .routes[] | select(.method != "GET" and .method != "DELETE" and .takes == "nothing" and .body == null)
		| select((.pattern | test("/restore$|logout|^/cron$")) | not) | "\($g) \(.method) \(.pattern)"' "$groups" |
		nothing "routes without a body"
	jq -r 'def all: .[] | select(.access == "write") | ., ((.members // []) | all);
		.[] | .group as $g | .routes[] | .pattern as $p | (.body // []) | all | select(.doc == null) | "\($g)\($p) \(.name)"' \
		"$groups" | nothing "members without a word about them"
	jq -r '.[] | select(.group == "orders") | .routes[] | select(.method == "POST" and .pattern == "") | .body[]
		| select(.name == "shipping_address") | .members[] | select(.access == "write") | .name' "$groups" |
		diff - <(sed -n 's/^ADDRESS_MEMBER(\([a-z0-9_]*\),.*/\1/p' "$BATS_TEST_DIRNAME/../../core/resource/address.def")
}
