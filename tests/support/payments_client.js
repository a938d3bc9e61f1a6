// What the programs of the tests of payments share: the shop, the stand-in for the providers, the database behind.
//
// All of it comes from the environment: API, GATEWAYS, PSQL, SITE (where bin/shopctl is), STORE, STAFF (a token of who
// works there), and the settings of gateways.bash.
'use strict';

const http = require('node:http');
const { spawnSync, spawn } = require('node:child_process');

const CONNECTIONS = 8;
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 * CONNECTIONS });
const env = process.env;

// --- numbers from a seed, as in tests/gateways/webhooks.js

function random(seed) {
	let x = (seed >>> 0) || 1;
	const below = (n) => {
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		return (x >>> 0) % n;
	};
	for (let i = 0; i < 10; i++) below(1); // small seeds begin alike
	return {
		below, chance: (percent) => below(100) < percent, one: (list) => list[below(list.length)],
	};
}

// --- requests

function request(url, { method = 'POST', headers = {}, body } = {}) {
	const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
	const type = text && !headers['Content-Type'] ? { 'Content-Type': 'application/json' } : {};
	return new Promise((resolve, reject) => {
		const asked = http.request(url, {
			method, agent, headers: { 'Content-Length': Buffer.byteLength(text), ...type, ...headers },
		}, (response) => {
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				const answer = Buffer.concat(chunks).toString();
				let parsed = answer;
				try { parsed = JSON.parse(answer); } catch { /* it is text then */ }
				resolve({ status: response.statusCode, body: parsed });
			});
		});
		asked.setTimeout(60000, () => asked.destroy(new Error(`${method} ${url}: no answer in 60 s`)));
		asked.on('error', reject);
		asked.end(text);
	});
}

const statuses = new Map(); // of the shop's answers

// A request to the shop. `wanted`: the statuses that may come; another one ends the program.
async function api(method, path, { wanted, ...how } = {}) {
	const answer = await request(env.API + path, { method, ...how });
	statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
	if (wanted && !wanted.includes(answer.status))
		throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
	return answer;
}

async function control(command, argument) {
	const answer = await request(`${env.GATEWAYS}/_control`, { body: { [command]: argument } });
	if (answer.status !== 200)
		throw new Error(`${command} ${JSON.stringify(argument)}: ${JSON.stringify(answer.body)}`);
	return answer.body;
}

// What somebody does on a provider's own pages.
function provider(name, method, path, body) {
	if (name === 'stripe') {
		return request(env.GATEWAYS + path, {
			method, body: new URLSearchParams(body).toString(),
			headers: {
				Authorization: `Bearer ${env.STRIPE_SECRET_KEY}`, 'Content-Type': 'application/x-www-form-urlencoded',
			},
		});
	}
	const words = `${env.RAZORPAY_KEY_ID}:${env.RAZORPAY_KEY_SECRET}`;
	return request(env.GATEWAYS + path, {
		method, body, headers: { Authorization: `Basic ${Buffer.from(words).toString('base64')}` },
	});
}

// work(item) for each of the list, so many at a time.
async function crowd(list, work, at_once = CONNECTIONS) {
	let next = 0;
	const worker = async () => { while (next < list.length) await work(list[next++]); };
	await Promise.all(Array.from({ length: at_once }, worker));
}

// --- behind the API

