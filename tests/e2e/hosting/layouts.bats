# The archive on a web host, in every way that hosts lay it out: tools/dev/host has them by name.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	[[ ${SERVER-} == host ]] || skip "needs tools/check --env host"
	ADMIN=$(admin_token)
	STORE=$(token=$ADMIN once store.id make /stores name="$(unique Shop-)" currency=EUR)
	for _ in 1 2; do CATEGORY=$(token=$ADMIN make /categories name="$(unique)"); done
	PRODUCT=$(token=$ADMIN make /products store="$STORE" sku="$(unique)" name=Tea price=10.00 inventory_count:=900)
	export ADMIN STORE PRODUCT CATEGORY
}

setup() { [[ ${SERVER-} == host ]] || skip "needs tools/check --env host"; }

# at LAYOUT METHOD PATH WORD... : a request to that site. cdn is asked through its CDN.
at() {
	if [[ $1 == cdn ]]; then
		exchange -k -X "$2" "${@:4}" "https://127.0.0.1:$CDN_PORT$3"
	else
		exchange -X "$2" -H "Host: $1.test" "${@:4}" "http://127.0.0.1:$PORT$3"
	fi
}

# what is at the beginning of the addresses of a layout, before api and cgi-bin
folder_of() {
	case $1 in
	folder | split) echo /shop ;;
	user) echo "/~cgishop-h$PORT" ;;
	esac
}

# For a failure in one of the functions below.
shown() {
	echo "line ${BASH_LINENO[0]}: $status $headers $body"
	return 1
}

# works LAYOUT BASE : what a shop does, at addresses that begin with BASE.
works() {
	local id url next
	at "$1" GET "$2/meta/health"
	[[ $status == 200 && $(field .status) == ok ]] || shown || return
	at "$1" GET "$2/categories?page_size=1"
	[[ $status == 200 ]] || shown || return
	next=$(field .next)
	[[ $next == "$2/categories"\?* ]] || { echo "next: $next"; return 1; }
	at "$1" GET "$next"
	[[ $status == 200 && $(field '.results | length') == 1 ]] || shown || return
	at "$1" GET "$2/products/$PRODUCT"
	[[ $status == 200 && $(field .id) == "$PRODUCT" ]] || shown || return
	at "$1" HEAD "$2/products/$PRODUCT" --head
	[[ $status == 200 && $(header Content-Length) -gt 100 ]] || { echo "no length"; return 1; }
	at "$1" GET "$2/auth/me" -H "Authorization: Bearer $ADMIN"
	[[ $status == 200 && $(field .email) == "$ADMIN_EMAIL" ]] || { echo "no Authorization"; return 1; }
	at "$1" POST "$2/categories" -H "Authorization: Bearer $ADMIN" --json "$(json name="$(unique)")"
	[[ $status == 201 ]] || shown || return
	[[ $(header Location) == "$2/categories/$(field .id)" ]] || { header Location; return 1; }
	at "$1" POST "$2/auth/admin/login" --json "$(json email="$ADMIN_EMAIL" password="$ADMIN_PASSWORD")"
	[[ $status == 200 && $(field .token) ]] || shown || return
	at "$1" POST "$2/orders" -H "Idempotency-Key: layouts-$(unique)-$(unique)" \
		--json "{\"store\":\"$STORE\",\"contact\":{\"name\":\"A\",\"email\":\"a@example.com\"},
		\"items\":[{\"product\":\"$PRODUCT\",\"quantity\":1}]}"
	[[ $status == 201 ]] || shown || return
	[[ $(header Location) == "$2/orders/$(field .id)" ]] || { header Location; return 1; }
	at "$1" GET "$2/products/none"
	[[ $status == 404 && $(header Content-Type) == application/problem+json ]] || shown || return
	[[ $headers != *nosniff*nosniff* && $(header X-Content-Type-Options) == nosniff ]] || { echo "$headers"; return 1; }
}

