// picture_server.js DIRECTORY LOG [HOST PORT]: a web server at 127.0.0.1, or HOST and PORT, for what downloads pictures. It prints
// its port, and adds the path of each request to LOG. The files of DIRECTORY are its pictures, by the type of their
// extension; first names of paths are other answers:
//
//	/status/404			that status
//	/type/text/html/a.png		the file, with that type
//	/untyped/a.png			without a type
//	/redirect?to=URL		a redirect to it
//	/loop				one to itself
//	/cut/a.png			half of what its length says
//	/hang				no answer
//	/slow/a.png			byte by byte, four in a second
//	/endless			zeros without end, as a PNG; /long says beforehand that it has 100 MB
//	/headers			headers without end
//	/flaky/N/a.png			503 to the first N requests for it
//	/gzip/a.png			compressed, though that was not asked for
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const zlib = require('zlib');

const [directory, log, host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const types = { png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', html: 'text/html' };
const asked = new Map();

const read = (name) => fs.readFileSync(path.join(directory, path.basename(name)));
const typeOf = (name) => types[name.split('.').pop()] ?? 'application/octet-stream';

function send(response, name, type = typeOf(name)) {
	if (!fs.existsSync(path.join(directory, path.basename(name)))) return response.writeHead(404).end('none');
	const bytes = read(name);
	response.writeHead(200, { ...type && { 'content-type': type }, 'content-length': bytes.length }).end(bytes);
}

function endless(response, chunk) {
	const more = () => { while (response.write(chunk)); };
	response.on('drain', more);
	more();
}

const others = {
	status: (response, [code]) => response.writeHead(Number(code), { 'content-type': 'image/png' }).end(read('a.png')),
	type: (response, [type, subtype, name]) => send(response, name, `${type}/${subtype}`),
	untyped: (response, [name]) => send(response, name, null),
	redirect: (response, rest, to) => response.writeHead(302, { location: to }).end(),
	loop: (response) => response.writeHead(301, { location: '/loop' }).end(),
	cut(response, [name]) {
		const bytes = read(name);
		response.writeHead(200, { 'content-type': typeOf(name), 'content-length': bytes.length });
		response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
	},
	hang() {},
	slow(response, [name]) {
		response.writeHead(200, { 'content-type': typeOf(name) });
		const bytes = read(name);
		let at = 0;
		const timer = setInterval(() => at < bytes.length ? response.write(bytes.subarray(at, ++at)) : response.end(), 250);
		response.on('close', () => clearInterval(timer));
	},
	endless(response) {
		response.writeHead(200, { 'content-type': 'image/png' });
		endless(response, Buffer.alloc(65536));
	},
	long(response) {
		response.writeHead(200, { 'content-type': 'image/png', 'content-length': 1e8 });
		endless(response, Buffer.alloc(65536));
	},
	headers: (response) => endless(response.socket, `X-More: ${'a'.repeat(8000)}\r\n`),
	flaky(response, [n, name]) {
		const times = (asked.get(name) ?? 0) + 1;
		asked.set(name, times);
		if (times > Number(n)) send(response, name);
		else response.writeHead(503).end();
	},
	gzip(response, [name]) {
		response.writeHead(200, { 'content-type': typeOf(name), 'content-encoding': 'gzip' }).end(zlib.gzipSync(read(name)));
	},
};

http.createServer((request, response) => {
	const url = new URL(request.url, 'http://host');
	const [first, ...rest] = url.pathname.slice(1).split('/');

	fs.appendFileSync(log, `${request.url}\n`);
	response.on('error', () => {});
	if (first === 'headers') response.socket.write('HTTP/1.1 200 OK\r\n');
	if (others[first]) others[first](response, rest, url.searchParams.get('to'));
	else send(response, url.pathname);
}).listen(Number(port), host, function () { console.log(this.address().port); });
