# The smaller sizes of pictures: made by image-sizes after an upload and by `shopctl images`.
# shellcheck disable=SC2034,SC2154

load ../../support/api

make_picture=$top/tests/support/make_picture.js

setup_file() {
	[[ -n ${VAR-} ]] || skip "needs VAR"
	[[ -x $VAR/site/bin/image-sizes ]] || skip "built without image-sizes: tools/deps images installs what it needs"
	as admin
	STORE=$(staffed_store)
	export STORE DIR=$BATS_FILE_TMPDIR MEDIA
	MEDIA=$(realpath "$VAR/site/media")
	picture png 1000 2500 >"$DIR/wide.png"
	picture ppm 1000 500 >"$DIR/ppm"
	cjpeg -quality 60 "$DIR/ppm" >"$DIR/wide.jpg"
}

setup() {
	as staff
	PRODUCT=$(product)
}

teardown() {
	if [[ -e $VAR/site/bin/image-sizes.away ]]; then mv "$VAR/site/bin/image-sizes.away" "$VAR/site/bin/image-sizes"; fi
}

product() { make /products store="$STORE" sku="$(unique)" name="$(unique)" price=1 "$@"; }
picture() { node "$make_picture" "$@"; }
upload() { api POST /product-images -F product="$PRODUCT" -F "image=@$1" "${@:2}"; }
shopctl() { (cd "$VAR/site" && bin/shopctl "$@"); }
# The widths that the picture has.
widths() { api GET "/product-images/$1" && field '[.sizes[].width] | join(" ")'; }

# uploaded FILE : prints its id, with no help of the program that an upload starts.
uploaded() {
	mv "$VAR/site/bin/image-sizes" "$VAR/site/bin/image-sizes.away"
	upload "$1"
	mv "$VAR/site/bin/image-sizes.away" "$VAR/site/bin/image-sizes"
	expect 201
	field .id
}

fetched() {
	token='' api GET "${API%/cgi-bin/api}$1"
	expect 200
}

@test "image sizes: an upload is answered at once, and has its sizes soon after" {
	upload "$DIR/wide.jpg"
	expect 201
	[[ $(field '.sizes | tojson') == '[]' ]]
	id=$(field .id) url=$(field .url)
	for ((i = 0; i < 100; i++)); do
		[[ $(widths "$id") != '160 480 960' ]] || break
		sleep 0.1
	done
	api GET "/product-images/$id"
	[[ $(field '[.sizes[].width] | join(" ")') == '160 480 960' ]]
	stem=${url%.jpg}
	[[ $(field '[.sizes[].url] | join(" ")') == "$stem-160.webp $stem-480.webp $stem-960.webp" ]]
	sizes=$(field '.sizes | tojson') etag=$(header ETag) modified=$(field .modified_at)
	[[ $modified == "$(field .created_at)" && $(field .modified_by) != null ]]
	for width in 160 480 960; do
		fetched "$stem-$width.webp"
		[[ $(header Content-Type) == image/webp && $(header Cache-Control) == *immutable* ]]
		webpinfo "$BATS_TEST_TMPDIR/body" | grep -q "Width: $width"
	done
	api GET "/products/$PRODUCT"
	[[ $(field '.images[0].sizes | tojson') == "$sizes" ]]
	api GET "/products?store=$STORE"
	[[ $(field ".results[] | select(.id == \"$PRODUCT\") | .images[0].sizes | tojson") == "$sizes" ]]
	as nobody
	api GET "/product-images?product=$PRODUCT"
	[[ $(field '.results[0].sizes | tojson') == "$sizes" ]]
}

