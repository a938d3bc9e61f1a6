# image-sizes: what it makes of pictures, and what hostile ones can do to it.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	sizes=$build/bin/image-sizes
	make_picture=$top/tests/support/make_picture.js
	export sizes make_picture
	[[ -x $sizes ]] || skip "built without image-sizes: tools/deps images installs what it needs"
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

picture() { node "$make_picture" "$@"; }

# widths FILE : makes size-WIDTH.webp of each, and prints the widths.
widths() {
	"$sizes" <"$1" | node -e '
		const fs = require("fs"), widths = [];
		for (let rest = fs.readFileSync(0); rest.length;) {
			const end = rest.indexOf(10), [width, bytes] = rest.subarray(0, end).toString().split(" ").map(Number);
			fs.writeFileSync(`size-${width}.webp`, rest.subarray(end + 1, end + 1 + bytes));
			if (rest.length < end + 1 + bytes) throw new Error("cut off");
			rest = rest.subarray(end + 1 + bytes);
			widths.push(width);
		}
		console.log(widths.join(" "));'
}

# ends CODE FILE : it does so, with one line on standard error and nothing on standard output, if it is not 0.
ends() {
	local code=0
	"$sizes" <"$2" >said 2>complaint || code=$?
	[[ $code == "$1" && ! -s said ]] || { echo "$2: $code: $(<complaint)"; return 1; }
	[[ $code == 0 || $(wc -l <complaint) == 1 ]]
}

@test "image-sizes: 160, 480 and 960 pixels wide, never wider than the picture" {
	for pair in 1000:'160 480 960' 960:'160 480 960' 959:'160 480' 160:160 159:''; do
		picture png "${pair%%:*}" 90 >in
		[[ $(widths in) == "${pair#*:}" ]] || { echo "$pair: $(widths in)"; false; }
	done
	picture png 1000 90 >in
	widths in
	for width in 160 480 960; do webpinfo "size-$width.webp" | grep -q "Width: $width$"; done
	for size in '12000 1' '160 12000' '960 12000'; do
		# shellcheck disable=SC2086 # width and height
		picture png $size >in
		[[ $(widths in) == 160* ]]
	done
}

@test "image-sizes: the colours of the picture" {
	# A picture of one colour, in each kind.
	node -e 'process.stdout.write(Buffer.concat([Buffer.from("P6\n200 100\n255\n"),
		Buffer.concat(Array(20000).fill(Buffer.from([200, 100, 50])))]))' >in.ppm
	cwebp -quiet in.ppm -o in.webp
	cjpeg in.ppm >in.jpg
	cjpeg -progressive in.ppm >in2.jpg
	dwebp -quiet in.webp -o in.png
	avifenc -s 10 in.png in.avif >/dev/null
	picture still 200 100 >in.gif
	for file in in.webp in.jpg in2.jpg in.png in.avif in.gif; do
		rm -f size-160.webp
		[[ $(widths "$file") == 160 ]]
		dwebp -quiet -ppm size-160.webp -o out.ppm
		tail -c 3 out.ppm | od -An -tu1 | awk -v file="$file" '
			$1 < 192 || $1 > 208 || $2 < 92 || $2 > 108 || $3 < 42 || $3 > 58 { print file, $0; exit 1 }'
	done
}

