# catalogue-reader: from the files of other shops to products, as the expected files beside the samples say.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() {
	reader=$build/bin/catalogue-reader
	formats=$top/../shared/data/formats
	cd "$BATS_TEST_TMPDIR" || return
	[[ -x $reader ]] || skip "built without catalogue-reader: tools/deps build installs what it needs"
}

# samples NAME... : each file of ../shared/data/formats comes to what is expected of it.
samples() {
	local name
	[[ -d $formats ]] || skip "no ../shared/data/formats"
	for name; do
		"$reader" "$formats/$name" >lines
		node "$top/tests/support/compare_catalogue.js" "$formats/$name.expected.json" <lines
	done
}

# refused WORDS FILE... : exit code 65, the words on standard error, no product.
refused() {
	local words=$1 code=0
	shift
	"$reader" "$@" >out 2>err || code=$?
	[[ $code == 65 ]] || { echo "exit code $code"; cat err; return 1; }
	grep -q -e "$words" err || { cat err; return 1; }
	! grep -q '"source"' out
}

# reports JQ : what is reported of FILE's rows, one line each.
reports() { jq -c "select(.report) | .report | $1" out; }

@test "catalogue-reader: Shopify's exports" { samples shopify-{2024,2019,partial}.csv; }

@test "catalogue-reader: WooCommerce's exports, in other languages too" { samples woo-{9,2017,localised}.csv; }

@test "catalogue-reader: Wix's and Etsy's exports" { samples wix.csv etsy-en.csv etsy-it.csv; }

@test "catalogue-reader: Google's and Facebook's feeds" { samples google-{compact,mixed,noprefix}.xml facebook.csv; }

@test "catalogue-reader: Vendure's imports" { samples vendure-{products,multilang}.csv; }

@test "catalogue-reader: Spree's imports, with translations in a second file" {
	samples spree-products.csv
	"$reader" "$formats"/spree-{products,translations}.csv >lines
	node "$top/tests/support/compare_catalogue.js" "$formats/spree-translations.csv.expected.json" subset <lines
}

@test "catalogue-reader: PrestaShop's imports: products, combinations, categories" {
	samples presta-{products,categories}.csv presta14-products.csv
	"$reader" "$formats"/presta-{products,combinations}.csv >lines
	node "$top/tests/support/compare_catalogue.js" "$formats/presta-combinations.csv.expected.json" subset <lines
	# With the tree, and in another order of files, names become paths.
	"$reader" "$formats"/presta-{combinations,products,categories}.csv >lines
	[[ $(jq -c 'select(.source and .name == "Marsh Lamp") | .categories' lines) == '[["Lamps","Table Lamps"]]' ]]
	# Combinations without products are no products.
	"$reader" "$formats/presta-combinations.csv" >lines
	[[ $(jq -s -c 'map(.report | select(.) | .reason) | unique' lines) == '["parent_missing"]' ]]
}

@test "catalogue-reader: Magento's export, and Saleor's dump" { samples magento-products.csv saleor-dump.json; }

@test "catalogue-reader: headers as other tools write them" {
	printf 'ID;Name;Price tax included;Categories (x,y,z...);Feature (Name:Value:Position:Customized);\n1;Lampa;129,99;Home,Lampy;Kolor:biały:1:1,Moc:5W:2:1;\n' >presta
	"$reader" presta >out
	[[ $(jq -c 'select(.source) | [.price, .categories, .attributes]' out) == '["129.99",[["Lampy"]],{"Kolor":"biały","Moc":"5W"}]' ]]
	printf 'ID;Typ;Artikelnummer;Name;Bestand;Regulärer Preis;Attribut 1 Name;Attribut 1 Wert(e)\n1;simple;1;A;10;1.099,90;Größe;M\n' >woo
	"$reader" woo >out
	[[ $(jq -c 'select(.source) | [.sku, .price, .inventory_count, .attributes]' out) == '["1","1099.90",10,{"Größe":"M"}]' ]]
	# A product has a row of its own, before those of its variants.
	printf 'name,slug,optionGroups,optionValues,sku,price\nA,a,Size,,,\n,,,S,A-S,5\n' >vendure
	"$reader" vendure >out
	[[ $(jq -c 'select(.source) | [.options[0].values, .variants[].sku]' out) == '[["S"],"A-S"]' ]]
	printf 'sku,product_type,name,price,additional_attributes\nA,simple,A,5,"has_options=0,note=""a, b"",colour=red"\n' >magento
	"$reader" magento >out
	[[ $(jq -c 'select(.source) | .attributes' out) == '{"colour":"red","note":"a, b"}' ]]
}

