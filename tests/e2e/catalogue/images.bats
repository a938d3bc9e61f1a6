# Images of products: uploads and addresses. With $VAR, the directory of tools/up, the files are looked at too.
# shellcheck disable=SC2034,SC2154

load ../../support/api

GIF=R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7
PNG=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
WEBP=UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA
JPEG=/9j/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAABAAEBAREA/8QAF\
AABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z

nowhere=01900000-0000-7000-8000-000000000000
make_picture=$top/tests/support/make_picture.js

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /products store="$(make /stores name="$(unique)" currency=EUR)" sku="$(unique)" name=x price=1)
	export STORE OTHER
	export DIR=$BATS_FILE_TMPDIR MEDIA=${VAR:+$(realpath "$VAR/site/media")}
	for name in GIF PNG WEBP JPEG; do
		base64 -d <<<"${!name}" >"$DIR/$name"
	done
}

# A product has the same picture once.
product() { make /products store="$STORE" sku="$(unique)" name="$(unique)" price=1; }

setup() {
	as staff
	PRODUCT=$(product)
}

teardown() {
	if [[ -n $MEDIA && -d $MEDIA.away ]]; then mv "$MEDIA.away" "$MEDIA"; fi
	if [[ -n $MEDIA ]]; then chmod 755 "$MEDIA"; fi
}

# upload FILE [CURL'S ARGUMENTS...] : for $PRODUCT
upload() { api POST /product-images -F product="$PRODUCT" -F "image=@$1" "${@:2}"; }

# picture WORD... : see make_picture.js
picture() { node "$make_picture" "$@"; }

# fetched : the image that was just uploaded, as anybody gets it, in $BATS_TEST_TMPDIR/body.
fetched() {
	token='' api GET "${API%/cgi-bin/api}$(field .url)"
	expect 200
}

files() { if [[ -n $MEDIA ]]; then ls -A "$MEDIA"; fi; }

needs_media() { [[ -n $MEDIA ]] || skip "needs VAR"; }

@test "images: each kind gets the extension of its bytes and is served as it is" {
	for pair in GIF:gif:image/gif PNG:png:image/png WEBP:webp:image/webp JPEG:jpg:image/jpeg; do
		IFS=: read -r file extension type <<<"$pair"
		upload "$DIR/$file;filename=evil.php;type=text/html" -F alt_text='{"a":1}' -F position=7
		expect 201
		[[ $(header Location) == */product-images/$(field .id) ]]
		[[ $(field '[.product, .position, .alt_text, .width, .height] | tojson') == \
			"[\"$PRODUCT\",7,\"{\\\"a\\\":1}\",1,1]" ]]
		[[ $(field .url) =~ ^/media/[0-9a-f]{32}\.$extension$ ]]
		[[ $(field 'has("file")') == false ]]
		token='' api GET "${API%/cgi-bin/api}$(field .url)"
		expect 200
		[[ $(header Content-Type) == "$type" && $(header X-Content-Type-Options) == nosniff ]]
		cmp "$BATS_TEST_TMPDIR/body" "$DIR/$file"
	done
}

@test "images: a file can be read by the web server and is the only one that came" {
	needs_media
	before=$(files)
	upload "$DIR/PNG"
	expect 201
	name=$(basename "$(field .url)")
	[[ $(stat -c %a "$MEDIA/$name") == 644 ]]
	[[ $(comm -13 <(sort <<<"$before") <(files | sort)) == "$name" ]]
}

# upload_as DISPOSITION : the image part's, as other clients than curl write it; the product's without quotes.
upload_as() {
	{
		printf -- '--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=product\r\n\r\n%s\r\n' \
			"$PRODUCT"
		printf -- '--B\r\nContent-Type: image/png\r\nContent-Length: 70\r\nContent-Disposition: form-data; %b\r\n\r\n' "$1"
		cat "$DIR/PNG"
		printf '\r\n--B--\r\n'
	} >"$DIR/form"
	api POST /product-images -H 'Content-Type: multipart/form-data; boundary="B"' --data-binary "@$DIR/form"
}