# short LAYOUT : what is at the short addresses besides.
short() {
	local at=$(folder_of "$1")
	at "$1" GET "$at/api/"
	[[ $status == 200 && $(field .links.products) == "$at/api/products" ]] || shown || return
	at "$1" GET "$at/api/nothing/1"
	[[ $status == 404 && $(header Content-Type) == application/problem+json ]] || shown || return
	at "$1" POST "$at/api/admin/login" --json "$(json email="$ADMIN_EMAIL" password="$ADMIN_PASSWORD")"
	[[ $status == 200 ]] || shown || return
	at "$1" GET "$at/api/products.cgi/$PRODUCT"
	[[ $status == 200 ]] || shown || return
	for path in api auth api/auth; do
		at "$1" POST "$at/$path/customer/request-otp" --json "$(json mobile_number="$(new_number)")"
		[[ $status == 202 || $1-$path == wordpress-*-auth ]] || shown || return
	done
	at "$1" GET "$at/auth/nothing"
	[[ $headers != *problem+json* ]] || shown || return
	at "$1" GET "$at/.well-known/security.txt"
	[[ $status == 200 && $body == Contact:* || $1 == wordpress-* ]] || shown || return
}

# pictures LAYOUT BASE : a picture of more than mod_fcgid takes is uploaded and read; nothing else is served or run there.
pictures() {
	local at=$(folder_of "$1") url dir
	# Another one each time: the same picture of a product is one.
	make_large
	at "$1" POST "$2/product-images" -H "Authorization: Bearer $ADMIN" -F "product=$PRODUCT" \
		-F "image=@$BATS_FILE_TMPDIR/large.webp;type=image/webp"
	[[ $status == 201 ]] || { echo "upload: $status $body"; return 1; }
	url=$(field .url)
	[[ $url == "$at/media/"*.webp ]] || { echo "$url"; return 1; }
	at "$1" GET "$url" -H 'Origin: https://other.example'
	[[ $status == 200 && $(header Content-Type) == image/webp && $(header Access-Control-Allow-Origin) == '*' ]] || shown || return
	[[ $(header X-Content-Type-Options) == nosniff && $(header Cache-Control) == *immutable* ]] || shown || return
	cmp -s "$BATS_TEST_TMPDIR/body" "$BATS_FILE_TMPDIR/large.webp" || { echo 'other bytes'; return 1; }
	at "$1" POST "$url"
	[[ $status == 403 ]] || shown || return
	for name in x.cgi x.php x.cgi.png x.php.jpg .htaccess ''; do
		at "$1" GET "$at/media/$name"
		[[ $status == 403 ]] || { echo "$name: $status"; return 1; }
	done
}

make_large() {
	# Random pixels do not shrink: more than 128 KiB.
	{ printf 'P6\n640 640\n255\n'; head -c $((640 * 640 * 3)) /dev/urandom; } >"$BATS_FILE_TMPDIR/large.ppm"
	cwebp -quiet -q 100 "$BATS_FILE_TMPDIR/large.ppm" -o "$BATS_FILE_TMPDIR/large.webp"
	(( $(stat -c %s "$BATS_FILE_TMPDIR/large.webp") > 131072 ))
}

# all_ways LAYOUT : by each of its addresses.
all_ways() {
	local at=$(folder_of "$1")
	works "$1" "$at/api" && short "$1" && pictures "$1" "$at/api" || return
	if [[ $1 == split ]]; then at=; fi
	works "$1" "$at/cgi-bin/api" || return
	at "$1" GET "$at/cgi-bin/api/categories.cgi?page_size=1"
	[[ $status == 200 && $(field .next) == "$at/cgi-bin/api/categories.cgi?"* ]]
}

@test "hosting: cgi-bin in the document root, by ScriptAlias" { all_ways inside; }
@test "hosting: cgi-bin in the document root, by a handler" { all_ways handler; }
@test "hosting: cgi-bin beside the document root" { all_ways beside; }
@test "hosting: a shop in a folder" { all_ways folder; }
@test "hosting: a shop in a folder, programs in the document root" { all_ways split; }
@test "hosting: /~account/" { all_ways user; }
@test "hosting: rules of WordPress before ours" { all_ways wordpress-first; }
@test "hosting: rules of WordPress behind ours" { all_ways wordpress-last; }
@test "hosting: rules of WordPress and none of ours in the document root" { all_ways wordpress-alone; }
@test "hosting: a host that compresses with gzip" { all_ways gzip; }
@test "hosting: a host that compresses with Brotli" { all_ways br; }
@test "hosting: a host that sends nosniff itself" { all_ways doubled; }
@test "hosting: persistent programs of mod_fcgid" { all_ways fcgid; }