@test "catalogue-reader: rows in any order, names as in HTML, lines above the headers" {
	printf 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\na,,,M,A-M,2\na,Salt &amp; Pepper &#8211; set,Size,S,A-S,1\n' >order
	"$reader" order >out
	[[ $(jq -c 'select(.source) | [.name, .options, [.variants[].sku]]' out) == '["Salt & Pepper – set",[{"name":"Size","values":["M","S"]}],["A-M","A-S"]]' ]]
	printf '# Required | A unique id,# Required | A title\n\nid,title,price,availability,image_link\n1,A & B; c &x; &#0;,3 EUR,in stock,https://a.example/1.jpg\n' >above
	"$reader" above >out
	[[ $(jq -c 'select(.source) | [.name, .source.line]' out) == '["A & B; c &x; &#0;",4]' ]]
}

@test "catalogue-reader: texts that are too long are cut, and reported" {
	{
		printf 'ID,Type,Name,Published,Regular price,Tags,Description,Meta: _big,Meta: _small\n1,simple,'
		printf 'é%.0s' {1..300}
		printf ',1,5,"red, '
		printf 'x%.0s' {1..61}
		printf '",'
		printf 'word %.0s' {1..3998}
		printf '<p class=a>%s</p>,' "$(printf 'z%.0s' {1..100})"
		printf 'm%.0s' {1..5000}
		printf ',s\n'
	} >long
	"$reader" long >out
	# No tag is cut in two.
	[[ $(jq -c 'select(.source) | [(.name | length), .tags, (.description | length), (.description | endswith("word")), .metadata]' out) == \
		'[255,["red"],19989,true,{"_small":"s"}]' ]]
	[[ $(reports .field | sort | tr -d '\n') == '"description""metadata""name""tags"' ]]
}

@test "catalogue-reader: whole files: rows in are rows out" {
	[[ -d $top/../shared/data/magento ]] || skip "no ../shared/data"
	cd "$top/../shared/data" || return
	counts='map(.file | select(.))[0] | [.format, .records, .products, .variants, .categories, .refused]'
	[[ $("$reader" magento/products.csv | jq -s -c "$counts") == '["magento",1994,147,1847,0,0]' ]]
	[[ $("$reader" dummyjson/products.json | jq -s -c "$counts") == '["dummyjson",194,194,0,0,0]' ]]
	[[ $("$reader" bestbuy/categories.json | jq -s -c "$counts") == '["bestbuy_categories",4584,0,0,4584,0]' ]]
	[[ $("$reader" bestbuy/categories.json | jq -s -c 'map(select(.category) | .category.path) | unique | length') == 4584 ]]
}

@test "catalogue-reader: what it writes it reads again, unchanged" {
	[[ -d $formats ]] || skip "no ../shared/data/formats"
	"$reader" "$formats/shopify-2024.csv" >first
	"$reader" first >second
	lines='select(.name) | del(.source, .variants[]?.source)'
	[[ $(jq -S -c "$lines" first) == "$(jq -S -c "$lines" second)" ]]
	echo '{"name":"A","colour":"red"}' >strange
	"$reader" --format cgishop strange >out
	[[ $(reports '[.reason, .field]') == '["member_unknown","colour"]' ]]
	printf '{"name":"A"}\n{"name":"B",}\n{"name":"C"}\n' >broken
	"$reader" broken >out
	[[ $(reports '[.record, .line, .reason]') == '[2,2,"json_invalid"]' ]]
}

own=handle,sku,name,price,track_inventory,inventory_count,attributes,tags,categories,option1_name,option1_value,position,options,images,image_alt_texts,sale_from

