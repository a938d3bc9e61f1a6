// Payments and refunds at the same time as what is against them.
//
//	node payments_races.js refunds			many refunds of one payment at once, at a slow provider
//	node payments_races.js attention SEED [ORDERS]	payments of another amount: accepted, refunded, cancelled and paid on
//	node payments_races.js expiry SEED [ORDERS]	orders that expire while they are paid
//
// Needs what payments_client.js says. Prints figures, and what is wrong; ends with 1 when something is.
'use strict';

const { deliver } = require('../gateways/webhooks');
const shop = require('./payments_client');

const MINUTES = 30, ROUNDS = 3;
const env = process.env;
const findings = new shop.Findings();
const sum = (list) => list.reduce((a, b) => a + b, 0);
const tally = (list) => list.reduce((all, x) => ({ ...all, [x]: (all[x] ?? 0) + 1 }), {});
const sorted = (object) => Object.fromEntries(Object.entries(object).sort());

// --- refunds

async function paid(product, method) {
	const order = await shop.place(product, 10);
	const payment = await shop.open(order, method);
	const said = await shop.pay(payment);
	await shop.confirm(order, payment, said, [200]);
	return { ...payment, there: method === 'stripe' ? payment.gateway_id : said.id };
}

const held = async (payment) => (await shop.control('ledger', {})).totals[payment.there];

async function at_once(payment, count, body, key) {
	const answers = [];
	await shop.crowd(Array.from({ length: count }), async () => {
		const { status, body: answer } = await shop.refund(payment, body, key);
		answers.push(status < 400 ? `${status}` : `${status} ${answer.type.slice('/problems/'.length)}`);
	}, 16);
	return sorted(tally(answers));
}

// The rows are what the provider did.
async function compare_refunds(label, payment, given) {
	const rows = shop.rows(`select status, amount::text, gateway_refund from refunds where payment = '${payment.id}'`);
	const there = await held(payment);
	findings.same(`${label}: refunded at the provider`, there.refunded, given);
	findings.same(`${label}: captured`, there.captured, shop.cents(payment.amount));
	findings.same(`${label}: refunded here`, sum(rows.filter((f) => f.status === 'succeeded')
		.map((f) => shop.cents(f.amount))), given);
	findings.same(`${label}: states`, Object.keys(tally(rows.map((f) => f.status))), ['succeeded']);
	findings.same(`${label}: two of one`, new Set(rows.map((f) => f.gateway_refund)).size, rows.length);
}

async function refunds() {
	await shop.control('reset', true);
	const product = await shop.product('10.00', 100000);
	for (const method of ['stripe', 'razorpay']) {
		const started = Date.now();
		const payment = await paid(product, method), other = await paid(product, method);
		await shop.control('fault', { how: 'slow', match: '/refund', latency_ms: 120 });

		findings.same(`${method}: fifty refunds of 7.00 of 100.00`, await at_once(payment, 50, { amount: '7.00' }),
			{ 201: 14, '422 validation': 36 });
		await compare_refunds(`${method}, parts`, payment, 9800);
		findings.same(`${method}: fifty refunds of all that is left`, await at_once(payment, 50, {}),
			{ 201: 1, '409 conflict': 49 });
		await compare_refunds(`${method}, the rest`, payment, 10000);

		const key = shop.new_key(), answers = await at_once(other, 30, { amount: '5.00' }, key);
		findings.check(`${method}: one key: ${JSON.stringify(answers)}`, answers[201] >= 1 &&
			Object.keys(answers).every((a) => a === '201' || a === '409 idempotency-key-in-use'));
		await compare_refunds(`${method}, one key`, other, 500);
		console.log(`${method}: 130 refunds at once, 16 of them at a time, one key: ${JSON.stringify(answers)}; ` +
			`${Date.now() - started} ms`);
		await shop.control('clear', true);
	}
}

// --- another amount than was asked for