@test "images: the client's file name is ignored" {
	for disposition in "name=image; filename=b.png; filename*=utf-8''b.png" \
		"name=\"image\"; filename=\"b.png\"; filename*=utf-8''b%20c.png" "name=\"image\"; filename*=UTF-8''%e2%82%ac.png" \
		'name="image"; filename="=?utf-8?B?4oKsLnBuZw==?="' 'name=image; filename=my photo (1).png' \
		'name="image"; filename="\0351.png"' 'name="image"; filename=' 'name="image"; filename="a"; filename="b";' \
		'name="image"'; do
		PRODUCT=$(product)
		upload_as "$disposition"
		expect 201 || { echo "$disposition"; false; }
		[[ $(field .width) == 1 ]]
	done
	for disposition in 'filename="b.png"' 'name="image"; filename="b' 'name="image"; name="image"' 'name="image"x'; do
		upload_as "$disposition"
		expect 400 bad-request
	done
	upload_as 'name="%22image%22"'
	expect 422 validation '/"image" unknown_field, /image required'
}

@test "images: the same picture sent twice is one" {
	upload "$DIR/PNG" -F position=3 -F alt_text=first
	expect 201
	first=$(field .id) url=$(field .url) before=$(files)
	# Whatever is sent with it; what is not published makes no difference either.
	upload "$DIR/PNG" -F alt_text=second
	expect 200
	[[ $(field '[.id, .url, .alt_text, .position] | tojson') == "[\"$first\",\"$url\",\"first\",3]" ]]
	{ cat "$DIR/PNG"; printf 'more'; } >"$DIR/more"
	upload "$DIR/more"
	expect 200
	[[ $(field .id) == "$first" && $(files) == "$before" ]]
	api GET "/product-images?product=$PRODUCT&count=exact"
	[[ $(field .count) == 1 ]]
	# It is another one's of another product, and of this one when it was deleted.
	PRODUCT=$(product) upload "$DIR/PNG"
	expect 201
	api DELETE "/product-images/$first"
	upload "$DIR/PNG"
	expect 201
	[[ $(field .id) != "$first" ]]
	api POST "/product-images/$first/restore"
	expect 409 conflict "/image taken"
	# A suspended one is there too.
	upload "$DIR/GIF" -F is_suspended=true
	expect 201
	upload "$DIR/GIF"
	expect 200
	[[ $(field .is_suspended) == true ]]
	# Nobody else learns whether there is one.
	as outsider
	upload "$DIR/PNG"
	expect 403 forbidden
	as admin
	upload "$DIR/PNG"
	expect 200
}

@test "images: the same picture sent by many at once is one" {
	before=$(files | wc -l)
	for i in {1..12}; do
		curl -s -o "$BATS_TEST_TMPDIR/$i" -w '%{http_code}\n' -H "Authorization: Bearer $token" \
			-F product="$PRODUCT" -F "image=@$DIR/PNG" "$API/product-images" >"$BATS_TEST_TMPDIR/status.$i" &
	done
	wait
	[[ $(sort "$BATS_TEST_TMPDIR"/status.* | uniq -c | xargs) == '11 200 1 201' ]]
	[[ $(jq -r .id "$BATS_TEST_TMPDIR"/{1..12} | sort -u | wc -l) == 1 ]]
	if [[ -n $MEDIA ]]; then [[ $(files | wc -l) == $((before + 1)) ]]; fi
}

@test "images: a URL is stored unchanged" {
	send POST /product-images product="$PRODUCT" url='https://images.invalid/a%20b.png?w=1' alt_text=far position:=-2
	expect 201
	[[ $(field '[.url, .alt_text, .position, .width, .height] | tojson') == \
		'["https://images.invalid/a%20b.png?w=1","far",-2,null,null]' ]]
	api POST /product-images -F product="$PRODUCT" -F url=http://images.invalid/b.png -F image= -F position=
	expect 201
	[[ $(field '[.url, .position] | tojson') == '["http://images.invalid/b.png",0]' ]]
	api POST /product-images -F product="$PRODUCT" -F url= -F "image=@$DIR/GIF" -F is_suspended=true -F status=1
	expect 201
	[[ $(field '[.is_suspended, .status] | tojson') == '[true,"1"]' ]]
}