@test "hosting: cgi-bin beside the document root without overrides, programs without the suffix" {
	works bare /api && short bare
	at bare GET /cgi-bin/api/products/"$PRODUCT"
	[[ $status == 200 ]]
}

@test "hosting: the first page is the shop's, WordPress's or the owner's" {
	at inside GET /
	[[ $status == 200 && $(field .name) == cgishop ]]
	at folder GET /shop/
	[[ $status == 200 && $(field .name) == cgishop ]]
	for layout in wordpress-first wordpress-last wordpress-alone; do
		for path in / /a-post/of-theirs; do
			at "$layout" GET "$path"
			[[ $status == 200 && $body == 'a page of WordPress' ]]
		done
	done
}

@test "hosting: settings and other hidden files are not sent" {
	for path in /.env /.htaccess /api/.htaccess /cgi-bin/.htaccess /cgi-bin/.env /media/.htaccess /../cgishop/.env /cgishop/.env; do
		at inside GET "$path" --path-as-is
		[[ $status == 40[0-9] ]] || { echo "$path: $status"; false; }
		[[ $body != *DATABASE_URL* ]]
	done
}

@test "hosting: what lies among the programs, or cgishop in the document root, is not sent" {
	local layout public file
	for layout in inside handler folder user unhandled; do
		case $layout in
		folder) public=$VAR/host/folder/public_html/shop ;;
		user) public=$VAR/host/home/public_html ;;
		*) public=$VAR/host/$layout/public_html ;;
		esac
		cp -a "$public/../cgishop" "$public/" 2>/dev/null || cp -a "$public/../../cgishop" "$public/"
		mkdir -p "$public/cgishop/backups" "$public/cgi-bin/.git"
		for file in cgi-bin/.env cgi-bin/.git/config cgi-bin/core cgi-bin/core.1234 cgi-bin/api/.env cgi-bin/api/core \
			cgi-bin/api/error_log cgi-bin/api/products.old cgishop/.env cgishop/.env.XyZ123 cgishop/.setup-attempts \
			cgishop/backups/cgishop-backup-20260131T031700Z-0.2.0.tar.gz cgishop/templates/en/secret; do
			mkdir -p "$(dirname "$public/$file")"
			echo DATABASE_URL=planted >"$public/$file"
			chmod 644 "$public/$file"
			at "$layout" GET "$(folder_of "$layout")/$file"
			# Where all that lies there is a program, Apache tries to run it.
			[[ ($status == 403 || $status-$layout == 500-inside) && $body != *planted* ]] || { echo "$layout $file: $status $body"; false; }
			rm "$public/$file"
		done
		at "$layout" GET "$(folder_of "$layout")/cgishop/bin/shopctl"
		[[ $status == 403 ]]
		rm -r "$public/cgishop" "$public/cgi-bin/.git"
		if [[ $layout != unhandled ]]; then
			at "$layout" GET "$(folder_of "$layout")/cgi-bin/api/products/.env"
			[[ $status == 404 && $(header Content-Type) == application/problem+json ]] || { echo "$layout: $status"; false; }
		fi
	done
}

@test "hosting: programs that were not uploaded are no empty shop" {
	for path in / /api/ /api/products /api/meta/health /api/products/1; do
		at lost GET "$path"
		[[ $status == 503 && $body == *'the programs are not found'* && $(header Content-Type) != *json* ]]
	done
}

@test "hosting: programs that are not run are not sent either" {
	for layout in unrun unhandled; do
		for path in /api/ /api/products /cgi-bin/api/products /cgi-bin/api/products.cgi /cgi-bin/api/products.cgi/1; do
			at "$layout" GET "$path"
			[[ $status == 403 && $body == *AddHandler* ]] || { echo "$layout$path: $status"; false; }
		done
	done
}