// What the provider holds in the end is what the shop says, and no refunds exceed the payments.
async function compare_attention(orders) {
	const { totals } = await shop.control('ledger', {});
	const found = new Map(shop.rows(`select o.id, o.status, o.total::text, o.payment_status, p.status as payment,
			p.amount::text, p.amount_captured::text as received, p.attention, (select coalesce(sum(f.amount), 0)::text
				from refunds f where f.payment = p.id and f.status = 'succeeded') as given,
			exists (select 1 from refunds f where f.payment = p.id and f.status = 'pending') as pending
		from orders o join payments p on p.order_id = o.id
		where o.id = any (${shop.list_of(orders.map((x) => x.id))})`).map((o) => [o.id, o]));
	const ends = [];
	for (const { id, there } of orders) {
		const o = found.get(id), label = `order ${id}: ${JSON.stringify(o)}`, held = totals[there];
		findings.same(`${label}: received`, shop.cents(o.received), held.captured);
		findings.same(`${label}: refunded`, shop.cents(o.given), held.refunded);
		findings.check(`${label}: pending`, !o.pending);
		findings.check(`${label}: too much`, held.refunded <= held.captured);
		if (o.status === 'cancelled') findings.same(`${label}: goes back`, held.refunded, held.captured);
		else findings.same(`${label}: paid`, o.status === 'paid', o.payment === 'captured' && shop.cents(o.amount) >=
			shop.cents(o.total));
		findings.check(`${label}: attention`, !o.attention || o.payment === 'needs_attention');
		ends.push(`${o.status}, ${o.payment_status}, ${o.payment}, ${o.attention}`);
	}
	return ends;
}

async function attention(seed, count) {
	const r = shop.random(seed), orders = [];
	await shop.control('reset', true);
	const product = await shop.product('10.00', 100000);
	await shop.crowd(Array.from({ length: count }, (_, i) => i), async (i) => {
		const order = await shop.place(product, 10), method = i % 2 ? 'stripe' : 'razorpay';
		const payment = await shop.open(order, method), amount = r.one([5000, 10300, 12000]);
		const paid = await shop.pay(payment, 'succeed', { amount, fee: null });
		if (i % 3) await shop.confirm(order, payment, paid, [200]);
		orders.push({ ...order, payment: { ...payment, transaction: paid.id }, paid, there: paid.id });
	});
	await shop.control('fault', { how: 'slow', match: '/v1/', latency_ms: 5 });
	const statuses = [];
	const asked = async (...words) => statuses.push((await shop.api(...words)).status);
	const deeds = (order) => [
		() => asked('POST', `/payments/${order.payment.id}/accept`, { headers: shop.staff() }),
		() => asked('POST', `/payments/${order.payment.id}/refunds`, {
			headers: { ...shop.staff(), 'Idempotency-Key': shop.new_key() }, body: { amount: r.one(['3.00', null]) },
		}),
		() => asked('POST', `/orders/${order.id}/cancel`, { headers: shop.guest(order) }),
		async () => statuses.push((await shop.confirm(order, order.payment, order.paid)).status),
		() => send([order.payment], r.below(1e6) + 1, 2),
	];
	await shop.crowd(orders, async (order) => {
		const chosen = deeds(order).filter(() => r.chance(60));
		await Promise.all(chosen.map((deed) => deed()));
	}, 4);
	await shop.control('clear', true);
	await send(orders.map((o) => o.payment), seed, 1);
	for (let i = 0; i < 2; i++) {
		shop.grow_old(orders.map((o) => o.id), 60);
		await shop.cron();
	}
	await send(orders.map((o) => o.payment), seed, 1);
	findings.same('statuses', [...new Set(statuses)].filter((s) => ![200, 201, 409, 422].includes(s)), []);
	const ends = await compare_attention(orders);
	console.log(`seed ${seed}: ${orders.length} orders of which another amount was paid, ${statuses.length} requests: ` +
		JSON.stringify(sorted(tally(statuses))));
	for (const [end, n] of Object.entries(sorted(tally(ends)))) console.log(`${String(n).padStart(4)} ${end}`);
}

// --- expiry

// Placed, and begun to be paid, longer ago than the shop waits for it.
async function overdue(products, count) {
	const orders = [];
	await shop.crowd(Array.from({ length: count }, (_, i) => i), async (i) => {
		const order = await shop.place(products[i % products.length], 1 + (i % 3));
		orders.push({ ...order, payment: await shop.open(order, i % 2 ? 'stripe' : 'razorpay') });
	});
	const ids = shop.list_of(orders.map((o) => o.id)), ago = `interval '${MINUTES + 10} minutes'`;
	shop.sql(`begin;
		alter table payments disable trigger user; -- which keeps the time of creation as it is
		update orders set placed_at = placed_at - ${ago} where id = any (${ids});
		update payments set created_at = created_at - ${ago} where order_id = any (${ids});
		alter table payments enable trigger user;
		commit`);
	return orders;
}

async function send(payments, seed, times) {
	const there = new Set(payments.flatMap((p) => [p.gateway_id, p.transaction]));
	const events = (await shop.control('events', {})).filter((e) => there.has(e.payment));
	const secrets = { stripeWebhook: env.STRIPE_WEBHOOK_SECRET, razorpayWebhook: env.RAZORPAY_WEBHOOK_SECRET };
	const sent = await deliver({ events, secrets }, {
		url: `${env.API}/webhooks/{provider}`, order: 'shuffled', seed, times, connections: 2,
	});
	findings.same('answers to webhooks', Object.keys(sent.statuses).filter((s) => s !== '200'), []);
}

