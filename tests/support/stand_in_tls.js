// stand_in_tls.js KEY CERTIFICATE [ADDRESS]: an HTTPS server on a free port of 127.0.0.1, which it prints, that answers
// every request with what it was sent; with ADDRESS also a name server there, for which every name is 127.0.0.1.
'use strict'
const fs = require('fs')
const https = require('https')
const dgram = require('dgram')

const [key, cert, address] = process.argv.slice(2)

function answerName(query) {
	let end = 12
	while (query[end]) end += query[end] + 1
	end += 5
	const isA = query.readUInt16BE(end - 4) === 1
	const head = Buffer.from(query.subarray(0, 12))
	head.writeUInt16BE(0x8180, 2)
	head.writeUInt16BE(isA ? 1 : 0, 6)
	head.writeUInt32BE(0, 8)
	const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1])
	return Buffer.concat([head, query.subarray(12, end), isA ? record : Buffer.alloc(0)])
}

const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (request, response) => {
	let body = ''
	request.on('data', (bytes) => { body += bytes })
	request.on('end', () => response.end(JSON.stringify({ host: request.headers.host, body })))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
if (address) {
	const names = dgram.createSocket('udp4')
	names.on('message', (query, from) => names.send(answerName(query), from.port, from.address))
	names.bind(53, address)
}