# sent_by_path BASE JSON : the answer of a program with that MEDIA_IMPORT_BASE.
sent_by_path() {
	cd "$VAR/site" || return
	printf %s "$2" | env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST SCRIPT_NAME=/cgi-bin/api/product-images PATH_INFO=/ \
		CONTENT_TYPE=application/json CONTENT_LENGTH=${#2} HTTP_AUTHORIZATION="Bearer $token" MEDIA_IMPORT_BASE="$1" \
		cgi-bin/api/product-images
}

@test "images: a path is completed by MEDIA_IMPORT_BASE, and refused without it" {
	needs_media
	for url in m/b/1.jpg /m/b/1.jpg ../1.jpg //evil.example/1.jpg 'javascript:alert(1)'; do
		send POST /product-images product="$PRODUCT" url="$url"
		expect 422 validation "/url invalid"
	done
	run sent_by_path https://old.example/media/ "{\"product\":\"$PRODUCT\",\"url\":\"/m/b/a b.jpg\"}"
	[[ $output == *'Status: 201'* && $output == *'"url":"https://old.example/media/m/b/a%20b.jpg"'* ]] || { echo "$output"; false; }
	run sent_by_path https://old.example/media "{\"product\":\"$PRODUCT\",\"url\":\"https://other.example/1.jpg\"}"
	[[ $output == *'Status: 201'* && $output == *'"url":"https://other.example/1.jpg"'* ]]
	for url in ../1.jpg //evil.example/1.jpg 'javascript:alert(1)' 'a\\\\b' ftp://x/1.jpg; do
		run sent_by_path https://old.example/media "{\"product\":\"$PRODUCT\",\"url\":\"$url\"}"
		[[ $output == *'Status: 422'* && $output == *'"/url"'* ]] || { echo "$url: $output"; false; }
	done
}

@test "images: either a file or an address" {
	send POST /product-images product="$PRODUCT"
	expect 422 validation "/image required"
	api POST /product-images -F product="$PRODUCT"
	expect 422 validation "/image required"
	upload "$DIR/PNG" -F url=https://images.invalid/
	expect 422 validation "/url exclusive"
	send POST /product-images product="$PRODUCT" image=x url=https://images.invalid/
	expect 422 validation "/image unknown_field"
}

@test "images: invalid images are refused, and nothing is left behind" {
	before=$(files)
	printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >"$DIR/svg"
	printf '<!doctype html><script>alert(1)</script>' >"$DIR/html"
	printf 'GIF89a=1;alert(1)//' >"$DIR/script"
	head -c 40 "$DIR/PNG" >"$DIR/cut"
	picture png 12001 1 >"$DIR/wide"
	# 100 million pixels are 100 KB.
	picture png 10000 10000 >"$DIR/huge"
	picture png 0 1 >"$DIR/flat"
	picture garbage >"$DIR/garbage"
	picture short >"$DIR/short"
	# A bit of the data is another one.
	picture png 30 30 | perl -0777 -pe 'substr($_, 60, 1) ^= chr(1)' >"$DIR/damaged"
	printf '\xff\xd8\xff\xe0<?php phpinfo(); ?>' >"$DIR/php"
	printf 'RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff' >"$DIR/riff"
	for file in svg html script cut wide huge flat garbage short damaged php riff; do
		upload "$DIR/$file;filename=a.png;type=image/png"
		expect 422 validation "/image invalid_image"
	done
	[[ $(files) == "$before" ]]
}

# has_none FILE WORD... : where it was taken, and what else exiftool finds.
has_none() {
	local found
	found=$(exiftool -a -G1 -s "$1" | grep -iE "GPS|${2-home}|Make|Comment|XMP|IPTC|Thumbnail|DateTimeOriginal" || true)
	[[ -z $found ]] || { echo "$found"; return 1; }
}

# With coordinates, a maker, texts and a preview. exiftool cannot write to every kind.
annotated() {
	exiftool -q -overwrite_original -GPSLatitude=48.137 -GPSLatitudeRef=N -GPSLongitude=11.575 -GPSLongitudeRef=E \
		-Make=home -XMP:City=home -DateTimeOriginal='2024:01:02 03:04:05' "${@:2}" "$1"
	exiftool -a -G1 -s "$1" | grep -q GPSLatitude
}

@test "images: where a picture was taken is not published, and it can still be seen" {
	picture ppm 30 20 >"$DIR/ppm"
	cjpeg "$DIR/ppm" >"$DIR/taken.jpg"
	cjpeg -progressive "$DIR/ppm" >"$DIR/progressive.jpg"
	picture png 30 20 >"$DIR/taken.png"
	cwebp -quiet "$DIR/ppm" -o "$DIR/taken.webp"
	cwebp -quiet -lossless "$DIR/ppm" -o "$DIR/lossless.webp"
	annotated "$DIR/taken.jpg" -Comment=home -IPTC:City=home "-ThumbnailImage<=$DIR/progressive.jpg"
	annotated "$DIR/progressive.jpg"
	annotated "$DIR/taken.png" -PNG:Comment=home
	annotated "$DIR/taken.webp"
	annotated "$DIR/lossless.webp"
	for file in taken.jpg progressive.jpg taken.png taken.webp lossless.webp; do
		upload "$DIR/$file"
		expect 201
		[[ $(field '[.width, .height] | tojson') == '[30,20]' ]]
		fetched
		has_none "$BATS_TEST_TMPDIR/body"
		(( $(stat -c %s "$BATS_TEST_TMPDIR/body") < $(stat -c %s "$DIR/$file") ))
		case $file in
		*.jpg)  djpeg "$BATS_TEST_TMPDIR/body" >"$DIR/a" && djpeg "$DIR/$file" >"$DIR/b" ;;
		*.png)  pngcheck -q "$BATS_TEST_TMPDIR/body"; cp "$DIR/ppm" "$DIR/a"; cp "$DIR/ppm" "$DIR/b" ;;
		*.webp) webpinfo -quiet "$BATS_TEST_TMPDIR/body"
			dwebp -quiet -ppm "$BATS_TEST_TMPDIR/body" -o "$DIR/a"; dwebp -quiet -ppm "$DIR/$file" -o "$DIR/b" ;;
		esac
		cmp "$DIR/a" "$DIR/b"
	done
}

