// A mail server for tests: node smtp_server.js DIRECTORY [KEY CERTIFICATE]
//
// Listens on a free port of 127.0.0.1 and 127.0.0.2, which it writes to DIRECTORY/port; each mail that it accepted is a file of
// DIRECTORY, mail-N, and its envelope with how it came mail-N.json. What it does differently is in
// DIRECTORY/behaviour.json, which is read for every connection:
//
//   starttls: false     it is not offered        implicit: true  TLS from the first byte
//   auth: ["PLAIN"]     what is offered; [] for none; the password is "right"
//   after: {"RCPT": "550 5.1.1 No such user"}    the reply to a command; "." is the end of the message
//   drop: "."           closes the connection at this command, after a message was accepted
//   hang: "DATA"        never replies to it
'use strict'

const fs = require('fs')
const net = require('net')
const path = require('path')
const tls = require('tls')

const [directory, key, cert] = process.argv.slice(2)
const secure = key && tls.createSecureContext({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) })
let accepted = 0

function behaviour() {
	try {
		return JSON.parse(fs.readFileSync(path.join(directory, 'behaviour.json'), 'utf8'))
	} catch {
		return {}
	}
}

class Session {
	constructor(socket) {
		this.rules = behaviour()
		this.mail = { tls: Boolean(this.rules.implicit), commands: [] }
		this.waiting = null // what the next line is: 'PLAIN', 'USER', 'PASSWORD', 'MESSAGE'
		if (this.rules.implicit)
			socket = this.wrap(socket)
		this.use(socket)
		this.say(this.rules.after?.connect ?? '220 mail.test ESMTP')
	}

	wrap(socket) {
		const wrapped = new tls.TLSSocket(socket, { isServer: true, secureContext: secure })
		wrapped.on('error', () => {})
		return wrapped
	}

	use(socket) {
		this.socket = socket
		this.buffer = ''
		socket.on('error', () => {})
		socket.on('data', bytes => {
			this.buffer += bytes.toString('latin1')
			for (let end; this.socket === socket && (end = this.buffer.indexOf('\r\n')) >= 0;) {
				const line = this.buffer.slice(0, end)
				this.buffer = this.buffer.slice(end + 2)
				this.line(line)
			}
		})
	}

	say(text) { this.socket.write(text.replace(/\n/g, '\r\n') + '\r\n') }

	line(line) {
		if (this.waiting === 'MESSAGE')
			return line === '.' ? this.end() : this.message.push(line.replace(/^\./, ''))
		if (this.waiting)
			return this.credentials(line)
		const verb = line.split(/[ :]/)[0].toUpperCase()
		this.mail.commands.push(verb)
		if (this.rules.hang === verb)
			return
		if (this.rules.drop === verb)
			return this.socket.destroy()
		if (this.rules.after?.[verb])
			return this.say(this.rules.after[verb])
		this[`do_${verb}`] ? this[`do_${verb}`](line) : this.say('500 What?')
	}

	do_EHLO(line) {
		const lines = ['mail.test', '8BITMIME']
		const methods = this.rules.auth ?? ['PLAIN', 'LOGIN']
		this.mail.ehlo = line.slice(5)
		if (secure && !this.mail.tls && this.rules.starttls !== false)
			lines.push('STARTTLS')
		if (methods.length)
			lines.push(`AUTH ${methods.join(' ')}`)
		this.say(lines.map((text, i) => `250${i + 1 < lines.length ? '-' : ' '}${text}`).join('\n'))
	}

	do_STARTTLS() {
		this.say('220 Go on')
		this.socket.removeAllListeners('data')
		this.mail.tls = true
		this.use(this.wrap(this.socket))
	}

	do_AUTH(line) {
		const [, method, initial] = line.split(' ')
		this.mail.method = method
		this.waiting = method === 'LOGIN' ? 'USER' : 'PLAIN'
		if (initial)
			return this.credentials(initial)
		this.say(method === 'LOGIN' ? '334 VXNlcm5hbWU6' : '334 ')
	}

	credentials(line) {
		const text = Buffer.from(line, 'base64').toString('utf8')
		if (this.waiting === 'USER') {
			this.mail.user = text
			this.waiting = 'PASSWORD'
			return this.say('334 UGFzc3dvcmQ6')
		}
		const words = this.waiting === 'PLAIN' ? text.split('\0') : ['', this.mail.user, text]
		this.waiting = null
		this.mail.user = words[1]
		this.say(words[2] === 'right' ? '235 2.7.0 Hello' : '535 5.7.8 Wrong user name or password')
	}

	do_MAIL(line) { this.mail.from = line.slice(10).replace(/ .*/, ''); this.say('250 2.1.0 Ok') }
	do_RCPT(line) { this.mail.to = line.slice(8); this.say('250 2.1.5 Ok') }
	do_DATA() { this.message = []; this.waiting = 'MESSAGE'; this.say('354 Go on') }
	do_RSET() { this.say('250 Ok') }
	do_QUIT() { this.say('221 Bye'); this.socket.end() }

	end() {
		this.waiting = null
		if (this.rules.hang === '.')
			return
		if (this.rules.after?.['.'])
			return this.say(this.rules.after['.'])
		const name = path.join(directory, `mail-${++accepted}`)
		fs.writeFileSync(`${name}.json`, JSON.stringify(this.mail))
		fs.writeFileSync(name, this.message.map(line => line + '\n').join(''), 'latin1')
		if (this.rules.drop === '.')
			return this.socket.destroy()
		this.say(`250 2.0.0 Ok: queued as ${accepted}`)
	}
}

const listen = (port, address, then) => {
	const server = net.createServer(socket => new Session(socket))
	server.listen(port, address, () => then(server.address().port))
}

// The second address is on this machine too, but does not look so: mail to it needs TLS.
listen(0, '127.0.0.1', port => listen(port, '127.0.0.2', () => {
	fs.writeFileSync(path.join(directory, 'port.new'), `${port}\n`)
	fs.renameSync(path.join(directory, 'port.new'), path.join(directory, 'port'))
}))