@test "catalogue-reader: cgishop's CSV: rows of a product, lists and values as they are" {
	printf '%s\r\n' "$own" 'a,A-2,,5.00,false,,,,,Size,M,4,,,,' "a,'=A,'-A,,TRUE,,\"{\"\"b\"\":1.50,\"\"a\"\":[]}\",\"x, y\\, z, \\\\\",\"A > B\\>C, D\",Size,,,\"[{\"\"name\"\":\"\"Size\"\",\"\"values\"\":[\"\"L\"\"]}]\",https://i.example/1 https://i.example/2,\", Two\\, 2\",2026-01-02" \
		'a,A-3,,6.00,true,-3,,,,,L,,,,,' 'b,B-1,,7,true,1,,,,Size,S,,,,,' >own
	"$reader" own >out
	[[ $(jq -c 'select(.report)' out) == '' ]]
	grep -q '"attributes":{"b":1.50,"a":\[\]}' out
	[[ $(jq -s -c 'map(select(.source) | del(.source, .variants[].source))' out) == "$(jq -c . <<<'[{"slug":"a","categories":[["A","B>C"],["D"]],"sku":"=A","name":"-A","tags":["x","y, z","\\"],"sale_from":"2026-01-02T00:00:00Z","track_inventory":true,"attributes":{"b":1.50,"a":[]},"images":[{"url":"https://i.example/1"},{"url":"https://i.example/2","alt_text":"Two, 2"}],"options":[{"name":"Size","values":["L","M"]}],"variants":[{"options":{"Size":"M"},"position":4,"sku":"A-2","price":"5.00","track_inventory":false},{"options":{"Size":"L"},"sku":"A-3","price":"6.00","track_inventory":true,"inventory_count":-3}]},{"slug":"b","options":[{"name":"Size","values":["S"]}],"variants":[{"options":{"Size":"S"},"sku":"B-1","price":"7","track_inventory":true,"inventory_count":1}]}]')" ]] || { jq -c . out; return 1; }
	# As a spreadsheet of a country with decimal commas saves it.
	printf 'handle;sku;name;price;track_inventory;weight;inventory_count\na;A;A;12,50;WAHR;1.250;3,0\nb;B;B;1.250;true;0,5;4\n' >commas
	"$reader" commas >out
	[[ $(jq -c 'select(.source) | [.sku, .price, .weight, .inventory_count]' out) == '["B","1.250","0.5",4]' ]]
	[[ $(reports '[.record, .reason, .field, .detail]') == '[1,"value_not_read","track_inventory","WAHR"]' ]]
}

@test "catalogue-reader: cgishop's CSV: what is wrong is refused with its row, and its column named" {
	{
		printf '%s\n' "$own" 'a,A,A,1,true,,,,,,,,,,,' 'a,A2,A,2,true,,,,,,,,,,,' 'b,a,B,3,true,,,,,,,,,,,' 'c,C,C,x,true,,,,,,,,,,,' \
			'd,D,D,1,true,1.5,,,,,,,,,,' 'e,E,E,1,maybe,,,,,,,,,,,' 'f,F,F,1,true,,"[1]",,,,,,,,,' 'g,G,G,1,true,,"{""a"":1,""a"":2}",,,,,,,,,' \
			'h,H,H,1,true,,,"x,,y",,,,,,,,' 'i,I,I,1,true,,,,"A > , B",,,,,,,' 'j,J,J,1,true,,,,,,,,"{}",,,' 'k,K,K,1,true,,,,,,,,,,,yesterday' \
			'L L,L,L,1,true,,,,,,,,,,,' ',M,M,1,true,,,,,Size,S,,,,,' 'n,N,N,1,true,,,,,,,x,,,,' "$own" 'o,O,O,1,true,,,,,,,,,,,,more' \
			'p,P,P,,true,,,,,Size,,,,,,' 'p,P-1,,1,true,,,,,Size,S,,,,,' 'p,P-2,,y,true,,,,,Size,M,,,,,' 'p,p-1,,1,true,,,,,Size,L,,,,,' \
			'q,Q,Q,z,true,,,,,Size,,,,,,' 'q,Q-1,,1,true,,,,,Size,S,,,,,'
		printf 'r,R,N\1L,1,true,,,,,,,,,,,\ns,S,"two\nlines",1,true,,,,,,,,,,,\nt,T,T,1,true,,"{""n"":""'
		head -c 20000000 /dev/zero | tr '\0' x
		printf '""}",,,,,,,,,\nz,Z,Z,1,true,,,,,,,,,,,\n'
	} >own
	"$reader" own >out
	[[ $(reports '[.record, .reason, .field]' | sort -t '[' -k 2n | tr -d '\n') == '[2,"duplicate_row","handle"][3,"duplicate_sku","sku"][4,"value_not_read","price"][5,"value_not_read","inventory_count"][6,"value_not_read","track_inventory"][7,"value_not_read","attributes"][8,"value_not_read","attributes"][9,"value_not_read","tags"][10,"value_not_read","categories"][11,"value_not_read","options"][12,"value_not_read","sale_from"][13,"value_not_read","handle"][14,"parent_missing","handle"][15,"value_not_read","position"][16,"header_repeated",null][17,"row_long",null][20,"value_not_read","price"][21,"duplicate_sku","sku"][22,"value_not_read","price"][23,"product_refused",null][24,"value_not_read","name"][25,"value_not_read","name"][26,"row_too_long",null]' ]] ||
		{ reports '[.record, .reason, .field]' | sort -t '[' -k 2n; return 1; }
	[[ $(jq -c 'select(.source) | [.sku, (.variants // [] | map(.sku))]' out | tr -d '\n') == '["A",[]]["P",["P-1"]]["Z",[]]' ]] || { jq -c 'select(.source) | .sku' out; return 1; }
	printf '%s\na,A,N\0L,1,true\n' "$own" >nul
	refused 'it has bytes of 0' nul
	# A million tags.
	python3 -c 'print("handle,sku,name,price,track_inventory,tags\na,A,A,1,true,\"" + "x," * 1000000 + "y\"\nb,B,B,1,true,")' >many
	timeout 20 "$reader" many >out
	[[ $(jq -c 'select(.source) | [.sku, (.tags | length)]' out | tr -d '\n') == '["A",1000001]["B",0]' ]]
}

@test "catalogue-reader: each row is a product, a variant or refused, or belongs to one" {
	[[ -d $formats ]] || skip "no ../shared/data/formats"
	# Rows of images alone, of a translation, of prices in another currency.
	local name rest='magento-products.csv:1 shopify-2019.csv:1 shopify-2024.csv:2 spree-products.csv:3'
	for file in "$formats"/*.csv "$formats"/*.xml; do
		name=${file##*/}
		"$reader" "$file" >out
		jq -r -s '[([.[] | select(.source) | .source.record, ((.variants // [])[] | .source.record)] +
				[.[] | select(.category) | .category.source.record] +
				[.[] | select(.report.outcome == "refused") | .report.record] | unique | length),
			([.[].file | select(.) | .records] | add)] | join(" ")' out >counts
		read -r seen records <counts
		[[ " $rest " == *" $name:$((records - seen)) "* || $records == "$seen" ]] || { echo "$name: $seen of $records"; return 1; }
	done
}

