# invoice-pdf: from the JSON of a document to the pages that people get.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() {
	pdf=$build/bin/invoice-pdf
	documents=$top/tests/contract/invoices
	cd "$BATS_TEST_TMPDIR" || return
	[[ -x $pdf ]] || skip "built without invoice-pdf: tools/deps pdf installs what it needs"
}

# make_pdf NAME : the fixture as NAME.pdf, its text with the columns kept as NAME.txt. Without a word to anyone.
make_pdf() {
	"$pdf" <"$documents/$1.json" >"$1.pdf" 2>"$1.err" && [[ ! -s $1.err ]] && pdftotext -layout "$1.pdf" "$1.txt"
}

# Two hundred lines from the Indian fixture's three, each seventh with a long name.
make_long() {
	jq '.lines = [range(1; 201) as $i | .lines[$i % 3] + {position: $i, sku: "SKU-\(1000 + $i)",
		name: "Article \(1000 + $i)\(if $i % 7 == 0 then " with a name that takes more than one line of its column" else "" end)",
		line_total: "\($i).25"}]' "$documents/india.json" >long.json
	"$pdf" <long.json >long.pdf
	pages=$(pdfinfo long.pdf | awk '/^Pages:/ { print $2 }')
}

# shows FILE TEXT... : each text stands in the file.
shows() {
	local file=$1 text
	shift
	for text; do
		grep -F -q -e "$text" "$file" || { echo "no '$text' in:"; cat "$file"; return 1; }
	done
}

# lacks REGEX FILE : no line matches.
lacks() { ! grep -a -E -e "$1" "$2"; }

# code_of FILE PAGE : what a camera reads from the page.
code_of() {
	pdftoppm -r 150 -f "$2" -l "$2" -singlefile -png "$1" page && zbarimg -q --raw page.png 2>/dev/null
}

@test "invoice-pdf: an Indian invoice with HSN and two rates" {
	make_pdf india
	shows india.txt 'Tax invoice' INV2627-00001 'हिन्दी' 'धन्यवाद!' '₹ 3784.50' 'Tax number 29ABCDE1234F1Z5' \
		'Billed to' 'Shipped to' 'Rohan Rao' 'Discount (DIWALI)' '−150.00' 'Shipping (Standard)' 'IFSC SBIN0000000' \
		'In words: Three thousand seven hundred eighty-four and 50/100 INR' 'page 1 of 1' 'Pay with any UPI app'
	grep -E -q '^ *1 +Assam tea, .* 0902 +2 +450\.00 +50\.00 +5\.00 +42\.50 +892\.50$' india.txt
	grep -E -q '^ *5\.00 +850\.00 +42\.50( |$)' india.txt
	grep -E -q '^ *18\.00 +2400\.00 +432\.00( |$)' india.txt
}

@test "invoice-pdf: a German invoice, prices with tax in them" {
	make_pdf germany
	shows germany.txt 'Müller & Söhne Weißwaren GmbH' '50667 Köln, DE' 'Buch „Leinen und Licht“' '€ 145.30'
	grep -E -q 'Tax included +21\.18$' germany.txt
	lacks 'HSN|Discount|Shipped to|^ *Tax  ' germany.txt
}

@test "invoice-pdf: Japanese, without decimals" {
	make_pdf japan
	shows japan.txt '株式会社さくら堂' '日本語の長い商品名' '¥ 9840' 'ご注文ありがとうございます。'
	grep -E -q '^ *1 +有田焼.* 2 +3300 +10 +600 +6600$' japan.txt
}

@test "invoice-pdf: Arabic from right to left, three decimals" {
	make_pdf kuwait
	shows kuwait.txt 'متجر اللؤلؤ للعطور' 'فاطمة العلي' 'بخور العربية' 'KWD 134.125'
	grep -E -q ' 1 +125\.500 +5\.250 +120\.250$' kuwait.txt
	# The first letter of فاطمة is at the right of its last.
	pdftotext -bbox kuwait.pdf letters.html
	awk -F'"' '/>ف</ && !y { y = $4; x = $2 } />ة</ { last[$4] = $2 } END { exit !(y in last && x + 0 > last[y] + 0) }' \
		letters.html
}

