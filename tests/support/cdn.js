// cdn.js PORT HOST KEY CERTIFICATE: a stand-in for a CDN in front of the site HOST at 127.0.0.1:PORT. It ends TLS on a free
// port of 127.0.0.1, which it prints, says so in X-Forwarded-Proto, names the client that X-Visitor has in CF-Connecting-IP
// and in X-Forwarded-For, and compresses what is JSON, which makes an ETag weak, as Cloudflare does.
'use strict'
const fs = require('fs')
const http = require('http')
const https = require('https')
const zlib = require('zlib')

const [port, host, key, cert] = process.argv.slice(2)

https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (request, response) => {
	const visitor = request.headers['x-visitor'] ?? '192.0.2.1'
	const headers = { ...request.headers, host, 'x-forwarded-proto': 'https', 'cf-connecting-ip': visitor,
		'x-forwarded-for': `${visitor}, 198.51.100.7` }
	const behind = http.request({ host: '127.0.0.1', port, method: request.method, path: request.url, headers }, (answer) => {
		const json = /json/.test(answer.headers['content-type'] ?? '')
		const squeeze = json && request.method !== 'HEAD' && /gzip/.test(request.headers['accept-encoding'] ?? '')
		if (squeeze) {
			delete answer.headers['content-length']
			answer.headers['content-encoding'] = 'gzip'
			if (answer.headers.etag) answer.headers.etag = `W/${answer.headers.etag}`
		}
		response.writeHead(answer.statusCode, answer.headers)
		if (squeeze) answer.pipe(zlib.createGzip()).pipe(response)
		else answer.pipe(response)
	})
	behind.on('error', () => response.writeHead(502).end())
	request.pipe(behind)
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