function sql(text) {
	const [program, ...words] = env.PSQL.split(' ');
	const run = spawnSync(program, [...words, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'],
		{ input: text, maxBuffer: 1 << 28, encoding: 'utf8' });
	if (run.status !== 0) throw new Error(`${text}: ${run.stderr}`);
	return run.stdout.trim();
}

const rows = (query) => JSON.parse(sql(`select coalesce(json_agg(x), '[]') from (${query}) x`));
const list_of = (ids) => `'{${ids.join(',')}}'`;

// One run of shopctl cron, whose report is returned. 75: somebody has to be asked again, which is no failure.
function cron(more = {}) {
	return new Promise((resolve, reject) => {
		const run = spawn(`${env.SITE}/bin/shopctl`, ['--json', 'cron'], { env: { ...env, ...more } });
		let out = '', said = '';
		run.stdout.on('data', (data) => { out += data; });
		run.stderr.on('data', (data) => { said += data; });
		run.on('error', reject);
		run.on('close', (code) => {
			if (code !== 0 && code !== 75) reject(new Error(`shopctl cron ended with ${code}: ${said}${out}`));
			else resolve({ ...JSON.parse(out || '{}'), code, said });
		});
	});
}

// As if a minute were ten: what nobody waits for any more is due.
function grow_old(orders, minutes = 10) {
	const time = `interval '${minutes} minutes'`;
	sql(`update payments set requested_at = requested_at - ${time} where order_id = any (${list_of(orders)});
		update refunds set requested_at = requested_at - ${time} * 2 ^ least(tries, 12) where order_id = any (${list_of(orders)});`);
}

// --- shopping

const KEY_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const new_key = () => Array.from({ length: 24 }, () => KEY_LETTERS[Math.floor(Math.random() * 36)]).join('');

const staff = () => ({ Authorization: `Bearer ${env.STAFF}` });
const guest = (order) => ({ 'X-Order-Token': order.token });

async function product(price, count) {
	const { body } = await api('POST', '/products', {
		headers: staff(), wanted: [201],
		body: { store: env.STORE, sku: `SKU-${new_key()}`, name: 'Tea', price, inventory_count: count },
	});
	return body.id;
}

async function place(product_id, quantity) {
	const { body } = await api('POST', '/orders', {
		wanted: [201], body: {
			store: env.STORE, items: [{ product: product_id, quantity }],
			contact: { name: 'Asha Rao', email: 'asha@example.com', mobile_number: '+919800000001' },
		},
	});
	return { id: body.id, token: body.order_token, total: body.total, product: product_id, quantity };
}

// Begin to pay; the payment, with what it is called at the provider.
async function open(order, method) {
	const { body } = await api('POST', '/payments', {
		headers: { ...guest(order), 'Idempotency-Key': new_key() }, wanted: [200, 201],
		body: { order: order.id, payment_method: method },
	});
	return { id: body.id, order, method, gateway_id: body.client.id ?? body.client.order_id, amount: body.amount };
}

// more: another amount than the payment's, and what else tests/gateways/README.md says.
const pay = (payment, how = 'succeed', more = {}) =>
	control('pay', { provider: payment.method, id: payment.gateway_id, how, ...more });

// The browser is back; `paid` is what pay said.
const confirm = (order, payment, paid, wanted) => api('POST', `/payments/${payment.id}/confirm`, {
	headers: guest(order), body: payment.method === 'razorpay' ? paid.checkout : undefined, wanted,
});

const refund = (payment, body, key = new_key(), wanted = undefined) => api('POST', `/payments/${payment.id}/refunds`, {
	headers: { ...staff(), 'Idempotency-Key': key }, body, wanted,
});

// --- money in whole cents, as both providers count the store's currency

const cents = (text) => Math.round(Number(text) * 100);
const money = (count) => `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`;

// --- what is wrong, told at the end

class Findings {
	constructor() { this.list = []; }

	same(what, found, wanted) {
		const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
		if (a !== b) this.list.push(`${what}: ${a}, not ${b}`);
	}

	check(what, condition) { if (!condition) this.list.push(what); }

	end() {
		const broken = [...statuses.keys()].filter((status) => status >= 500 && status !== 503);
		if (broken.length > 0) this.list.push(`the shop answered with ${broken}`);
		for (const line of this.list.slice(0, 40)) console.log(line);
		if (this.list.length > 0) console.log(`${this.list.length} things are wrong`);
		agent.destroy();
		process.exitCode = this.list.length > 0 ? 1 : 0;
	}
}

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

module.exports = {
	CONNECTIONS, random, request, api, control, provider, crowd, sql, rows, list_of, cron, grow_old, new_key, staff, guest,
	product, place, open, pay, confirm, refund, cents, money, Findings, statuses, sleep,
};