@test "invoice-pdf: a total that was rounded" {
	jq '.rounding = "0.005" | .total = "134.130"' "$documents/kuwait.json" >rounded.json
	"$pdf" <rounded.json >rounded.pdf
	pdftotext -layout rounded.pdf rounded.txt
	grep -E -q 'Rounding +0\.005$' rounded.txt
	shows rounded.txt 'KWD 134.130'
	make_pdf kuwait
	lacks Rounding kuwait.txt
}

@test "invoice-pdf: a credit note of an amount" {
	make_pdf credit
	shows credit.txt 'Credit note' CN2627-00003 'One cup arrived broken' 'Total credited' '₹ 206.50'
	grep -E -q 'For invoice +INV2627-00001$' credit.txt
	lacks 'Quantity|Tax invoice|Notes|Bank details' credit.txt
	[[ -z $(code_of credit.pdf 1) ]]
}

@test "invoice-pdf: two hundred lines, each once and whole, with its amount" {
	make_long
	pdftotext -layout long.pdf long.txt
	for i in {1..200}; do
		grep -E "^ *$i +Article $((1000 + i))( |$)" long.txt
	done | awk '{ print $NF }' | diff - <(for i in {1..200}; do echo "$i.25"; done)
	[[ $(grep -c 'SKU-1[0-9][0-9][0-9]$' long.txt) == 200 ]]
	# What belongs to a line is on its page.
	for (( page = 1; page <= pages; page++ )); do
		pdftotext -layout -f "$page" -l "$page" long.pdf page.txt
		diff <(sed -n 's/.* Article \(1[0-9]*\).*/\1/p' page.txt) <(sed -n 's/.*SKU-//p' page.txt)
	done
}

@test "invoice-pdf: head, heading of the table and number of the page on each page" {
	make_long
	(( pages >= 3 ))
	for (( page = 1; page <= pages; page++ )); do
		pdftotext -layout -f "$page" -l "$page" long.pdf page.txt
		shows page.txt 'Chai & Cotton Private Limited' INV2627-00001 "page $page of $pages"
		[[ $(grep -c ' Article ' page.txt) -gt 0 ]] || continue
		[[ $(grep -c '# *Item *HSN *Quantity *Unit price *Discount *Tax % *Tax *Amount$' page.txt) == 1 ]]
	done
}

@test "invoice-pdf: the totals are below a line, the code only on the last page" {
	for n in {16..40}; do
		jq --argjson n "$n" '.lines = [range(1; $n + 1) as $i | .lines[2] + {position: $i}]' "$documents/india.json" >some.json
		"$pdf" <some.json >some.pdf
		pdftotext -layout some.pdf some.txt
		# Form feeds end the pages: one of them has the total.
		awk -v RS='\f' '/₹/ { found = /CUP-BLU/ } END { exit !found }' some.txt
	done
	make_long
	link=$(jq -r .link long.json)
	[[ $(code_of long.pdf "$pages") == "$link" ]]
	[[ -z $(code_of long.pdf 1) ]]
}

@test "invoice-pdf: the code contains the link, long ones too" {
	for name in india germany japan kuwait; do
		make_pdf "$name"
		[[ $(code_of "$name.pdf" 1) == "$(jq -r .link "$documents/$name.json")" ]]
	done
	jq '.link = "https://shop.example/o/" + "abcdefgh" * 60' "$documents/germany.json" >some.json
	"$pdf" <some.json >some.pdf
	[[ $(code_of some.pdf 1) == "$(jq -r .link some.json)" ]]
}

@test "invoice-pdf: an unsafe link is only text" {
	jq '.link = "javascript:alert(1)"' "$documents/germany.json" | "$pdf" >some.pdf
	pdftotext some.pdf some.txt
	shows some.txt 'javascript:alert(1)'
	[[ -z $(code_of some.pdf 1) ]]
	lacks /URI some.pdf
	make_pdf germany
	grep -a -q '/URI' germany.pdf
}