// A customer who pays at the last moment, or gets that it is too late.
async function late(order, r, until) {
	const { payment } = order, how = r.below(4);
	await shop.sleep(r.below(until));
	try {
		const said = await shop.pay(payment);
		if (payment.method === 'razorpay') payment.transaction = said.id;
		order.said = said;
	} catch (error) {
		if (!/is canceled/.test(error.message)) throw error;
		order.too_late = true;
		return;
	}
	await shop.sleep(r.below(20));
	if (how !== 1) await send([payment], r.below(1e6) + 1, 1 + r.below(2));
	/* 409: the order was cancelled meanwhile. */
	if (how === 1 || how === 2) await shop.confirm(order, payment, order.said, [200, 409]);
}

async function round(products, r, count) {
	const orders = await overdue(products, count);
	let under_way = true, runs = 0;
	const started = Date.now();
	const crons = (async () => {
		for (; under_way || runs < 2; runs++) await shop.cron({ UNPAID_ORDER_MINUTES: String(MINUTES) });
	})();
	/* Some more than the time that a run takes for all of them. */
	await Promise.all(orders.filter((o, i) => i % 10 !== 9).map((order) => late(order, r, count * 45)));
	under_way = false;
	await crons;
	return { orders, runs, ms: Date.now() - started };
}

async function expiry(seed, count) {
	const r = shop.random(seed), orders = [];
	await shop.control('reset', true);
	const products = [await shop.product('10.00', 100000), await shop.product('4.00', 100000)];
	let runs = 0, ms = 0;
	for (let i = 0; i < ROUNDS; i++) {
		await shop.control('fault', { how: 'slow', match: '/v1/', latency_ms: 8 });
		const done = await round(products, r, count);
		orders.push(...done.orders);
		runs += done.runs;
		ms += done.ms;
		await shop.control('clear', true);
	}
	/* What webhooks were lost is found out by asking. */
	for (let i = 0; i < 3; i++) {
		shop.grow_old(orders.map((o) => o.id), 60);
		await shop.cron({ UNPAID_ORDER_MINUTES: String(MINUTES) });
	}
	await send(orders.map((o) => o.payment), seed, 1);
	await shop.cron({ UNPAID_ORDER_MINUTES: String(MINUTES) });

	const { totals } = await shop.control('ledger', {});
	const found = new Map(shop.rows(`select o.id, o.status, o.payment_status, p.status as payment, (
			select coalesce(json_agg(f.status), '[]') from refunds f where f.order_id = o.id) as refunds
		from orders o join payments p on p.order_id = o.id
		where o.id = any (${shop.list_of(orders.map((x) => x.id))})`).map((o) => [o.id, o]));
	const ends = [];
	for (const { id, payment, said, total } of orders) {
		const o = found.get(id), there = totals[payment.transaction ?? payment.gateway_id];
		const money = there ? `${there.captured - there.refunded}` : 'never paid';
		const end = `${o.status}, ${o.payment_status}, ${o.payment}, refunds ${o.refunds}`;
		ends.push(`${payment.method}: ${end}`);
		const right = !there ? end === 'cancelled, unpaid, cancelled, refunds ' :
			end === 'paid, paid, captured, refunds ' ? there.captured - there.refunded === shop.cents(total) :
				end === 'cancelled, refunded, captured, refunds succeeded' && there.captured === there.refunded;
		findings.check(`${payment.method} order ${id}: ${end}; held: ${money}`, right);
		findings.check(`order ${id} was paid and is not`, !said || there);
	}
	const left = shop.rows(`select product, inventory_count from stock where product = any (${shop.list_of(products)})`);
	for (const { product, inventory_count } of left) {
		const sold = orders.filter((o) => o.product === product && found.get(o.id).status === 'paid');
		findings.same(`stock of ${product}`, inventory_count, 100000 - sum(sold.map((o) => o.quantity)));
	}
	console.log(`seed ${seed}: ${orders.length} orders in ${ROUNDS} rounds beside ${runs} runs of cron, ${ms} ms; ` +
		`${orders.filter((o) => o.too_late).length} came too late`);
	for (const [end, n] of Object.entries(sorted(tally(ends)))) console.log(`${String(n).padStart(4)} ${end}`);
}

const [what, seed = '1', count = '40'] = process.argv.slice(2);
const RACES = { refunds, attention, expiry };
RACES[what](Number(seed), Number(count)).then(() => findings.end(), (error) => {
	console.log(error.stack);
	process.exit(1);
});
