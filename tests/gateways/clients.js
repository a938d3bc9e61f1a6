/*
 * clients.js stripe|razorpay URL: the provider's own client against the
 * stand-in, as TAP. The stand-in speaks what it speaks, or a line is not ok.
 */
'use strict';

const assert = require('assert');
const http = require('http');

const url = new URL(process.argv[3]);
const env = process.env;
const AMOUNT = 118000;

function control(command) {
	return new Promise((resolve, reject) => {
		const request = http.request(new URL('/_control', url), { method: 'POST', agent: false }, (response) => {
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('end', () => {
				const body = JSON.parse(Buffer.concat(chunks));
				if (response.statusCode === 200) resolve(body);
				else reject(new Error(body.error));
			});
		});
		request.on('error', reject);
		request.end(JSON.stringify(command));
	});
}

const refused = (promise, expected) => assert.rejects(promise, (error) => {
	for (const [name, value] of Object.entries(expected)) {
		const found = name.split('.').reduce((object, part) => object && object[part], error);
		assert.deepStrictEqual(found, value, name);
	}
	return true;
});

function stripeTests() {
	const Stripe = require('stripe');
	const options = { host: url.hostname, port: url.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false };
	const stripe = new Stripe(env.STRIPE_SECRET_KEY, options);
	const intents = stripe.paymentIntents;
	const create = (more, how) => intents.create({
		amount: AMOUNT, currency: 'inr', metadata: { order: 'o-1' }, automatic_payment_methods: { enabled: true }, ...more,
	}, how);

	return {
		'an intent is created and retrieved': async () => {
			const made = await create();
			assert.match(made.id, /^pi_/);
			assert.deepStrictEqual([made.status, made.amount, made.currency, made.metadata.order],
				['requires_payment_method', AMOUNT, 'inr', 'o-1']);
			assert.strictEqual((await intents.retrieve(made.id)).client_secret, made.client_secret);
		},
		'a paid intent has succeeded and cannot be cancelled or captured': async () => {
			const { id } = await create();
			await control({ pay: { provider: 'stripe', id } });
			assert.deepStrictEqual([(await intents.retrieve(id)).status, (await intents.retrieve(id)).amount_received],
				['succeeded', AMOUNT]);
			const expected = { type: 'StripeInvalidRequestError', statusCode: 400, code: 'payment_intent_unexpected_state' };
			await refused(intents.cancel(id), expected);
			await refused(intents.capture(id), expected);
		},
		'a reserved intent is captured once': async () => {
			const { id } = await create({ capture_method: 'manual' });
			await refused(intents.capture(id), { code: 'payment_intent_unexpected_state' });
			await control({ pay: { provider: 'stripe', id } });
			assert.strictEqual((await intents.retrieve(id)).amount_capturable, AMOUNT);
			assert.strictEqual((await intents.capture(id)).status, 'succeeded');
			await refused(intents.capture(id), { code: 'payment_intent_unexpected_state' });
		},
		'an intent is cancelled, and nobody can pay it then': async () => {
			const { id } = await create();
			assert.strictEqual((await intents.cancel(id, { cancellation_reason: 'abandoned' })).status, 'canceled');
			await assert.rejects(control({ pay: { provider: 'stripe', id } }), /canceled/);
		},
		'refunds are made, retrieved, and end with the amount': async () => {
			const { id } = await create();
			await refused(stripe.refunds.create({ payment_intent: id }), { statusCode: 400 });
			await control({ pay: { provider: 'stripe', id } });
			const refund = await stripe.refunds.create({ payment_intent: id, amount: 100000 });
			assert.deepStrictEqual([refund.status, refund.amount, refund.payment_intent], ['succeeded', 100000, id]);
			assert.strictEqual((await stripe.refunds.retrieve(refund.id)).amount, 100000);
			await refused(stripe.refunds.create({ payment_intent: id, amount: 18001 }),
				{ type: 'StripeInvalidRequestError', statusCode: 400, param: 'amount' });
			const rest = await stripe.refunds.create({ payment_intent: id });
			assert.deepStrictEqual((await stripe.refunds.list({ payment_intent: id })).data.map((r) => r.id),
				[rest.id, refund.id]);
			const page = await stripe.refunds.list({ payment_intent: id, limit: 1 });
			assert.deepStrictEqual([page.data.length, page.has_more], [1, true]);
			await refused(stripe.refunds.create({ payment_intent: id }), { code: 'charge_already_refunded' });
			assert.deepStrictEqual((await control({ ledger: {} })).totals[id],
				{ provider: 'stripe', currency: 'INR', captured: AMOUNT, refunded: AMOUNT });
		},
		'a key is answered the same again, and for nothing else': async () => {
			const first = await create({}, { idempotencyKey: 'key-1' });
			const again = await create({}, { idempotencyKey: 'key-1' });
			assert.strictEqual(again.id, first.id);
			assert.deepStrictEqual([first, again].map((a) => a.lastResponse.headers['idempotent-replayed']),
				[undefined, 'true']);
			await refused(create({ amount: 1 }, { idempotencyKey: 'key-1' }),
				{ type: 'StripeIdempotencyError', statusCode: 400 });
		},
		'a key that is at work is refused': async () => {
			await control({ fault: { match: 'POST /v1/payment_intents', how: 'slow', latency_ms: 400, times: 1 } });
			const slow = create({}, { idempotencyKey: 'key-2' });
			await new Promise((resolve) => setTimeout(resolve, 150));
			await refused(create({}, { idempotencyKey: 'key-2' }), { statusCode: 409, code: 'idempotency_key_in_use' });
			assert.strictEqual((await create({}, { idempotencyKey: 'key-2' }).catch(async () => slow)).id, (await slow).id);
		},
		'a lost answer is there for who asks again with the key': async () => {
			/* Twice: the client retries automatically when a connection is closed. */
			await control({ fault: { match: 'POST /v1/payment_intents', how: 'lose', times: 2 } });
			await refused(create({}, { idempotencyKey: 'key-3' }), { type: 'StripeConnectionError' });
			const before = (await control({ objects: { kind: 'payment_intent' } })).length;
			const again = await create({}, { idempotencyKey: 'key-3' });
			assert.strictEqual(again.lastResponse.headers['idempotent-replayed'], 'true');
			assert.strictEqual((await control({ objects: { kind: 'payment_intent' } })).length, before);
		},
		'errors are in the shape that the client knows': async () => {
			await refused(intents.retrieve('pi_none'),
				{ type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing' });
			await refused(create({ colour: 'red' }), { code: 'parameter_unknown', param: 'colour' });
			await refused(create({ amount: 1.5 }), { code: 'parameter_invalid_integer', param: 'amount' });
			await refused(new Stripe('sk_test_wrong', options).paymentIntents.retrieve('pi_none'),
				{ type: 'StripeAuthenticationError', statusCode: 401 });
			await control({ fault: { how: 'error', status: 503, times: 1 } });
			await refused(create(), { type: 'StripeAPIError', statusCode: 503 });
			await control({ fault: { how: 'error', status: 429, times: 1 } });
			await refused(create(), { type: 'StripeRateLimitError', statusCode: 429 });
		},
		'its events are those that constructEvent takes': async () => {
			const { id } = await create();
			await control({ pay: { provider: 'stripe', id, how: 'fail_then_succeed' } });
			for (const [secret, value] of [['new', env.STRIPE_WEBHOOK_SECRET], ['old', env.STRIPE_WEBHOOK_SECRET_OLD]]) {
				const events = await control({ events: { payment: id, secret } });
				assert.deepStrictEqual(events.map((e) => e.type), ['payment_intent.created', 'charge.failed',
					'payment_intent.payment_failed', 'charge.succeeded', 'payment_intent.succeeded']);
				for (const event of events) {
					const header = event.headers['Stripe-Signature'];
					assert.strictEqual(stripe.webhooks.constructEvent(event.body, header, value).id, event.id);
				}
			}
			const [late] = await control({ events: { payment: id, t: Math.floor(Date.now() / 1000) - 400 } });
			assert.throws(() => stripe.webhooks.constructEvent(late.body, late.headers['Stripe-Signature'],
				env.STRIPE_WEBHOOK_SECRET), /tolerance/);
		},
	};
}

function razorpayTests() {
	const Razorpay = require('razorpay');
	const razorpay = new Razorpay({ key_id: env.RAZORPAY_KEY_ID, key_secret: env.RAZORPAY_KEY_SECRET });
	razorpay.api.rq.defaults.baseURL = url.origin; /* the client has no option for it */
	const { orders, payments, refunds } = razorpay;
	const create = (more) => orders.create({ amount: AMOUNT, currency: 'INR', receipt: '100001', ...more });
	const paid = async (id, how) => control({ pay: { provider: 'razorpay', id, how } });
	const bad = (description) => (
		{ statusCode: 400, 'error.code': 'BAD_REQUEST_ERROR', 'error.description': description });

	return {
		'an order is created, retrieved and found by its receipt': async () => {
			const made = await create({ receipt: 'r-1', notes: { order: 'o-1' } });
			assert.match(made.id, /^order_[A-Za-z0-9]{14}$/);
			assert.deepStrictEqual([made.status, made.amount, made.amount_due, made.currency, made.notes.order],
				['created', AMOUNT, AMOUNT, 'INR', 'o-1']);
			assert.deepStrictEqual((await create({ receipt: 'r-2' })).notes, []);
			assert.strictEqual((await orders.fetch(made.id)).id, made.id);
			const found = await orders.all({ receipt: 'r-1' });
			assert.deepStrictEqual([found.count, found.items[0].id], [1, made.id]);
			assert.strictEqual((await orders.all({ receipt: 'none' })).count, 0);
		},
		'a payment is authorized, then captured once and in full': async () => {
			const order = await create();
			const { id } = await paid(order.id, 'succeed');
			assert.strictEqual((await payments.fetch(id)).status, 'authorized');
			await refused(payments.refund(id), bad('The payment status should be captured for action to be taken'));
			await refused(payments.capture(id, AMOUNT - 1, 'INR'),
				bad('Capture amount must be equal to the amount authorized'));
			assert.strictEqual((await payments.capture(id, AMOUNT, 'INR')).captured, true);
			await refused(payments.capture(id, AMOUNT, 'INR'), bad('This payment has already been captured'));
			assert.deepStrictEqual([(await orders.fetch(order.id)).status, (await orders.fetch(order.id)).amount_due],
				['paid', 0]);
		},
		'an order that captures automatically is paid': async () => {
			const order = await create({ payment_capture: true });
			await paid(order.id, 'fail_then_succeed');
			const list = await orders.fetchPayments(order.id);
			assert.deepStrictEqual(list.items.map((p) => p.status).sort(), ['captured', 'failed']);
			await assert.rejects(paid(order.id, 'succeed'), /is paid/);
		},
		'refunds are made, listed, and end with the amount': async () => {
			const order = await create({ payment_capture: true });
			const { id } = await paid(order.id, 'succeed');
			const refund = await payments.refund(id, { amount: 50000, notes: { why: 'broken' } });
			assert.deepStrictEqual([refund.status, refund.amount, refund.payment_id], ['processed', 50000, id]);
			assert.strictEqual((await refunds.fetch(refund.id)).amount, 50000);
			await refused(payments.refund(id, { amount: 68001 }),
				bad('The total refund amount is greater than the refund payment amount'));
			await payments.refund(id);
			assert.strictEqual((await payments.fetchMultipleRefund(id)).count, 2);
			assert.strictEqual((await payments.fetch(id)).status, 'refunded');
			await refused(payments.refund(id), bad('The payment has been fully refunded already'));
		},
		'errors are in the shape that the client knows': async () => {
			await refused(orders.fetch('order_none'), bad('The id provided does not exist'));
			await refused(create({ amount: 99 }), bad('The amount must be at least INR 1.00'));
			await control({ fault: { how: 'error', status: 502, times: 1 } });
			await refused(create(), { statusCode: 502, 'error.code': 'GATEWAY_ERROR' });
			const other = new Razorpay({ key_id: env.RAZORPAY_KEY_ID, key_secret: 'wrong' });
			other.api.rq.defaults.baseURL = url.origin;
			await refused(other.orders.fetch('order_none'), { statusCode: 401, 'error.description': 'Authentication failed' });
		},
		'its events and what the browser brings are signed as the client checks': async () => {
			const order = await create({ payment_capture: true });
			const { id, checkout } = await paid(order.id, 'succeed');
			const { validatePaymentVerification } = require('razorpay/dist/utils/razorpay-utils');
			assert.ok(validatePaymentVerification({ order_id: order.id, payment_id: id }, checkout.razorpay_signature,
				env.RAZORPAY_KEY_SECRET));
			const events = await control({ events: { payment: id } });
			assert.deepStrictEqual(events.map((e) => e.type), ['payment.authorized', 'payment.captured', 'order.paid']);
			for (const event of events) {
				assert.ok(Razorpay.validateWebhookSignature(event.body, event.headers['X-Razorpay-Signature'],
					env.RAZORPAY_WEBHOOK_SECRET));
			}
		},
	};
}

async function main() {
	const tests = process.argv[2] === 'stripe' ? stripeTests() : razorpayTests();
	let failed = 0;
	for (const [name, test] of Object.entries(tests)) {
		await control({ reset: true });
		try {
			await test();
			console.log(`ok - ${process.argv[2]}: ${name}`);
		} catch (error) {
			failed++;
			console.log(`not ok - ${process.argv[2]}: ${name}\n${error.stack || JSON.stringify(error)}`);
		}
	}
	process.exit(failed > 0 ? 1 : 0);
}

main();