@test "images: AVIF is published without where it was taken, and has the size that it is shown with" {
	picture png 30 20 >"$DIR/png"
	for how in '' '--irot 1' '--irot 2' '--crop 2,2,16,10' '-g 1x2'; do
		if [[ $how == '-g 1x2' ]]; then picture png 128 200 >"$DIR/png"; fi
		# shellcheck disable=SC2086 # an option and its value
		avifenc -s 10 $how "$DIR/png" "$DIR/taken.avif" >/dev/null
		avifdec "$DIR/taken.avif" "$DIR/a.png" >/dev/null
		annotated "$DIR/taken.avif"
		printf '<script>alert(1)</script>' >>"$DIR/taken.avif"
		upload "$DIR/taken.avif"
		expect 201 || { echo "$how"; false; }
		case $how in
		'--irot 1') size='[20,30]' ;;
		--crop*)    size='[16,10]' ;;
		-g*)        size='[128,200]' ;;
		*)          size='[30,20]' ;;
		esac
		[[ $(field '[.width, .height] | tojson') == "$size" ]] || { echo "$how: $body"; false; }
		[[ $(field .url) == *.avif ]]
		fetched
		[[ $(header Content-Type) == image/avif ]]
		has_none "$BATS_TEST_TMPDIR/body"
		if grep -qa -e home -e script "$BATS_TEST_TMPDIR/body"; then false; fi
		cp "$BATS_TEST_TMPDIR/body" "$DIR/published.avif"
		avifdec "$DIR/published.avif" "$DIR/b.png" >/dev/null
		cmp "$DIR/a.png" "$DIR/b.png"
	done
	# What moves, and what ends too soon.
	avifenc -s 10 "$DIR/png" "$DIR/png" "$DIR/moves.avif" >/dev/null
	upload "$DIR/moves.avif"
	expect 422 validation "/image invalid_image"
	avifenc -s 10 "$DIR/png" "$DIR/whole.avif" >/dev/null
	head -c -1 "$DIR/whole.avif" >"$DIR/cut.avif"
	upload "$DIR/cut.avif"
	expect 422 validation "/image invalid_image"
}

@test "images: a picture that lies on its side has the width and height that it is shown with" {
	picture ppm 30 20 >"$DIR/ppm"
	for orientation in 1 2 3 4 5 6 7 8; do
		cjpeg "$DIR/ppm" >"$DIR/turned.jpg"
		annotated "$DIR/turned.jpg" -n "-Orientation=$orientation"
		upload "$DIR/turned.jpg"
		expect 201
		if (( orientation < 5 )); then size='[30,20]'; else size='[20,30]'; fi
		[[ $(field '[.width, .height] | tojson') == "$size" ]] || { echo "$orientation: $body"; false; }
		fetched
		kept=$(exiftool -n -s3 -Orientation "$BATS_TEST_TMPDIR/body")
		[[ ${kept:-1} == "$orientation" ]]
		has_none "$BATS_TEST_TMPDIR/body"
		djpeg "$BATS_TEST_TMPDIR/body" >/dev/null
	done
}