@test "hosting: a 304 and If-Match through a server that compresses" {
	for layout in gzip br; do
		for path in products/"$PRODUCT" stores/"$STORE" categories/"$CATEGORY"; do
			at "$layout" GET "/api/$path" -H "Accept-Encoding: $layout"
			[[ $status == 200 && $(header Content-Encoding) == "$layout" && $(header ETag) == *-"$layout"\" ]] ||
				{ echo "$layout $path: $status $headers"; false; }
			etag=$(header ETag)
			at "$layout" GET "/api/$path" -H "Accept-Encoding: $layout" \
				-H "If-None-Match: $etag"
			[[ $status == 304 && ! -s $BATS_TEST_TMPDIR/body ]] || { echo "$layout $path: $status"; false; }
		done
		at "$layout" GET "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H "Accept-Encoding: $layout"
		at "$layout" PATCH "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H "If-Match: $(header ETag)" \
			--json "$(json name="$(unique)")"
		[[ $status == 200 ]]
		at "$layout" PATCH "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H 'If-Match: "other-gzip"' \
			--json "$(json name="$(unique)")"
		[[ $status == 412 ]]
	done
}

# start_cdn : a CDN in front of the site cdn, on $CDN_PORT.
start_cdn() {
	local dir=$BATS_TEST_TMPDIR
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=cdn.test -keyout "$dir/key.pem" \
		-out "$dir/cert.pem" 2>/dev/null
	node "$top/tests/support/cdn.js" "$PORT" cdn.test "$dir/key.pem" "$dir/cert.pem" >"$dir/port" 3>&- &
	echo $! >"$dir/cdn.pid"
	for _ in {1..100}; do
		if [[ -s $dir/port ]]; then break; fi
		sleep 0.05
	done
	CDN_PORT=$(<"$dir/port")
}

teardown() { if [[ -e $BATS_TEST_TMPDIR/cdn.pid ]]; then kill "$(<"$BATS_TEST_TMPDIR/cdn.pid")"; fi; }

@test "hosting: behind a CDN that ends TLS" {
	start_cdn
	all_ways cdn
	# What it compresses has a weak ETag.
	at cdn GET "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H 'Accept-Encoding: gzip'
	etag=$(header ETag)
	[[ $etag == W/* && $(header Content-Encoding) == gzip ]]
	at cdn GET "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H "If-None-Match: $etag"
	[[ $status == 304 ]]
	at cdn PATCH "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H "If-Match: $etag" --json "$(json name="$(unique)")"
	[[ $status == 200 ]]
	at cdn PATCH "/api/products/$PRODUCT" -H "Authorization: Bearer $ADMIN" -H "If-Match: $etag" --json "$(json name="$(unique)")"
	[[ $status == 412 ]]
	# Each visitor has limits of its own.
	wrong=$(json email="$(unique)@example.com" password='wrong horse battery')
	at cdn POST /api/auth/admin/login --json "$wrong" -H 'X-Visitor: 192.0.2.10'
	[[ $(header RateLimit-Remaining) == 9 ]]
	at cdn POST /api/auth/admin/login --json "$wrong" -H 'X-Visitor: 192.0.2.10'
	[[ $(header RateLimit-Remaining) == 8 ]]
	at cdn POST /api/auth/admin/login --json "$wrong" -H 'X-Visitor: 192.0.2.11'
	[[ $(header RateLimit-Remaining) == 9 ]]
}

@test "hosting: where TLS is required, all that is asked without is sent to it" {
	for path in / /api/ "/api/products/$PRODUCT?a=b%20c" /api/products.cgi /cgi-bin/api/products /cgi-bin/api/products.cgi/1 \
		/setup.cgi /cgi-bin/setup.cgi /auth/admin/login /media/x.png; do
		for method in GET POST; do
			exchange -X "$method" -H 'Host: cdn.test' "http://127.0.0.1:$PORT$path"
			[[ $status == 308 && $(header Location) == "https://cdn.test$path" ]] || { echo "$method $path: $status $headers"; false; }
		done
	done
	exchange -H 'Host: cdn.test' "http://127.0.0.1:$PORT/.well-known/acme-challenge/x"
	[[ $status == 404 ]]
}

@test "hosting: without PUBLIC_URL no request line leads elsewhere" {
	for target in //evil.example/api/categories /evil/../api/categories http://evil.example/api/categories \
		'/%5Cevil.example/../api/categories'; do
		exchange --path-as-is -H 'Host: inside.test' --request-target "$target?page_size=1" "http://127.0.0.1:$PORT/"
		if [[ $status == 200 ]]; then [[ $(field .next) =~ ^(http://127.0.0.1:$PORT)?/(cgi-bin/)?api/ ]]; fi
		[[ $headers != *evil* && $body != *'"//'* && $body != *http*evil* ]]
	done
}
