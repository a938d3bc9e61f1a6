// Writes a backup of the files of a directory, with the sums that shopctl would write: for backups that shopctl itself
// never makes.
//
//	node make_archive.js DIRECTORY NAME... >ARCHIVE
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');

const SUMS_MAX = 1000;

const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');

function header(name, bytes) {
	const block = Buffer.alloc(512);
	const octal = (at, n, value) => block.write(value.toString(8).padStart(n, '0'), at, 'latin1');

	block.write(name, 0, 'latin1');
	octal(100, 7, 0o600);
	octal(108, 7, 0);
	octal(116, 7, 0);
	octal(124, 11, bytes);
	octal(136, 11, 0);
	block.write('        0', 148, 'latin1');
	block.write('ustar\x0000', 257, 'latin1');
	octal(148, 6, block.reduce((sum, byte) => sum + byte, 0));
	block[154] = 0;
	return block;
}

function member(name, data) {
	return Buffer.concat([header(name, data.length), data, Buffer.alloc((512 - data.length % 512) % 512)]);
}

const [directory, ...names] = process.argv.slice(2);
const parts = [], all = crypto.createHash('sha256');
let lines = [], files = 0;

function flush() {
	const text = Buffer.from(lines.join(''));

	parts.push(member(`sums/${String(++files).padStart(6, '0')}`, text));
	all.update(text);
	lines = [];
}

for (const name of names) {
	const data = fs.readFileSync(path.join(directory, name));

	if (lines.length === SUMS_MAX)
		flush();
	parts.push(member(name, data));
	lines.push(`${sha256(data)}  ${name}\n`);
}
if (lines.length)
	flush();
parts.push(member('end', Buffer.from(`members ${names.length}\nsums ${all.digest('hex')}\n`)), Buffer.alloc(1024));
process.stdout.write(zlib.gzipSync(Buffer.concat(parts)));
