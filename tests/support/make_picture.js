// Pictures that tests need and no tool of Debian's makes. To standard output:
//
//	node make_picture.js png WIDTH HEIGHT [TYPE:BYTES]...	a grey PNG, with chunks of that many zeros before its data
//	node make_picture.js apng					two frames of 2 by 2
//	node make_picture.js garbage				a PNG whose data has a right checksum and is none
//	node make_picture.js short					a PNG that has fewer pixels than it says
//	node make_picture.js ppm WIDTH HEIGHT			what cjpeg and cwebp read
//	node make_picture.js gif					two frames, with a comment and XMP
//	node make_picture.js still WIDTH HEIGHT			a GIF of one frame
'use strict';
const zlib = require('zlib');

const table = Array.from({ length: 256 }, (_, n) => {
	for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
	return n >>> 0;
});

function crc32(bytes) {
	let crc = 0xffffffff;
	for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
	return (crc ^ 0xffffffff) >>> 0;
}

function big32(...numbers) {
	const out = Buffer.alloc(numbers.length * 4);
	numbers.forEach((n, i) => out.writeUInt32BE(n >>> 0, i * 4));
	return out;
}

function chunk(type, data) {
	const checked = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	return Buffer.concat([big32(data.length), checked, big32(crc32(checked))]);
}

function png(width, height, before, data, behind = []) {
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', Buffer.concat([big32(width, height), Buffer.from([8, 0, 0, 0, 0])])),
		...before, chunk('IDAT', data), ...behind, chunk('IEND', Buffer.alloc(0)),
	]);
}

// Rows of a shade each, with a zero for their filter in front.
function rows(width, height) {
	const out = Buffer.alloc((width + 1) * height);
	for (let y = 0; y < height; y++) out.fill(y % 256, y * (width + 1) + 1, (y + 1) * (width + 1));
	return out;
}

const kinds = {
	png(width, height, ...chunks) {
		const extra = chunks.map(word => word.split(':')).map(([type, bytes]) => chunk(type, Buffer.alloc(+bytes)));
		return png(+width, +height, extra, zlib.deflateSync(rows(+width, +height)));
	},
	apng() {
		const control = n => chunk('fcTL', Buffer.concat([big32(n, 2, 2, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]));
		const frame = zlib.deflateSync(rows(2, 2));
		return png(2, 2, [chunk('acTL', big32(2, 0)), control(0)], frame,
			[control(1), chunk('fdAT', Buffer.concat([big32(2), frame]))]);
	},
	garbage: () => png(3, 3, [], Buffer.from('this was never compressed')),
	short: () => png(3, 3, [], zlib.deflateSync(rows(3, 2))),
	ppm(width, height) {
		const head = Buffer.from(`P6\n${width} ${height}\n255\n`);
		return Buffer.concat([head, Buffer.alloc(width * height * 3, 0x7f)]);
	},
	still(width, height) {
		// Codes of 3 bits: the table is cleared before each two pixels, so that it never grows.
		const codes = Array.from({ length: Math.ceil(width * height / 2) }, () => [4, 0, 0]).flat().concat(5);
		const bits = codes.map(code => [code & 1, code >> 1 & 1, code >> 2]).flat();
		const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
		bits.forEach((bit, i) => { bytes[i >> 3] |= bit << (i & 7); });
		const size = Buffer.alloc(4), pieces = [];
		size.writeUInt16LE(+width, 0);
		size.writeUInt16LE(+height, 2);
		for (let i = 0; i < bytes.length; i += 255)
			pieces.push(Buffer.from([Math.min(255, bytes.length - i)]), bytes.subarray(i, i + 255));
		return Buffer.concat([Buffer.from('GIF89a'), size, Buffer.from([0x80, 0, 0, 200, 100, 50, 0, 0, 0, 0x2c, 0, 0, 0, 0]),
			size, Buffer.from([0, 2]), ...pieces, Buffer.from([0, 0x3b])]);
	},
	gif() {
		const part = text => Buffer.from(text, 'latin1');
		const frame = part('\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0');
		return Buffer.concat([part('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff'),
			part('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0'), part('\x21\xfe\x08at home.\0'),
			part('\x21\xff\x0bXMP DataXMP\x08at home.\0'), frame, frame, part(';')]);
	},
};

process.stdout.write(kinds[process.argv[2]](...process.argv.slice(3)));
