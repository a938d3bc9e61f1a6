#!/usr/bin/env node
/*
 * stand_in.js PORT: Stripe's and Razorpay's API on 127.0.0.1, as far as a shop
 * asks them, with no money behind. Prints one line when it listens; ends on
 * SIGTERM and when its standard input ends. README.md says how a test uses it.
 *
 * The secrets are the shop's settings of the same names: STRIPE_SECRET_KEY,
 * STRIPE_WEBHOOK_SECRET[_OLD], RAZORPAY_KEY_ID, RAZORPAY_KEY_SECRET,
 * RAZORPAY_WEBHOOK_SECRET[_OLD].
 */
'use strict';

const http = require('http');
const { World } = require('./world');
const { Stripe } = require('./stripe');
const { Razorpay } = require('./razorpay');
const { control } = require('./control');

const env = process.env;
const world = new World({
	stripeKey: env.STRIPE_SECRET_KEY || 'sk_test_stand_in',
	stripeWebhook: env.STRIPE_WEBHOOK_SECRET || 'whsec_stand_in_new',
	stripeWebhookOld: env.STRIPE_WEBHOOK_SECRET_OLD || 'whsec_stand_in_old',
	razorpayKeyId: env.RAZORPAY_KEY_ID || 'rzp_test_StandIn000001',
	razorpayKeySecret: env.RAZORPAY_KEY_SECRET || 'stand_in_key_secret',
	razorpayWebhook: env.RAZORPAY_WEBHOOK_SECRET || 'stand_in_webhook_new',
	razorpayWebhookOld: env.RAZORPAY_WEBHOOK_SECRET_OLD || 'stand_in_webhook_old',
});
const apis = { stripe: new Stripe(world), razorpay: new Razorpay(world) };

/* Both are on one address; the id distinguishes what they have in common. */
const providerOf = (path) => (/^\/v1\/(orders|payments|refunds\/rfnd_)/.test(path) ? 'razorpay' : 'stripe');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function read(incoming) {
	const chunks = [];
	for await (const chunk of incoming) chunks.push(chunk);
	const url = new URL(incoming.url, 'http://stand-in');
	return {
		method: incoming.method, path: url.pathname, query: url.searchParams, headers: incoming.headers,
		raw: Buffer.concat(chunks),
	};
}

function note(request, provider) {
	const entry = {
		n: world.log.length, provider, method: request.method,
		path: request.path + (request.query.toString() && `?${request.query}`),
		key: request.headers['idempotency-key'] || request.headers['x-refund-idempotency'] || null,
		body: request.raw.toString(), status: null, replayed: false, fault: null,
	};
	world.log.push(entry);
	return entry;
}

/* The answer without faults, or at least without those that the network makes. */
async function answer(api, request, fault, entry) {
	const denied = api.authorize(request);
	if (denied) return denied;
	if (fault.how === 'error' && !fault.keep) {
		await sleep(fault.latency_ms);
		return api.failure(fault.status);
	}
	const slot = api.begin(request);
	if (fault.latency_ms) await sleep(fault.latency_ms);
	if (slot.state === 'replay') entry.replayed = true;
	if (slot.state !== 'new') return slot.answer;
	/* A failure that the provider keeps for the key: it did nothing, and says so each time. */
	const given = fault.how === 'error' ? { ...api.failure(fault.status), executed: true } : api.handle(request);
	if (given.executed) slot.finish(given);
	else slot.drop();
	return given;
}

/* In the provider's own case. */
function otherCurrency(currency) {
	const other = currency.toLowerCase() === 'usd' ? 'eur' : 'usd';
	return currency === currency.toLowerCase() ? other : other.toUpperCase();
}

/* The same answer with something else in it than what is true. */
function falsify(given, how) {
	if (given.status !== 200) return given;
	const body = JSON.parse(JSON.stringify(given.body));
	for (const object of body.items || [body]) {
		if (how === 'wrong_amount') {
			object.amount += 1;
			if (object.amount_received) object.amount_received += 1;
		}
		if (how === 'wrong_currency') object.currency = otherCurrency(object.currency);
		if (how === 'wrong_id') object.id = object.id.slice(0, -4) + 'XXXX';
	}
	return { ...given, body };
}

function send(outgoing, { status, headers, body }, how) {
	let text = JSON.stringify(body);
	const type = how === 'garbage' ? 'text/html' : 'application/json';
	if (how === 'garbage') text = '<!DOCTYPE html><title>One moment please</title>\n';
	if (how === 'truncate') text = text.slice(0, text.length / 2);
	const retry = status === 429 ? { 'Retry-After': '1' } : {};
	outgoing.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...headers, ...retry });
	if (how === 'cut') outgoing.write(text.slice(0, text.length / 2), () => outgoing.destroy());
	else outgoing.end(text);
}

/* Until clear, reset, or the caller's own patience ends. */
function hang(outgoing) {
	return new Promise((resolve) => {
		const release = () => {
			world.hanging.delete(release);
			outgoing.destroy();
			resolve();
		};
		world.hanging.add(release);
		outgoing.on('close', release);
	});
}

async function serve(incoming, outgoing) {
	const request = await read(incoming);
	if (request.path === '/_control') {
		return send(outgoing, await control(world, apis, request.raw.toString()));
	}
	const provider = providerOf(request.path);
	const entry = note(request, provider);
	const fault = world.takeFault(`${entry.method} ${entry.path}`);
	entry.fault = fault.how || null;
	if (fault.how === 'hang') return hang(outgoing);
	let given = await answer(apis[provider], request, fault, entry);
	entry.status = given.status;
	if (fault.how === 'lose') return outgoing.destroy();
	if (fault.how === 'hang_after') return hang(outgoing);
	if (fault.how === 'error_after') given = apis[provider].failure(fault.status);
	return send(outgoing, falsify(given, fault.how), fault.how);
}

const server = http.createServer((incoming, outgoing) => {
	serve(incoming, outgoing).catch((error) => {
		console.error(error);
		if (!outgoing.headersSent) send(outgoing, { status: 500, body: { error: { message: String(error) } } });
	});
});
/* A kept connection that the server closes first would look like a lost answer. */
server.keepAliveTimeout = 60000;

function end() {
	process.exit(0);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();

const port = Number(process.argv[2]);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
	console.error('usage: stand_in.js PORT');
	process.exit(64);
}
server.on('error', (error) => {
	console.error(`stand_in: ${error.message}`);
	process.exit(75);
});
server.listen(port, '127.0.0.1', () => {
	console.log(`stand_in: listening on http://127.0.0.1:${server.address().port}`);
});