@test "images: data after the end of a picture is removed" {
	for name in GIF PNG WEBP JPEG; do
		{ cat "$DIR/$name"; printf '<script>alert(1)</script>\0\0\0'; } >"$DIR/appended"
		upload "$DIR/appended"
		expect 201
		fetched
		cmp "$BATS_TEST_TMPDIR/body" "$DIR/$name"
	done
}

@test "images: what moves still does" {
	picture gif >"$DIR/moves.gif"
	upload "$DIR/moves.gif"
	expect 201
	fetched
	[[ $(exiftool -s3 -FrameCount "$BATS_TEST_TMPDIR/body") == 2 ]]
	[[ $(exiftool -s3 -AnimationIterations "$BATS_TEST_TMPDIR/body") == Infinite ]]
	if grep -q 'at home' "$BATS_TEST_TMPDIR/body"; then false; fi
	picture apng >"$DIR/moves.png"
	pngcheck -q "$DIR/moves.png"
	upload "$DIR/moves.png"
	expect 201
	fetched
	cmp "$BATS_TEST_TMPDIR/body" "$DIR/moves.png"
	picture ppm 30 20 >"$DIR/ppm"
	cwebp -quiet "$DIR/ppm" -o "$DIR/one.webp"
	webpmux -frame "$DIR/one.webp" +100 -frame "$DIR/one.webp" +100 -loop 0 -o "$DIR/moves.webp" 2>/dev/null
	annotated "$DIR/moves.webp"
	upload "$DIR/moves.webp"
	expect 201
	[[ $(field '[.width, .height] | tojson') == '[30,20]' ]]
	fetched
	has_none "$BATS_TEST_TMPDIR/body"
	[[ $(webpinfo "$BATS_TEST_TMPDIR/body" | grep -c 'Chunk ANMF') == 2 ]]
}

# with_chunk TYPE FILE : the picture PNG with a chunk more, of that type and with these bytes.
with_chunk() {
	node -e 'const fs = require("fs"), zlib = require("zlib"), [at, type, from] = process.argv.slice(1);
		const png = fs.readFileSync(at), data = fs.readFileSync(from), chunk = Buffer.alloc(12 + data.length);
		const table = Array.from({ length: 256 }, (_, n) => {
			for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
			return n >>> 0;
		});
		chunk.writeUInt32BE(data.length, 0); chunk.write(type, 4); data.copy(chunk, 8);
		let crc = 0xffffffff;
		for (const byte of chunk.subarray(4, -4)) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
		chunk.writeUInt32BE((crc ^ 0xffffffff) >>> 0, chunk.length - 4);
		process.stdout.write(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));' "$DIR/PNG" "$1" "$2"
}

# packed BYTES : that many, compressed.
packed() {
	head -c "$1" /dev/zero | node -e \
		'process.stdin.pipe(require("zlib").createDeflate({ level: 9 })).pipe(process.stdout)'
}

@test "images: numbers, truth values and null as Python and JavaScript write them into forms" {
	upload "$DIR/PNG" -F 'position= 3 ' -F is_suspended=True -F active_from=null
	expect 201
	[[ $(field '[.position, .is_suspended, .active_from] | tojson') == '[3,true,null]' ]]
	PRODUCT=$(product)
	upload "$DIR/PNG" -F position=null -F is_suspended=FALSE -F alt_text=null
	expect 201
	[[ $(field '[.position, .is_suspended, .alt_text] | tojson') == '[0,false,"null"]' ]]
}

@test "images: texts and profiles that unpack to gigabytes are refused" {
	packed 30000000 >"$DIR/large"
	packed 300000 >"$DIR/small"
	for what in 'zTXt Comment\0\0' 'iTXt XML:com.adobe.xmp\0\1\0\0\0' 'iCCP sRGB\0\0'; do
		for size in large small; do
			# shellcheck disable=SC2059 # zeros in what is printed
			{ printf "${what#* }"; cat "$DIR/$size"; } >"$DIR/text"
			with_chunk "${what%% *}" "$DIR/text" >"$DIR/picture"
			PRODUCT=$(product)
			upload "$DIR/picture"
			if [[ $size == large ]]; then
				expect 422 validation "/image invalid_image" || { echo "$what"; false; }
			else
				expect 201 || { echo "$what"; false; }
			fi
		done
	done
}