@test "image sizes: of a variant's picture too, and none of an address" {
	variant=$(product parent="$PRODUCT" attributes:='{"size":"M"}')
	PRODUCT=$variant id=$(PRODUCT=$variant uploaded "$DIR/wide.jpg")
	shopctl images >/dev/null
	[[ $(widths "$id") == '160 480 960' ]]
	id=$(make /product-images product="$variant" url=https://images.invalid/)
	[[ $(widths "$id") == '' ]]
	api GET "/products/$variant"
	[[ $(field '[.images[].sizes | length] | tojson') == '[3,0]' ]]
}

@test "image sizes: never larger than the picture, upright, without metadata" {
	picture ppm 700 400 >"$DIR/small.ppm"
	cjpeg "$DIR/small.ppm" >"$DIR/turned.jpg"
	exiftool -q -overwrite_original -n -Orientation=6 -GPSLatitude=48 -GPSLatitudeRef=N -Make=home "$DIR/turned.jpg"
	id=$(uploaded "$DIR/turned.jpg")
	shopctl images >/dev/null
	# 400 wide when it is upright.
	[[ $(widths "$id") == 160 ]]
	api GET "/product-images/$id"
	fetched "$(field '.sizes[0].url')"
	webpinfo "$BATS_TEST_TMPDIR/body" | grep -q 'Width: 160'
	webpinfo "$BATS_TEST_TMPDIR/body" | grep -q 'Height: 280'
	if webpinfo "$BATS_TEST_TMPDIR/body" | grep -E 'Chunk (EXIF|XMP|ICCP)'; then false; fi
	if exiftool "$BATS_TEST_TMPDIR/body" | grep -iE 'GPS|home|Orientation'; then false; fi
}

@test "image sizes: every kind; not of what moves or is narrow" {
	picture png 500 300 >"$DIR/k.png"
	picture ppm 500 300 >"$DIR/k.ppm"
	cwebp -quiet "$DIR/k.ppm" -o "$DIR/k.webp"
	cjpeg -progressive "$DIR/k.ppm" >"$DIR/k.jpg"
	avifenc -s 10 "$DIR/k.png" "$DIR/k.avif" >/dev/null
	webpmux -frame "$DIR/k.webp" +100 -frame "$DIR/k.webp" +100 -loop 0 -o "$DIR/moves.webp" 2>/dev/null
	picture png 159 10 >"$DIR/narrow.png"
	for pair in png:'160 480' webp:'160 480' jpg:'160 480' avif:'160 480'; do
		PRODUCT=$(product)
		id=$(uploaded "$DIR/k.${pair%%:*}")
		shopctl images >/dev/null
		[[ $(widths "$id") == "${pair#*:}" ]] || { echo "$pair: $body"; false; }
	done
	for file in moves.webp narrow.png; do
		id=$(uploaded "$DIR/$file")
		said=$(shopctl images --json)
		[[ $(jq .left_as_is <<<"$said") == 1 && $(widths "$id") == '' ]]
	done
	[[ $(shopctl images --json | jq -c '[.made, .left_as_is, .waiting]') == '[0,0,0]' ]]
}

@test "image sizes: what ends the program is tried five times, and what is damaged once" {
	helper=$VAR/site/bin/image-sizes
	id=$(uploaded "$DIR/wide.jpg")
	mv "$helper" "$helper.away"
	# shellcheck disable=SC2016 # for that shell
	printf '#!/bin/sh\nkill -9 $$\n' >"$helper"
	chmod 755 "$helper"
	for n in 1 2 3 4 5; do
		[[ $(shopctl images --json 2>"$BATS_TEST_TMPDIR/err" | jq .failed) == 1 ]] || { echo "$n"; false; }
		grep -q 'picture [0-9a-f]*\.jpg: it needs too much' "$BATS_TEST_TMPDIR/err"
	done
	[[ $(shopctl images --json | jq -c '[.failed, .waiting >= 0, .given_up >= 1]') == '[0,true,true]' ]]
	shopctl doctor | grep -q '^warn *pictures .* of [1-9][0-9]* they could not be made'
	mv "$helper.away" "$helper"
	[[ $(shopctl images --json | jq .made) == 0 && $(widths "$id") == '' ]]
	[[ $(shopctl images --again --json | jq '.made >= 1') == true && $(widths "$id") == '160 480 960' ]]
	# Whole by its markers, and nothing that can be decoded.
	PRODUCT=$(product)
	perl -0777 -pe 's/(\xff\xda..)(.*)(\xff\xd9)$/$1 . ("\x55" x length $2) . $3/se' "$DIR/wide.jpg" >"$DIR/damaged.jpg"
	id=$(uploaded "$DIR/damaged.jpg")
	[[ $(shopctl images --json 2>/dev/null | jq .unreadable) == 1 && $(widths "$id") == '' ]]
	[[ $(shopctl images --json | jq .unreadable) == 0 ]]
}

@test "image sizes: without the program pictures are served as they are, and doctor says so" {
	mv "$VAR/site/bin/image-sizes" "$VAR/site/bin/image-sizes.away"
	upload "$DIR/wide.jpg"
	expect 201
	id=$(field .id)
	fetched "$(field .url)"
	djpeg "$BATS_TEST_TMPDIR/body" | cmp - <(djpeg "$DIR/wide.jpg")
	run shopctl images
	[[ $status == 69 && $output == *'there is no program image-sizes'* ]]
	[[ $(shopctl cron --json | jq -c '[.images.made, .images.failed]') == '[0,0]' ]]
	shopctl doctor | grep -q 'there is no program image-sizes'
	mv "$VAR/site/bin/image-sizes.away" "$VAR/site/bin/image-sizes"
	shopctl doctor | grep -q '^ok .*image-sizes'
	shopctl cron --json | jq -e '.images.made >= 1' >/dev/null
	[[ $(widths "$id") == '160 480 960' ]]
}

@test "image sizes: a disk that is full leaves nothing half done" {
	id=$(uploaded "$DIR/wide.png")
	before=$(ls -A "$MEDIA")
	# The first of the files fits, another one does not.
	run bash -c "trap '' XFSZ; ulimit -f 1; cd '$VAR/site' && bin/shopctl images"
	[[ $status == 73 && $output == *'MEDIA_DIR: cannot write to'*'File too large'* ]]
	[[ $(ls -A "$MEDIA") == "$before" && $(widths "$id") == '' ]]
	shopctl images >/dev/null
	[[ $(widths "$id") == '160 480 960' ]]
}

@test "image sizes: two runs at once make them once, and a run goes on where another one was ended" {
	ids=()
	for i in 1 2 3 4; do
		PRODUCT=$(product)
		ids+=("$(uploaded "$DIR/wide.png")")
	done
	shopctl images >/dev/null & first=$!
	sleep 0.3
	kill -9 "$first"
	wait "$first" || true
	for i in 1 2 3; do shopctl images --json >"$BATS_TEST_TMPDIR/run.$i" & done
	wait
	for id in "${ids[@]}"; do [[ $(widths "$id") == '160 480 960' ]]; done
	[[ $(jq -s 'map(.failed // 0) | add' "$BATS_TEST_TMPDIR"/run.*) == 0 ]]
	[[ -z $(find "$MEDIA" -name '.*' ! -name .htaccess -type f) ]]
}

@test "image sizes: a picture that was deleted meanwhile waits until it is restored" {
	id=$(uploaded "$DIR/wide.jpg")
	api DELETE "/product-images/$id"
	[[ $(shopctl images --json | jq .made) == 0 ]]
	api POST "/product-images/$id/restore"
	expect 200
	[[ $(shopctl images --json | jq .made) == 1 && $(widths "$id") == '160 480 960' ]]
}

@test "image sizes: files that belong to no picture are counted, and those of deleted ones are not" {
	before=$(shopctl images --json | jq .orphans)
	id=$(uploaded "$DIR/wide.jpg")
	shopctl images >/dev/null
	api DELETE "/product-images/$id"
	find "$MEDIA" -name '*.webp' -exec touch -d '2 hours ago' {} +
	name=00112233445566778899aabbccddeeff
	touch -d '2 hours ago' "$MEDIA/$name.png" "$MEDIA/$name-480.webp"
	touch "$MEDIA/${name}00.png"
	[[ $(shopctl images --json | jq .orphans) == $((before + 2)) ]]
	shopctl images --list | grep -qx "$name-480.webp"
	rm "$MEDIA/$name"*
}

@test "image sizes: they are in a backup" {
	id=$(uploaded "$DIR/wide.jpg")
	shopctl images >/dev/null
	api GET "/product-images/$id"
	name=$(basename "$(field '.sizes[1].url')")
	shopctl backup --output "$BATS_TEST_TMPDIR/shop.tar.gz" >/dev/null
	[[ $name == *-480.webp ]]
	tar -tzf "$BATS_TEST_TMPDIR/shop.tar.gz" >"$BATS_TEST_TMPDIR/list"
	grep -q "media/$name$" "$BATS_TEST_TMPDIR/list"
}
