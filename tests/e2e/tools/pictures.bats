# shopctl images --fetch, shopctl import --images and --image-dir: pictures that are known by their addresses, or lie in
# a folder, become files of the shop.

load ../../support/cluster

setup_file() {
	start_cluster
	local make_picture=$top/tests/support/make_picture.js n
	mkdir "$BATS_FILE_TMPDIR/served"
	cd "$BATS_FILE_TMPDIR/served" || return
	for n in a b c d; do node "$make_picture" png $((300 + $(printf %d "'$n"))) 200 >$n.png; done
	cp a.png copy.png
	echo '<html><script>alert(1)</script>' >page.png
	{ cat a.png; head -c 5300000 /dev/zero; } >large.png
	head -c 5242880 large.png >limit.png
	node "$top/tests/support/picture_server.js" "$PWD" "$BATS_FILE_TMPDIR/asked" >../port 3>&- &
	echo $! >../server
	until [[ -s ../port ]]; do sleep 0.1; done
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/server")"
	stop_cluster
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=test_$BATS_TEST_NUMBER
	make_database
	mkdir media
	at=http://127.0.0.1:$(<"$BATS_FILE_TMPDIR/port") served=$BATS_FILE_TMPDIR/served
	: >"$BATS_FILE_TMPDIR/asked"
	write_env "MEDIA_IMPORT_BASE=$at"
	[[ -x ${shopctl%/*}/fetch && -x ${shopctl%/*}/catalogue-reader ]] || skip "built without fetch or catalogue-reader"
	ctl migrate >/dev/null
	ctl create-store --name Lumen --country DE --currency EUR --time-zone Europe/Berlin >/dev/null
}

# product SKU ADDRESS... : a line of a file.
product() {
	command jq -nc --arg sku "$1" '{sku: $sku, name: $sku, price: "1", images: [$ARGS.positional[] | {url: ., alt_text: "of \(.)"}]}' \
		--args -- "${@:2}"
}

import() { ctl import --store lumen --json "$@"; }
fetched() { ctl images --fetch --json "$@" >out; jq -c '[.fetch | .fetched, .same, .failed, .waiting, .given_up]' out; }
images() { sql "$base" "select $1 from product_images i join products p on p.id = i.product where ${2-true} order by i.position"; }
asked() { sort "$BATS_FILE_TMPDIR/asked" | tr '\n' ' '; }
files() { find media -type f ! -name '*-*.webp' | wc -l; }
# Each file in MEDIA_DIR has its row, and each row its file.
agree() { diff <(find media -type f ! -name '*-*.webp' -printf '%f\n' | sort) <(sql "$base" 'select file from product_images where file is not null order by 1'); }

@test "pictures: later is cron's work, and they are what uploads would be" {
	product A "$at/a.png" "$at/b.png" >lines
	[[ $(import lines | jq -c '[.created, .pictures]') == '[1,0]' && ! $(asked) ]]
	[[ $(images 'i.url is not null and i.file is null and i.fetch_at is not null') == $'t\nt' ]]
	before=$(images i.modified_at)
	ctl cron --json >out
	[[ $(jq -c '.downloads | [.fetched, .failed]' out) == '[2,0]' && $(asked) == '/a.png /b.png ' ]]
	[[ $(images "concat_ws(' ', i.url is null, i.position, i.width, i.alt_text, i.sources, i.fetch_at is null, i.failures)") == \
		$'t 0 397 of '"$at/a.png {$at/a.png}"$' t 0\nt 1 398 of '"$at/b.png {$at/b.png} t 0" ]]
	[[ $(images i.modified_at) != "$before" ]]
	cmp "$served/a.png" "media/$(images i.file 'i.position = 0')"
	[[ $(images i.image 'i.position = 0') == "$(sha256sum <"$served/a.png" | cut -d' ' -f1)" ]]
	[[ $(images i.widths) == $'{160}\n{160}' || ! -x ${shopctl%/*}/image-sizes ]]
	agree
	# Nothing is left, and the file of the other shop changes nothing.
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,0]' ]]
	[[ $(fetched) == '[0,0,0,0,0]' ]]
	[[ $(import lines | jq -c '[.created, .updated, .unchanged]') == '[0,0,1]' ]]
	[[ $(files) == 2 && $(images '1' | wc -l) == 2 ]]
	# Nor does the shop's own export.
	ctl export --store lumen --output own
	[[ $(import own | jq -c '[.created, .updated, .unchanged]') == '[0,0,1]' ]]
	[[ $(images '1' | wc -l) == 2 ]]
}

@test "pictures: now, and none" {
	product A "$at/a.png" "$at/status/404" >lines
	[[ $(import --images none lines | jq -c '[.created, has("fetch")]') == '[1,false]' && ! $(images 1) ]]
	[[ $(import --images now --dry-run lines | jq -c '[.updated, .fetch.fetched]') == '[1,0]' && ! $(images 1) && ! $(asked) ]]
	[[ $(import --images now lines | jq -c '[.updated, .fetch.fetched, .fetch.failed, .fetch.waiting]') == '[1,1,1,1]' ]]
	grep -q "picture $at/status/404: the server responds with the status 404" err
	[[ $(images "concat_ws(' ', i.url, i.failures, i.failure)" 'i.file is null') == "$at/status/404 1 the server responds with the status 404" ]]
	[[ -z $(images 1 "i.file is null and (i.fetch_at is null or i.fetch_at < now() + interval '4 minutes')") ]]
	[[ $(images i.widths 'i.file is not null') == '{160}' || ! -x ${shopctl%/*}/image-sizes ]]
	agree
	# An address that was not imported is not cron's.
	sql "$base" "insert into product_images (product, url) select id, '$at/b.png' from products"
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,0]' ]]
	[[ $(ctl import --store lumen --images now lines) == *$'\npictures downloaded: 1, the same as another of the product: 0, failed: 1,'* ]]
}

@test "pictures: one that cannot be downloaded keeps its address, with the reason" {
	cut=$at/cut/a.png
	product A "$at/type/text/html/a.png" "$at/page.png" "$at/large.png" "$at/long" "$at/endless" "$at/loop" "$cut" \
		"$at/redirect/?to=$at/a.png" "$at/gzip/a.png" "$at/status/206" "$at/headers" >lines
	import lines >/dev/null
	[[ $(fetched) == '[0,0,11,11,0]' ]]
	images "replace(i.url, '$at', '') || ': ' || i.failure" >reasons
	for line in '/type/text/html/a.png: the server says that it is no picture: text/html' \
		'/page.png: It must be a complete JPEG, PNG, WebP, AVIF or GIF image.' '/large.png: it is too large' '/long: it is too large' \
		'/endless: it is too large' '/loop: its address is not a public one, with the port 80 or 443' \
		'/redirect/?to=/a.png: its address is not a public one, with the port 80 or 443' \
		'/gzip/a.png: It must be a complete JPEG, PNG, WebP, AVIF or GIF image.' '/status/206: the server responds with the status 206'; do
		grep -qxF "$line" reasons || { echo "not: $line"; cat reasons; return 1; }
	done
	[[ $(grep -c '^/cut/a.png: .' reasons) == 1 && $(grep -c '^/headers: .' reasons) == 1 ]]
	[[ $(wc -l <err) == 11 && $(files) == 0 ]]
	# Five times in all; then only with --again.
	for n in 2 3 4; do [[ $(fetched) == '[0,0,11,11,0]' ]] || { echo "$n"; cat out; return 1; }; done
	[[ $(fetched) == '[0,0,11,0,11]' && $(fetched) == '[0,0,0,0,11]' ]]
	[[ -z $(images 1 'i.fetch_at is not null') ]]
	[[ $(fetched --again) == '[0,0,11,11,0]' ]]
	[[ $(images 1 'i.url is not null' | wc -l) == 11 ]]
}

@test "pictures: a type that says nothing, and as large as may be" {
	product A "$at/untyped/a.png" "$at/type/application/octet-stream/b.png" "$at/limit.png" >lines
	import lines >/dev/null
	[[ $(fetched) == '[2,1,0,0,0]' ]]
	agree
}

@test "pictures: addresses of this machine and of private networks" {
	port=${at##*:}
	product A "http://localhost:$port/a.png" "http://127.0.0.1:80/b.png" "$at/redirect/?to=http://127.0.0.1:$port/a.png" \
		"http://10.0.0.1/a.png" "http://169.254.169.254/latest/meta-data/" "http://[::1]:$port/a.png" "http://0x7f.1:$port/a.png" \
		"http://0:$port/a.png" "$at.nip.invalid/a.png" "http://[::ffff:127.0.0.1]:$port/a.png" >lines
	import lines >/dev/null
	[[ $(fetched) == '[0,0,10,10,0]' && $(asked) == "/redirect/?to=http://127.0.0.1:$port/a.png " ]]
	[[ $(images 1 "i.failure like 'its address is not a public one%'" | wc -l) == 9 ]]
	# Below the base means below it.
	write_env "MEDIA_IMPORT_BASE=$at/untyped"
	product B "$at/untyped/../a.png" "$at/untyped/%2e%2e/a.png" "$at/a.png" "$at/untyped/b.png" >lines
	import lines >/dev/null
	: >"$BATS_FILE_TMPDIR/asked"
	[[ $(fetched) == '[1,0,13,13,0]' && $(asked) == '/untyped/b.png ' ]]
	write_env
	product C "$at/a.png" >lines
	import lines >/dev/null
	: >"$BATS_FILE_TMPDIR/asked"
	[[ $(fetched) == '[0,0,14,14,0]' && ! $(asked) ]]
}

@test "pictures: the same one twice is one, with both addresses" {
	product A "$at/a.png" "$at/copy.png" "$at/b.png" >lines
	product B "$at/a.png" >>lines
	import lines >/dev/null
	[[ $(fetched) == '[3,1,0,0,0]' ]]
	[[ $(images "concat_ws(' ', i.position, array(select x from unnest(i.sources) x order by x), i.alt_text)" "p.sku = 'A' and not i.is_deleted") == \
		"0 {$at/a.png,$at/copy.png} of $at/a.png"$'\n'"2 {$at/b.png} of $at/b.png" ]]
	[[ $(files) == 3 ]]
	[[ $(import lines | jq -c '[.updated, .unchanged]') == '[0,2]' && $(fetched) == '[0,0,0,0,0]' ]]
	agree
}

@test "pictures: of one store" {
	ctl create-store --name Other --country DE --currency EUR --time-zone Europe/Berlin >/dev/null
	product A "$at/a.png" >lines
	import lines >/dev/null
	ctl import --store other lines >/dev/null
	[[ $(fetched --store other) == '[1,0,0,0,0]' ]]
	[[ $(images s.slug 'i.file is not null' 2>/dev/null || sql "$base" 'select s.slug from product_images i join products p on p.id = i.product join stores s on s.id = p.store where i.file is not null') == other ]]
	refuses 64 '\-\-store is for --fetch' images --store other
	refuses 65 'there is no store' images --fetch --store another
	[[ $(fetched) == '[1,0,0,0,0]' ]]
}

@test "pictures: a server that does not respond is left alone, others are not" {
	product A http://127.0.0.1:1/{1,2,3,4,5}.png "$at/a.png" >lines
	import lines >/dev/null
	write_env MEDIA_IMPORT_BASE=http://127.0.0.1:1
	[[ $(fetched) == '[0,0,4,6,0]' ]]
	[[ $(images "concat_ws(' ', i.failures, i.failure = '')" | sort | uniq -c | tr -s ' ') == $' 2 0 t\n 4 1 f' ]]
	# What hangs has its time.
	write_env "MEDIA_IMPORT_BASE=$at"
	sql "$base" 'update product_images set is_deleted = true'
	product B "$at/hang" "$at/b.png" >lines
	import lines >/dev/null
	SECONDS=0
	[[ $(fetched) == '[1,0,1,1,0]' ]]
	(( SECONDS >= 29 && SECONDS < 40 ))
	# Cron has no more than its own.
	sql "$base" 'update product_images set fetch_at = now(), failures = 0 where url is not null'
	SECONDS=0
	[[ $(ctl cron --seconds 10 --json | jq -c '.downloads | [.fetched, .failed]') == '[0,1]' ]]
	(( SECONDS < 12 ))
}

@test "pictures: cron tries again later, and no more than five times" {
	product A "$at/flaky/1/a.png" >lines
	import lines >/dev/null
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,1]' ]]
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,0]' ]]
	sql "$base" "update product_images set fetch_at = now()"
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[1,0]' ]]
	product B "$at/status/500" >lines
	import lines >/dev/null
	for n in 1 2 3 4 5; do
		[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,1]' ]] || { echo "$n"; return 1; }
		sql "$base" "update product_images set fetch_at = now() where fetch_at is not null"
	done
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,0]' && $(images i.failures "p.sku = 'B'") == 5 ]]
	ctl doctor >out || true
	finds warn pictures 'could not be downloaded'
}

@test "pictures: interrupted, it goes on" {
	for n in a b c d; do product "S$n" "$at/$n.png"; done >lines
	import lines >/dev/null
	product E "$at/hang" >lines
	import lines >/dev/null
	for n in a b c d; do product "T$n" "$at/$n.png"; done >lines
	import lines >/dev/null
	env -i "$shopctl" --env .env images --fetch >/dev/null 2>&1 & run=$!
	until grep -q /hang "$BATS_FILE_TMPDIR/asked"; do sleep 0.1; done
	refuses 75 'another run downloads pictures' images --fetch
	kill -9 "$run"
	wait "$run" || true
	[[ $(images 1 'i.file is not null' | wc -l) == 4 ]]
	agree
	sql "$base" "update product_images set is_deleted = true where url like '%/hang'"
	[[ $(fetched) == '[4,0,0,0,0]' ]]
	agree
}

@test "pictures: killed at any moment, no row is without its file" {
	[[ -x $top/build/tests/kill_after ]] || make -s -C "$top" build/tests/kill_after
	for n in {1..12}; do product "P$n" "$at/a.png" "$at/b.png"; done >lines
	import lines >/dev/null
	for ms in 30 60 90 120 150 180 210 240 270 300; do
		"$top/build/tests/kill_after" $((ms * 1000)) env -i "$shopctl" --env .env images --fetch >/dev/null 2>&1 || true
		# A server process may still be ending what it was sent.
		until [[ $(sql "$base" "select count(*) from pg_stat_activity where datname = '$base' and pid <> pg_backend_pid()") == 0 ]]; do sleep 0.1; done
		for file in $(sql "$base" 'select file from product_images where file is not null'); do
			[[ -s media/$file ]] || { echo "no $file after $ms ms"; return 1; }
		done
	done
	ctl images --fetch >/dev/null
	[[ $(images 1 'i.file is not null' | wc -l) == 24 ]]
}

@test "pictures: a transaction that fails leaves no file, and a file that fails no row" {
	product A "$at/a.png" "$at/b.png" >lines
	import lines >/dev/null
	# At the commit.
	sql "$base" "create function refuse_commit() returns trigger language plpgsql as 'begin raise exception ''no''; end';
		create constraint trigger refuse_commit after update on product_images deferrable initially deferred
		for each row when (new.file is not null) execute function refuse_commit()"
	refuses 70 'a picture was not stored: .*no' images --fetch || [[ $(cat err) == *'a picture was not stored'* ]]
	[[ $(files) == 0 && $(images 1 'i.file is null' | wc -l) == 2 ]]
	sql "$base" 'drop trigger refuse_commit on product_images; drop function refuse_commit()'
	# The server ends the connection within the commit.
	sql "$base" "create function end_session() returns trigger language plpgsql as
		'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return null; end';
		create constraint trigger end_session after update on product_images deferrable initially deferred
		for each row when (new.file is not null) execute function end_session()"
	sql postgres "grant pg_signal_backend to serving"
	ctl images --fetch && return 1
	[[ $(files) == 0 && $(images 1 'i.file is null' | wc -l) == 2 ]]
	sql "$base" 'drop trigger end_session on product_images; drop function end_session()'
	# No room for files. Root may write in any directory, but not in a file.
	mv media kept && : >media
	refuses 73 'MEDIA_DIR: cannot write' images --fetch
	[[ $(images 1 'i.file is null and i.failures = 0' | wc -l) == 2 ]]
	rm media && mv kept media
	[[ $(fetched) == '[2,0,0,0,0]' ]]
	agree
}

@test "pictures: without the program, or MEDIA_DIR" {
	product A "$at/a.png" >lines
	mkdir bin && cp "${shopctl%/*}"/catalogue-reader bin
	write_env "HELPER_DIR=$PWD/bin"
	refuses 69 'no program fetch' import --store lumen --images now lines
	refuses 69 'no program fetch' images --fetch
	[[ $(ctl cron --json | jq -c '.downloads | [.fetched, .failed]') == '[0,0]' ]]
	[[ $(images 'i.failures') == 0 ]]
	write_env MEDIA_DIR=
	refuses 78 'MEDIA_DIR is not set' import --store lumen --images now lines
	refuses 78 'MEDIA_DIR is not set' import --store lumen --image-dir . lines
	import lines >/dev/null
}

@test "pictures: of a folder, with their products" {
	mkdir -p 'folder/m/b' && cp "$served/a.png" 'folder/m/b/A picture – 1.png' && cp "$served"/[bc].png folder
	cat >shop.csv <<-END
		Handle,Title,Variant SKU,Variant Price,Image Src,Image Position,Image Alt Text
		mug,Mug,M,5,/m/b/A picture – 1.png,1,Front
		mug,,,,b.png,2,
		mug,,,,$at/d.png,3,
		cup,Cup,C,5,c.png,1,
	END
	[[ $(import --image-dir folder --dry-run shop.csv | jq -c '[.created, .pictures]') == '[2,3]' && $(files) == 0 ]]
	[[ $(import --image-dir folder --images none shop.csv | jq -c '[.created, .pictures]') == '[2,0]' && $(files) == 0 ]]
	[[ $(import --image-dir folder --report report shop.csv | jq -c '[.updated, .pictures, .changed]') == '[1,3,0]' ]]
	[[ $(wc -l <report) == 1 ]]
	[[ $(images "concat_ws(' ', i.position, i.width, i.sources, i.alt_text, i.url)" "p.sku = 'M'") == \
		$'0 397 {"/m/b/A picture – 1.png"} Front\n1 398 {b.png} \n2 {}  '"$at/d.png" ]]
	[[ $(images i.widths 'i.file is not null' | sort -u) == '{160}' || ! -x ${shopctl%/*}/image-sizes ]]
	agree
	[[ $(import --image-dir folder shop.csv | jq -c '[.updated, .unchanged, .pictures]') == '[0,2,0]' && $(files) == 3 ]]
	# One that is deleted is taken in again, as an address is.
	sql "$base" "update product_images set is_deleted = true where 'b.png' = any (sources)"
	[[ $(import --image-dir folder shop.csv | jq -c .pictures) == 1 ]]
	ctl import --store lumen --image-dir folder shop.csv | grep -qx 'pictures of the folder: 0 taken in, 0 not'
	refuses 64 'exclude each other' import --store lumen --image-dir folder --image-base https://x.example shop.csv
	refuses 66 'cannot read nowhere' import --store lumen --image-dir nowhere shop.csv
}

@test "pictures: no path leads out of the folder" {
	mkdir -p folder/inside outside && cp "$served/a.png" outside && cp "$served/b.png" folder/inside
	ln -s ../outside/a.png folder/link.png
	ln -s ../outside folder/way
	ln -s inside folder/same
	mkfifo folder/fifo.png
	cp "$served/page.png" "$served/large.png" folder
	ln -s folder named
	bad=(../outside/a.png inside/../../outside/a.png link.png way/a.png same/b.png fifo.png inside missing.png page.png large.png
		"$PWD/outside/a.png" . / 'inside/b.png/x' .. file:///etc/passwd "$at/a b.png" data:image/png)
	product A "${bad[@]}" inside//b.png >lines
	[[ $(import --image-dir named --report report lines | jq -c '[.created, .pictures, .changed]') == "[1,1,${#bad[@]}]" ]]
	for path in "${bad[@]}"; do
		grep -qF ",changed,image_not_taken,images,$path," report || { echo "not reported: $path"; cat report; return 1; }
	done
	grep -F ,link.png, report | grep -q 'leads out of the folder, or over a link'
	grep -F ,fifo.png, report | grep -q 'no file'
	grep -F ,large.png, report | grep -q 'too large'
	[[ $(images i.sources) == '{inside//b.png}' && $(files) == 1 ]]
	agree
}

@test "pictures: a product deleted meanwhile, and one that staff have changed" {
	product A "$at/slow/a.png" "$at/b.png" >lines
	product B "$at/c.png" >>lines
	import lines >/dev/null
	sql "$base" "update products set is_deleted = true where sku = 'B'"
	env -i "$shopctl" --env .env images --fetch --json >out 2>err & run=$!
	until grep -q /slow "$BATS_FILE_TMPDIR/asked"; do sleep 0.1; done
	sql "$base" "update product_images set is_deleted = true where url like '%/b.png'"
	sql "$base" "update product_images set alt_text = 'mine', position = 7 where url like '%/slow/%'"
	wait "$run"
	[[ $(images "concat_ws(' ', i.alt_text, i.position, i.failures)" "i.url like '%/slow/%'") == 'mine 7 1' ]]
	[[ $(asked) == '/slow/a.png ' || $(asked) == '/b.png /slow/a.png ' ]]
	[[ $(files) == 0 ]]
}