@test "images: too large" {
	# A text that fills it to the byte, and is not published.
	make_png() { # BYTES
		local least
		least=$(picture png 1 1 tEXt:0 | wc -c)
		picture png 1 1 "tEXt:$(($1 - least))" >"$DIR/large"
		[[ $(stat -c %s "$DIR/large") == "$1" ]]
	}
	make_png $((5 * 1024 * 1024))
	upload "$DIR/large"
	expect 201
	fetched
	(( $(stat -c %s "$BATS_TEST_TMPDIR/body") < 100 ))
	before=$(files)
	make_png $((5 * 1024 * 1024 + 1))
	upload "$DIR/large"
	expect 413 too-large
	make_png $((7 * 1024 * 1024))
	upload "$DIR/large"
	expect 413 too-large
	# A part that is no image counts as JSON does.
	head -c $((2 * 1024 * 1024)) /dev/zero | tr '\0' x >"$DIR/text"
	upload "$DIR/PNG" -F "alt_text=<$DIR/text"
	expect 413 too-large
	[[ $(files) == "$before" ]]
}

@test "images: all broken rules of a form are reported at once" {
	api POST /product-images -F product=x -F position=first -F "image=@$DIR/svg" -F colour=red -F width=5 -F file=x \
		-F alt_text=$'a\xff'
	expect 422 validation "/alt_text invalid, /colour unknown_field, /file unknown_field, /image invalid_image, \
/position wrong_type, /product invalid, /width read_only"
	api POST /product-images -F "image=@$DIR/PNG"
	expect 422 validation "/product required"
	# The usual name of a part, but not ours.
	api POST /product-images -F product="$PRODUCT" -F "file=@$DIR/PNG"
	expect 422 validation "/file unknown_field, /image required"
	upload "$DIR/PNG" -F position=1.5 -F alt_text=$'two\nlines'
	expect 422 validation "/alt_text control_character, /position wrong_type"
	api POST /product-images --json '{"product":null,"url":"ftp://x/","position":"1","created_by":"x"}'
	expect 422 validation "/created_by read_only, /position wrong_type, /product null, /url invalid"
	send POST /product-images product="$nowhere" url=https://images.invalid/
	expect 422 validation "/product not_found"
}