@test "catalogue-reader: separators, encodings and marks" {
	printf 'Handle;Title;Variant Price\na;Grün;3,50\n' >semicolon
	printf 'sep=;\r\nHandle;Title;Variant Price\r\na;Grün;3,50\r\n' >excel
	printf 'Handle\tTitle\tVariant Price\na\tGrün\t3.50\n' >tab
	printf '\n \xef\xbb\xbfHandle,Title,Variant Price\na,"Grün",3.50\n' >mark
	iconv -t utf-16 tab >wide
	{ printf '\xfe\xff'; iconv -t utf-16be mark | tail -c +9; } >wide_big
	iconv -t windows-1252 semicolon >ansi
	for file in semicolon excel tab mark wide ansi; do
		"$reader" "$file" | jq -s -c '.[] | select(.source) | [.name, .price]' >out
		[[ $(<out) == '["Grün","3.50"]' ]] || { echo "$file: $(<out)"; return 1; }
	done
	"$reader" ansi >out
	[[ $(reports .reason) == *encoding_assumed* ]]
}

@test "catalogue-reader: what cannot be read is refused, and the line is named" {
	printf 'Handle,Title,Variant Price,Handle\na,A,3,b\n' >twice
	refused 'line 1: the header "Handle" stands twice, in columns 1 and 4' twice
	printf 'Handle,Title,Variant Price\na,A,"3\nb,B,4\n' >open
	refused 'record 1, which begins in line 2: a quotation mark is not closed' open
	printf 'Handle,Title\na,A\nb,\x81\xe9\n' >unknown
	refused 'line 3: its encoding is unknown' unknown
	printf 'Handle,Title\na,A\0\n' >binary
	refused 'bytes of 0' binary
	printf '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aa">]><rss><item><id>&a;</id></item></rss>' >entities
	refused 'line 1, item 1: it declares entities' entities
	printf '<?xml version="1.0" encoding="koi9"?><rss>\n<item><id>1</id></item></rss>' >koi
	refused 'line 1, item 1: unknown encoding' koi
	printf '<rss><item><id>1</id></wrong></rss>' >broken
	refused 'line 1, item 1: mismatched tag' broken
	printf '[{"name":"A","price":"1"},{"name"' >cut
	refused 'the object that begins in line 1 does not end' cut
	printf 'Colour,Shape\nred,round\n' >strange
	refused 'no known format has these headers: Colour, Shape' strange
	: >empty
	refused 'it is empty' empty
	code=0
	"$reader" missing 2>err || code=$?
	[[ $code == 66 ]] && grep -q 'missing: No such file' err
}

@test "catalogue-reader: a row of 20 MB is refused, the others are kept" {
	{ echo 'Handle,Title,Variant Price,Body (HTML)'; printf 'a,A,3,'; head -c 20000000 /dev/zero | tr '\0' x; printf '\nb,B,4,y\n'; } >long
	"$reader" long >out
	[[ $(reports '[.record, .line, .reason, .outcome]') == '[1,2,"row_too_long","refused"]' ]]
	[[ $(jq -r 'select(.source) | .name' out) == B ]]
}

