// pooler.js SOCKET SERVER: a stand-in for a pooler that manages prepared statements itself, as PgBouncer does with
// max_prepared_statements: between clients of SOCKET and the PostgreSQL behind the socket SERVER, it closes the connection
// at a statement whose preparation it has not seen. Prints a line when it listens.
'use strict'
const net = require('net')

const [socket, server] = process.argv.slice(2)

function field(type, text) { return Buffer.from(`${type}${text}\0`) }

function refusal() {
	const fields = Buffer.concat([field('S', 'FATAL'), field('V', 'FATAL'), field('C', '08P01'),
		field('M', 'prepared statement did not exist'), Buffer.from([0])])
	const head = Buffer.alloc(5)
	head.write('E')
	head.writeUInt32BE(fields.length + 4, 1)
	return Buffer.concat([head, fields])
}

// The name of the statement that a message prepares or binds, after the portal's in the latter.
function names(message) { return message.subarray(5).toString('latin1').split('\0') }

net.createServer((client) => {
	const behind = net.connect(server)
	const seen = new Set([''])
	let waiting = Buffer.alloc(0), started = false
	client.on('data', (bytes) => {
		waiting = Buffer.concat([waiting, bytes])
		for (;;) {
			const at = started ? 1 : 0
			if (waiting.length < at + 4) return
			const n = waiting.readUInt32BE(at) + at
			if (waiting.length < n) return
			const message = waiting.subarray(0, n)
			waiting = waiting.subarray(n)
			if (started && message[0] === 0x50) seen.add(names(message)[0])
			if (started && message[0] === 0x42 && !seen.has(names(message)[1])) {
				client.end(refusal())
				behind.destroy()
				return
			}
			started = true
			behind.write(message)
		}
	})
	behind.on('data', (bytes) => client.write(bytes))
	for (const [one, other] of [[client, behind], [behind, client]]) {
		one.on('error', () => other.destroy())
		one.on('close', () => other.end())
	}
}).listen(socket, () => console.log('ready'))
