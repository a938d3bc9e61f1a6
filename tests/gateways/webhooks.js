/*
 * The webhooks of both providers: signed as each of them does, and delivered
 * as badly as asked for.
 */
'use strict';

const crypto = require('crypto');
const http = require('http');
const { newId, now } = require('./world');

const hmac = (secret, data) => crypto.createHmac('sha256', secret).update(data).digest('hex');

/* options: secret ('new', 'old' or any other text, which is the secret itself), t (unix seconds), fresh_ids. */
function sign(world, event, options = {}) {
	const which = options.secret || 'new';
	const known = event.provider === 'stripe' ?
		{ new: world.secrets.stripeWebhook, old: world.secrets.stripeWebhookOld } :
		{ new: world.secrets.razorpayWebhook, old: world.secrets.razorpayWebhookOld };
	const secret = known[which] || which;
	if (event.provider === 'stripe') {
		const t = options.t === undefined ? now() : options.t;
		return { 'Stripe-Signature': `t=${t},v1=${hmac(secret, `${t}.${event.body}`)}` };
	}
	/* The id lies outside the signature: who repeats an event can give it another one. */
	return {
		'X-Razorpay-Event-Id': options.fresh_ids ? newId('', 14) : event.id,
		'X-Razorpay-Signature': hmac(secret, event.body),
	};
}

/* what: provider, payment (id of the intent, charge or payment), types, ids, from (the first n). */
function select(world, what) {
	return world.events.filter((event) => (!what.provider || event.provider === what.provider) &&
		(!what.payment || event.payment === what.payment || event.object === what.payment) &&
		(!what.types || what.types.includes(event.type)) && (!what.ids || what.ids.includes(event.id)) &&
		event.n >= (what.from || 0));
}

/* Numbers from a seed (xorshift32), so that a shuffled delivery can be made again. */
function random(seed) {
	let x = (seed >>> 0) || 1;
	return (n) => {
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		return (x >>> 0) % n;
	};
}

function shuffle(list, seed) {
	const next = random(seed);
	for (let i = list.length - 1; i > 0; i--) {
		const j = next(i + 1);
		[list[i], list[j]] = [list[j], list[i]];
	}
	return list;
}

function post(url, headers, body, agent) {
	return new Promise((resolve) => {
		const length = Buffer.byteLength(body);
		const request = http.request(url, {
			method: 'POST', agent, headers: { 'Content-Type': 'application/json', 'Content-Length': length, ...headers },
		}, (response) => {
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('end', () => resolve({ status: response.statusCode, answer: Buffer.concat(chunks).toString() }));
			response.on('error', (error) => resolve({ status: 0, answer: error.message }));
		});
		request.setTimeout(30000, () => request.destroy(new Error('no answer in 30 s')));
		request.on('error', (error) => resolve({ status: 0, answer: error.message }));
		request.end(body);
	});
}

/*
 * how: url, where {provider} stands for its name; order ('made', 'reversed' or
 * 'shuffled' by seed); times; connections; what select() and sign() take.
 */
async function deliver(world, how) {
	let list = select(world, how).flatMap((event) => Array(how.times || 1).fill(event));
	if (how.order === 'reversed') list.reverse();
	if (how.order === 'shuffled') list = shuffle(list, how.seed || 1);
	const agent = new http.Agent({ keepAlive: true, maxSockets: how.connections || 1 });
	const results = [];
	let next = 0;
	const worker = async () => {
		while (next < list.length) {
			const event = list[next++];
			const url = how.url.replace('{provider}', event.provider);
			const started = Date.now();
			const { status, answer } = await post(url, sign(world, event, how), event.body, agent);
			results.push({ id: event.id, type: event.type, status, answer, ms: Date.now() - started });
		}
	};
	await Promise.all(Array.from({ length: how.connections || 1 }, worker));
	agent.destroy();
	const statuses = {};
	for (const { status } of results) statuses[status] = (statuses[status] || 0) + 1;
	return { sent: results.length, statuses, ms_max: Math.max(0, ...results.map((r) => r.ms)), results };
}

module.exports = { sign, select, deliver, random };