@test "invoice-pdf: vectors and fonts are in the file, no picture and no script" {
	make_pdf japan
	pdffonts japan.pdf | awk 'NR > 2 && $(NF - 4) != "yes" { print }' | nothing "fonts that are not in the file"
	pdfimages -list japan.pdf | tail -n +3 | nothing "pictures"
	pdfinfo japan.pdf >info
	grep -E -q '^Title: +INV2026-00088$' info
	grep -E -q '^JavaScript: +no$' info
	grep -E -q '^Page size:.*A4' info
}

@test "invoice-pdf: the same document gives the same bytes" {
	make_pdf india
	sleep 1.1
	cmp india.pdf <("$pdf" <"$documents/india.json")
}

@test "invoice-pdf: texts of any kind and length keep it going" {
	jq '.seller.name = "name " * 300 | .lines[0].name = "word " * 2000 | .lines[1].sku = "S" * 400
		| .lines[2].name = "aaa\u0007bbb\n<b>\u202ec\u2028d" | .notes = "note\n" * 200 | .coupon = "C" * 300
		| .taxes = [range(80) | {rate: "\(.)", taxable: "1.00", tax: "0.10"}]
		| .total = "99999999999999999.99" | .lines[0].tax_amount = "123456789012345.678"' "$documents/india.json" >some.json
	"$pdf" <some.json >some.pdf
	pdftotext some.pdf some.txt
	[[ $(grep -c '^note$' some.txt) == 200 ]]
	shows some.txt 'aaa bbb' '<b>' 'page 1 of'
	echo '{"kind": "invoice", "number": "1", "seller": null, "buyer": [], "lines": {}, "taxes": "x", "issued_at": "soon"}' |
		"$pdf" >some.pdf
	[[ $(pdfinfo some.pdf | awk '/^Pages:/ { print $2 }') == 1 ]]
}

@test "invoice-pdf: exit codes, and nothing on standard output with them" {
	for document in '' '[]' '{' 'x' '{"kind": "receipt", "number": "1"}' '{"kind": "invoice"}' \
		'{"kind": "invoice", "number": ""}' '{"kind": "invoice", "number": 7}' '{"kind": "invoice", "kind": "invoice"}' \
		$'{"kind": "invoice", "number": "\xff"}'; do
		code=0
		"$pdf" <<<"$document" >said 2>complaint || code=$?
		[[ $code == 65 && ! -s said && $(wc -l <complaint) == 1 ]]
	done
	for words in --nonsense '--help --help' file.json; do
		code=0
		# shellcheck disable=SC2086 # words
		"$pdf" $words </dev/null >said 2>/dev/null || code=$?
		[[ $code == 64 && ! -s said ]]
	done
	code=0
	"$pdf" <"$documents/credit.json" >/dev/full 2>/dev/null || code=$?
	[[ $code == 74 ]]
	[[ $("$pdf" --version) == "cgishop invoice-pdf "[0-9]*.[0-9]*.[0-9]* ]]
	"$pdf" --help | grep -q '^Usage: invoice-pdf '
}

@test "invoice-pdf: hardened, and its libraries are in no program that serves" {
	readelf -hW "$pdf" | grep -q 'Type:.*DYN'
	readelf -dW "$pdf" | grep -q 'FLAGS_1.*NOW'
	readelf -lW "$pdf" | grep -q GNU_RELRO
	readelf -dW "$pdf" | sed -n '/RPATH\|RUNPATH\|NEEDED.*\(libpq\|libcurl\|libsodium\)/p' | nothing "what is not to be in it"
	for group in $(groups); do
		if [[ -e $build/cgi-bin/api/$group ]]; then
			readelf -dW "$build/cgi-bin/api/$group" | grep -E 'NEEDED.*(pango|cairo|qrencode)' || true
			nm "$build/cgi-bin/api/$group" 2>/dev/null | grep -E ' (cairo|pango|QRcode)_' || true
		fi
	done | nothing "drawing libraries in programs that serve"
}