@test "catalogue-reader: 1 GB on standard input is refused without filling the memory" {
	code=0
	{ echo 'Handle,Title,Variant Price'; yes 'a,A,3' 2>/dev/null; } | head -c 1000000000 2>/dev/null |
		( ulimit -v 200000; "$reader" - >out 2>err ) || code=$?
	[[ $code == 65 ]]
	grep -q 'standard input\|-: it has more than 512 MiB' err
	[[ ! -s out ]]
}

@test "catalogue-reader: standard input leaves no file behind" {
	mkdir temporary
	printf 'Handle,Title,Variant Price\na,A,3\n' | TMPDIR=$PWD/temporary "$reader" - >out
	[[ $(jq -s 'map(select(.source)) | length' out) == 1 && -z $(ls -A temporary) ]]
}

@test "catalogue-reader: a repeated row of headers is no product" {
	printf 'Handle,Title,Variant Price\na,A,3\nHandle,Title,Variant Price\nb,B,4\n' >again
	"$reader" again >out
	[[ $(reports '[.record, .line, .reason]') == '[2,3,"header_repeated"]' ]]
	[[ $(jq -s 'map(select(.source)) | length' out) == 2 ]]
}

@test "catalogue-reader: ten thousand options are refused with the row" {
	{ echo 'Handle,Title,Option1 Name,Option1 Value,Variant Price'; seq -f 'a,A,Size,%.0f,3' 10000; echo 'b,B,,,4'; } >many
	"$reader" many >out
	[[ $(reports '[.record, .reason]' | head -n 1) == '[1,"too_many_values"]' ]]
	[[ $(reports 'select(.reason == "product_refused")' | wc -l) == 9999 ]]
	[[ $(jq -r 'select(.source) | .name' out) == B ]]
	{ printf 'Handle,Title'; seq -f ',Option%.0f Value' 10000 | tr -d '\n'; echo; echo a,A; } >wide
	refused 'more than 8,000 columns' wide
	{ printf 'Handle,Title'; seq -f ',Option%.0f Value' 3000 | tr -d '\n'; echo; echo a,A; } >wide
	refused '3002 columns: at most 2000' wide
}

@test "catalogue-reader: headers of one's own by --map, and no price by --no-price=draft" {
	printf 'Clé,Titre,Prix\na,A,\nb,B,4\n' >french
	printf '# ours\nClé = Handle\nTitre = Title\r\nPrix=Variant Price\n' >map
	refused 'no known format' french
	"$reader" --map map french >out
	[[ $(jq -r 'select(.source) | .name' out) == B && $(reports .reason) == '"no_price"' ]]
	"$reader" --map map --no-price=draft french >out
	[[ $(jq -s -c 'map(select(.source) | [.name, .price, .published])' out) == '[["A",null,false],["B","4.00",null]]' ]]
}

@test "catalogue-reader: 100,000 rows in less than 64 MiB" {
	awk 'BEGIN {
		print "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src"
		for (i = 0; i < 100000; i++)
			printf "product-%d,%s,%s,Size,S%d,SKU-%d,shopify,%d,%d.50,https://cdn.example.com/%d.jpg\n", i / 5,
				i % 5 ? "" : "Product " i / 5, i % 5 ? "" : "<p>Words of a product.</p>",
				i % 5, i, i % 50, i % 90 + 1, i
	}' >large.csv
	/usr/bin/time -f %M -o peak "$reader" large.csv >out
	[[ $(jq -s -c 'map(.file | select(.))[0] | [.records, .products, .variants, .refused]' out) == '[100000,20000,100000,0]' ]]
	(( $(<peak) < 64 * 1024 )) || { echo "$(<peak) KiB"; return 1; }
}

@test "catalogue-reader: its library is in no program that serves, and it is hardened" {
	readelf -hW "$reader" | grep -q 'Type:.*DYN'
	readelf -lW "$reader" | grep -q GNU_RELRO
	for group in $(groups); do
		nm "$build/cgi-bin/api/$group" 2>/dev/null | grep -E ' (csv_parse|XML_Parse)$' || true
	done | nothing "libraries of the reader in programs that serve"
	[[ $("$reader" --version) == "cgishop catalogue-reader "[0-9]*.[0-9]*.[0-9]* ]]
	code=0
	"$reader" 2>/dev/null || code=$?
	[[ $code == 64 ]]
}