@test "image-sizes: what moves is left alone, however many frames it has" {
	picture gif >in
	ends 0 in
	picture apng >in
	ends 0 in
	# A hundred thousand frames.
	node -e 'const part = (text) => Buffer.from(text, "latin1");
		const frame = part("\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
		process.stdout.write(Buffer.concat([part("GIF89a\xff\x0f\xff\x0f\x80\0\0\0\0\0\xff\xff\xff"),
			...Array(100000).fill(frame), part(";")]))' >in
	ends 0 in
}

@test "image-sizes: what is not a picture, is damaged or is cut off" {
	: >in
	ends 65 in
	echo '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"/>' >in
	ends 65 in
	printf '%%PDF-1.7\n' >in
	ends 65 in
	head -c $((5 * 1024 * 1024 + 1)) /dev/zero >in
	ends 65 in
	picture ppm 500 300 >ppm
	cjpeg ppm >whole.jpg
	head -c -2 whole.jpg >in
	ends 65 in
	# Its markers are in place, but what lies between them is not its pixels.
	perl -0777 -pe 's/(\xff\xda..)(.*)(\xff\xd9)$/$1 . ("\x55" x length $2) . $3/se' whole.jpg >in
	ends 65 in
	# A kind that libvips knows and we do not.
	printf 'II*\0\10\0\0\0' >in
	ends 65 in
}

@test "image-sizes: pictures that are larger than they look" {
	picture png 10000 10000 >in
	ends 65 in
	# 49 million pixels, as many as there may be: within the memory that it has.
	picture png 7000 7000 >in
	[[ $(widths in) == '160 480 960' ]]
	# An AVIF that says it is small.
	picture png 3000 3000 >large.png
	avifenc -s 10 large.png large.avif >/dev/null
	perl -0777 -pe 's/(ispe\0\0\0\0)..../$1\0\0\0\xc8/s' large.avif >in
	ends 65 in
	# A JPEG of 300 scans.
	picture ppm 500 300 >ppm
	cjpeg -progressive ppm >whole.jpg
	perl -0777 -pe 's/(\xff\xda(?:(?!\xff\xda).)*)\xff\xd9$/($1 x 300) . "\xff\xd9"/se' whole.jpg >in
	ends 65 in
}

@test "image-sizes: while it decodes it may open nothing, and has little memory and time" {
	picture png 7000 7000 >in
	(for fd in /proc/self/fd/*; do (( ${fd##*/} < 3 )) || eval "exec ${fd##*/}>&-"; done; exec "$sizes" <in >/dev/null) &
	for ((i = 0; i < 500; i++)); do
		! grep -q 'Seccomp:.*2' "/proc/$!/status" || break
		sleep 0.01
	done
	grep -E '^(Seccomp|NoNewPrivs):' "/proc/$!/status" | tr -d '\t' | sort >status || true
	grep -E 'Max (address space|cpu time|core file|open files)' "/proc/$!/limits" >limits || true
	ls -l "/proc/$!/fd" >files || true
	wait
	if [[ ${SANITIZE:-} ]]; then skip "with sanitizers it has more memory"; fi
	[[ $(tr '\n' ' ' <status) == 'NoNewPrivs:1 Seccomp:2 ' ]]
	grep -q 'Max address space  *671088640  *671088640 ' limits
	grep -q 'Max cpu time  *30  *30 ' limits
	grep -q 'Max core file size  *0  *0 ' limits
	grep -q 'Max open files  *3  *3 ' limits
	[[ $(grep -c ' -> ' files) == 3 ]]
}

@test "image-sizes: exit codes" {
	for words in --nonsense '--help --help' file.png; do
		code=0
		# shellcheck disable=SC2086 # words
		"$sizes" $words </dev/null >said 2>/dev/null || code=$?
		[[ $code == 64 && ! -s said ]]
	done
	picture png 500 300 >in
	code=0
	"$sizes" <in >/dev/full 2>/dev/null || code=$?
	[[ $code == 74 ]]
	code=0
	"$sizes" <&- >said 2>/dev/null || code=$?
	[[ $code == 74 ]]
	[[ $("$sizes" --version) == "cgishop image-sizes "[0-9]*.[0-9]*.[0-9]* ]]
	"$sizes" --help | grep -q '^Usage: image-sizes '
}

@test "image-sizes: hardened, and libvips is in no program that serves" {
	readelf -hW "$sizes" | grep -q 'Type:.*DYN'
	readelf -dW "$sizes" | grep -q 'FLAGS_1.*NOW'
	readelf -lW "$sizes" | grep -q GNU_RELRO
	readelf -dW "$sizes" | sed -n '/RPATH\|RUNPATH\|NEEDED.*\(libpq\|libcurl\)/p' | nothing "what is not to be in it"
	for group in $(groups); do
		if [[ -e $build/cgi-bin/api/$group ]]; then
			readelf -dW "$build/cgi-bin/api/$group" | grep -E 'NEEDED.*vips' || true
			nm "$build/cgi-bin/api/$group" 2>/dev/null | grep -E ' vips_' || true
		fi
	done | nothing "libvips in programs that serve"
}