@test "images: bodies of other kinds" {
	api POST /product-images -H 'Content-Type: image/png' --data-binary "@$DIR/PNG"
	expect 415 unsupported-media-type
	api POST /product-images -H 'Content-Type: multipart/form-data; boundary=x' --data-binary $'--y\r\n\r\n--y--'
	expect 400 bad-request
	api POST /product-images -F product="$PRODUCT" -F "image=@$DIR/PNG" -F "image=@$DIR/GIF"
	expect 400 bad-request
	api POST /product-images --json '{'
	expect 400 invalid-json
	id=$(make /product-images product="$PRODUCT" url=https://images.invalid/)
	api PATCH "/product-images/$id" -F position=1
	expect 415 unsupported-media-type
	api POST /products -F sku=x
	expect 415 unsupported-media-type
}

@test "images: who may write; nothing is stored for others" {
	before=$(files)
	id=$(make /product-images product="$PRODUCT" url=https://images.invalid/)
	for who in nobody customer outsider; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		upload "$DIR/PNG"
		expect $code $problem
		send POST /product-images product="$PRODUCT" url=https://images.invalid/
		expect $code $problem
		send PUT "/product-images/$id" position:=1
		expect $code $problem
		send PATCH "/product-images/$id" position:=1
		expect $code $problem
		api DELETE "/product-images/$id"
		expect $code $problem
		api POST "/product-images/$id/restore"
		expect $code $problem
	done
	as staff
	PRODUCT=$OTHER upload "$DIR/PNG"
	expect 403 forbidden
	[[ $(files) == "$before" ]]
}

@test "images: the life of one" {
	upload "$DIR/PNG" -F position=3 -F alt_text=x
	id=$(field .id) url=$(field .url)
	send PATCH "/product-images/$id" product="$OTHER" url=https://images.invalid/ width:=2
	expect 422 validation "/product immutable, /url immutable, /width read_only"
	send PATCH "/product-images/$id" alt_text='a cup'
	expect 200
	[[ $(field '[.alt_text, .position, .url] | tojson') == "[\"a cup\",3,\"$url\"]" ]]
	send PUT "/product-images/$id" alt_text='a mug'
	expect 200
	[[ $(field '[.alt_text, .position, .url, .width] | tojson') == "[\"a mug\",3,\"$url\",1]" ]]
	api GET "/products/$PRODUCT"
	[[ $(field ".images[] | select(.id == \"$id\") | .url") == "$url" ]]
	api DELETE "/product-images/$id"
	expect 204
	api GET "/product-images/$id"
	expect 404 not-found
	api GET "/products/$PRODUCT"
	[[ -z $(field ".images[] | select(.id == \"$id\")") ]]
	token='' api GET "${API%/cgi-bin/api}$url"
	expect 200
	api POST "/product-images/$id/restore"
	expect 200
}

@test "images: filters and orderings; they are as public as their product" {
	product=$(make /products store="$STORE" sku="$(unique)" name=x price=1)
	b=$(make /product-images product="$product" url=https://images.invalid/b position:=2)
	a=$(make /product-images product="$product" url=https://images.invalid/a position:=1)
	as nobody
	api GET "/product-images?product=$product"
	expect 200
	[[ $(field '[.results[].id] | join(" ")') == "$a $b" ]]
	api GET "/product-images?product=$product&ordering=created_at"
	[[ $(field '[.results[].id] | join(" ")') == "$b $a" ]]
	api GET "/products/$product"
	[[ $(field '[.images[].id] | join(" ")') == "$a $b" ]]
	for query in product=x position=1 url=x file=x ordering=url search=x; do
		api GET "/product-images?$query"
		expect 400 invalid-query
	done
	as staff
	send PATCH "/products/$product" is_suspended:=true
	api GET "/product-images/$a"
	expect 200
	for who in nobody outsider; do
		as "$who"
		api GET "/product-images/$a"
		expect 404 not-found
		api GET "/product-images?product=$product"
		[[ $(field '.results | length') == 0 ]]
	done
}

@test "images: a list shows none of drafts and of what is not listed" {
	local parent variant image draft unlisted of_variant
	parent=$(make /products store="$STORE" sku="$(unique)" name=x price=1)
	variant=$(make /products parent="$parent" sku="$(unique)" price=1)
	image=$(make /product-images product="$parent" url=https://images.invalid/a)
	of_variant=$(make /product-images product="$variant" url=https://images.invalid/b)
	# found ID... : these, and no others of the product and its variant, are in the list of all.
	found() {
		local all
		api GET "/product-images?ordering=-created_at&page_size=100"
		all=$(field '.results[].id')
		[[ $(grep -e "$image" -e "$of_variant" <<<"$all" | sort) == "$(printf '%s\n' "$@" | sort)" ]]
	}
	as nobody
	found "$image" "$of_variant"
	as staff
	send PATCH "/products/$parent" listed:=false
	for who in nobody outsider; do
		as "$who"
		found
		api GET "/product-images?product=null&page_size=100"
		[[ $body != *"$image"* ]]
		# Who knows the product finds them.
		for of in "$parent" "$variant"; do
			api GET "/product-images?product=$of"
			[[ $(field '.results | length') == 1 ]]
		done
	done
	as staff
	found "$image" "$of_variant"
	send PATCH "/products/$parent" listed:=true published:=false
	as nobody
	found
	for of in "$parent" "$variant"; do
		api GET "/product-images?product=$of"
		[[ $(field '.results | length') == 0 ]]
	done
	for id in "$image" "$of_variant"; do
		api GET "/product-images/$id"
		expect 404 not-found
	done
}

@test "images: without a place for them uploads are 503, leave nothing, and the log names the setting" {
	needs_media
	count() { api GET "/product-images?product=$PRODUCT&count=exact"; field .count; }
	before=$(count)
	chmod 555 "$MEDIA"
	upload "$DIR/PNG"
	expect 503 unavailable
	[[ -n $(header Retry-After) ]]
	[[ $(field .detail) != *"$MEDIA"* ]]
	send POST /product-images product="$PRODUCT" url=https://images.invalid/
	expect 201
	chmod 755 "$MEDIA"
	mv "$MEDIA" "$MEDIA.away"
	upload "$DIR/PNG"
	expect 503 unavailable
	mv "$MEDIA.away" "$MEDIA"
	[[ $(count) == $((before + 1)) ]]
	[[ -z $(find "$MEDIA" -name '.*' ! -name .htaccess -type f) ]]
	if [[ -n ${CGI_LOG-} ]]; then tail -n 20 "$CGI_LOG" | grep -q 'level=error .*MEDIA_DIR'; fi
}
