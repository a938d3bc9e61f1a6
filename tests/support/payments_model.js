// Webhooks in any order: the shop's payments, refunds and orders in the end are those of a model that knows only which
// events there were.
//
//	node payments_model.js SEED [ORDERS [EVENTS]]
//
// Needs what payments_client.js says. Prints figures, and what is wrong; ends with 1 when something is.
'use strict';

const { createHash } = require('node:crypto');
const { deliver } = require('../gateways/webhooks');
const { newId } = require('../gateways/world');
const shop = require('./payments_client');

const seed = Number(process.argv[2]), ORDERS = Number(process.argv[3] ?? 300), EVENTS = Number(process.argv[4] ?? 1000);
const TIMES = 3;
const r = shop.random(seed);
const findings = new shop.Findings();
const env = process.env;

// --- what happens before the first event comes

const HOWS = {
	stripe: ['succeed', 'succeed', 'succeed', 'fail', 'fail_then_succeed', 'processing', 'require_action', 'none', 'part',
		'steps'],
	razorpay: ['succeed', 'succeed', 'capture', 'authorize', 'fail', 'fail_then_succeed', 'none', 'fee', 'more', 'usd'],
};
// Of those that are no ways of the stand-in's, what else it receives.
const AMOUNTS = {
	part: (cents) => ({ amount: Math.floor(cents / 2) }), steps: (cents) => ({ first: Math.floor(cents / 2) }),
	fee: (cents) => ({ amount: Math.floor(cents * 1.02), fee: Math.floor(cents * 1.02) - cents }),
	more: (cents) => ({ amount: cents + 137, fee: null }), usd: (cents) => ({ amount: cents, currency: 'USD', fee: 0 }),
};

// All that is random, before anything runs at the same time.
function plan() {
	const methods = r.one([['stripe'], ['stripe'], ['razorpay'], ['razorpay'], ['stripe', 'razorpay'],
		['razorpay', 'stripe'], []]);
	return {
		quantity: 1 + r.below(5), product: r.below(4), methods, hows: methods.map((m) => r.one(HOWS[m])),
		confirm: r.chance(35), cancel: r.one(['no', 'no', 'no', 'no', 'no', 'before', 'after']),
		refunds: r.one(['none', 'none', 'asked', 'asked', 'theirs', 'theirs', 'theirs_twice', 'theirs_fails_once',
			'theirs_fails']),
		outcomes: [r.one(['succeeded', 'failed', 'later']), r.one(['succeeded', 'failed', 'later'])],
		by_line: r.chance(50), end_there: r.chance(30), disputes: r.one(['none', 'none', 'won', 'lost', 'lost', 'open', 'review', 'inquiry']),
	};
}

const cancel = async (order) => {
	await shop.api('POST', `/orders/${order.id}/cancel`, { headers: shop.staff(), wanted: [200] });
	order.cancelled = true;
	for (const payment of order.payments) payment.state = further(PAYMENT_RANKS, payment.state, 'cancelled');
};

// The customer, at the provider. What cannot be paid any more is left alone.
async function pay(payment, how) {
	if (how === 'none' || (payment.method === 'stripe' && payment.closed)) return;
	const amounts = AMOUNTS[how];
	payment.paid = await shop.pay(payment, amounts ? 'succeed' : how, amounts?.(shop.cents(payment.amount)));
	payment.captured = !/^(part|more|usd)$/.test(how) && /^(succeeded|captured)$/.test(payment.paid.status);
}

async function prepare(order) {
	const { plan: p } = order;
	for (const method of p.methods) {
		const earlier = order.payments.at(-1);
		const payment = { ...await shop.open(order, method), state: 'pending', refunds: [] };
		if (earlier) Object.assign(earlier, { state: 'cancelled', closed: true });
		order.payments.push(payment);
	}
	if (p.cancel === 'before') await cancel(order);
	for (const [i, payment] of order.payments.entries()) await pay(payment, p.hows[i]);
	const last = order.payments.at(-1);
	const single = order.payments.filter((y) => y.captured).length === 1, alone = single && p.cancel === 'no';
	if (p.confirm && last?.paid && (last.method === 'stripe' || last.paid.checkout) && !order.cancelled) {
		const { body } = await shop.confirm(order, last, last.paid, [200]);
		last.state = body.status;
		if (alone && last.captured && p.refunds === 'asked') await ask_back(last, p);
	}
	if ((alone && p.refunds.startsWith('theirs')) || (single && p.refunds === 'theirs_fails'))
		await refund_payment(order.payments.find((y) => y.captured), p);
	if (alone && p.refunds === 'none' && p.disputes !== 'none')
		await dispute(order.payments.find((y) => y.captured), p.disputes);
	if (p.cancel === 'after') await cancel(order);
	if (p.end_there && last?.method === 'stripe' && last.paid === undefined && !last.closed)
		await shop.provider('stripe', 'POST', `/v1/payment_intents/${last.gateway_id}/cancel`, {});
}

// The buyer's bank, at the provider: what it says one after the other, as each of them calls it.
const DISPUTES = {
	stripe: {
		open: ['needs_response'], review: ['needs_response', 'under_review'], won: ['needs_response', 'under_review', 'won'],
		lost: ['needs_response', 'under_review', 'lost'], inquiry: ['warning_needs_response', 'warning_closed'],
	},
	razorpay: {
		open: ['open'], review: ['open', 'under_review'], won: ['open', 'under_review', 'won'], lost: ['open', 'lost'],
		inquiry: ['open', 'closed'],
	},
};
const DISPUTE = {
	open: 'needs_response', warning_needs_response: 'needs_response', warning_closed: 'closed',
};

async function dispute(payment, how) {
	const about = payment.method === 'stripe' ? payment.gateway_id : payment.paid.id;
	const amount = Math.max(100, Math.floor(shop.cents(payment.amount) / 3));
	let id;
	for (const status of DISPUTES[payment.method][how]) {
		({ id } = await shop.control('dispute', { provider: payment.method, payment: about, id, status, amount }));
		payment.dispute = `${id} ${DISPUTE[status] ?? status}`;
	}
	if (how === 'lost') payment.refunds.push({ there: id, amount, state: 'none' });
}

async function settle(refund, outcome) {
	if (outcome !== 'later') await shop.control('settle', { id: refund, outcome });
}

// A part of it by the store: an amount, or some pieces of its only line, which return to stock once the refund succeeds.
async function ask_back(payment, p) {
	const { order } = payment, pieces = p.by_line ? Math.ceil(order.quantity / 2) : 0;
	const half = Math.max(100, Math.floor(shop.cents(payment.amount) / 2));
	const amount = p.by_line ? shop.cents(order.total) / order.quantity * pieces : half;
	const [{ line }] = shop.rows(`select id as line from order_items where order_id = '${order.id}'`);
	const { body } = await shop.refund(payment, p.by_line ?
		{ items: [{ id: line, quantity: pieces, restock: true }] } : { amount: shop.money(amount) }, undefined, [201]);
	findings.same(`refund of ${pieces} pieces of order ${order.id}`, shop.cents(body.amount), amount);
	const [{ gateway_refund: there }] = shop.rows(`select gateway_refund from refunds where id = '${body.id}'`);
	payment.refunds.push({ there, amount, state: body.status, pieces });
	await settle(there, p.outcomes[0]);
}

// On the provider's own pages.
async function refund_payment(payment, p) {
	const all = shop.cents(payment.amount);
	const once = async (amount, outcome) => {
		const answer = payment.method === 'stripe' ?
			await shop.provider('stripe', 'POST', '/v1/refunds', { payment_intent: payment.gateway_id, amount }) :
			await shop.provider('razorpay', 'POST', `/v1/payments/${payment.paid.id}/refund`, { amount });
		if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
		payment.refunds.push({ there: answer.body.id, amount, state: 'none' });
		await settle(answer.body.id, outcome);
	};
	if (p.refunds.startsWith('theirs_fails')) {
		await once(all, 'failed');
		if (p.refunds === 'theirs_fails_once') await once(all, 'succeeded');
		return;
	}
	await once(Math.floor(all / 2), p.outcomes[0]);
	if (p.refunds === 'theirs_twice') await once(all - Math.floor(all / 2), p.outcomes[1]);
}

// --- events that no payment of the shop's made

let made = 0;
const added = (provider, body) =>
	({ n: 1e6 + made++, provider, id: body.id ?? newId('', 14), body: JSON.stringify(body) });

// The same event with another amount or currency, as long as it reports no money. New events, about the same payment.
function falsified(event) {
	const body = JSON.parse(event.body), more = r.one([1, 100, -50]), currency = r.chance(30);
	if (event.provider === 'stripe') {
		const { object } = body.data;
		body.id = newId('evt_3', 23);
		if (currency) object.currency = 'usd';
		else object.amount += more;
	} else {
		const { entity } = body.payload.payment;
		entity.id = newId('pay_', 14);
		if (currency) entity.currency = 'USD';
		else entity.amount += more;
	}
	return added(event.provider, body);
}

function unknown() {
	if (r.chance(50)) {
		return added('stripe', {
			id: newId('evt_3', 23), object: 'event',
			type: r.one(['customer.created', 'charge.dispute.created', 'payout.paid']),
			data: { object: { id: newId('xx_', 14), object: 'something' } },
		});
	}
	return added('razorpay', {
		entity: 'event', event: r.one(['payment.downtime.started', 'settlement.processed', 'invoice.paid']),
		payload: { thing: { entity: { id: newId('th_', 14) } } }, contains: ['thing'],
	});
}

// Of a payment that is not the shop's.
function foreign(event) {
	const old = JSON.parse(event.body).data.object;
	const body = JSON.parse(event.body.replaceAll(old.id, newId('pi_3', 23)));
	Object.assign(body, { id: newId('evt_3', 23) });
	body.data.object.metadata = {};
	return added('stripe', body);
}

// More is refunded than was paid.
function too_much(event) {
	const body = JSON.parse(event.body);
	body.id = newId('evt_3', 23);
	Object.assign(body.data.object, { id: newId('re_3', 23), amount: body.data.object.amount * 100, metadata: {} });
	return added('stripe', body);
}

function add_noise(events) {
	const of = (pattern) => events.filter((e) => pattern.test(`${e.provider} ${e.type}`));
	const early = [...of(/^stripe payment_intent\.(created|payment_failed)/), ...of(/^razorpay payment\.failed/)];
	const opened = of(/^stripe payment_intent\.created/), backs = of(/^stripe refund\.created/);
	for (let i = 0; i < 60; i++) events.push(falsified(r.one(early)));
	for (let i = 0; i < 20; i++) events.push(foreign(r.one(opened)));
	for (let i = 0; i < 10 && backs.length; i++) events.push(too_much(r.one(backs)));
	for (let i = 0; i < 40 || events.length < EVENTS; i++) events.push(unknown());
}

// Of others who have the same account with a provider: more than one run of cron looks at.
const FOREIGN = 'evt_of_others_';

const others_were_here = () => shop.sql(`
	insert into webhook_events (gateway, event_id, type, outcome, received_at, reported)
	select g, '${FOREIGN}' || i, 'payment_intent.succeeded', 'unmatched', now() - interval '1 day', jsonb_build_object(
		'state', 'captured', 'gateway_id', 'pi_of_others_' || i, 'amount', '1.00', 'currency', 'EUR', 'about_refund', false)
	from unnest('{stripe,razorpay}'::text[]) g, generate_series(1, 1500) i on conflict do nothing`);

// --- the model: a pure function of what was done before, and of the set of events

const PAYMENT_RANKS = ['created', 'pending', 'failed', 'authorized', 'cancelled', 'needs_attention', 'captured'];
const REFUND_RANKS = ['none', 'pending', 'succeeded', 'failed'];
const further = (ranks, a, b) => (ranks.indexOf(b) > ranks.indexOf(a) ? b : a);

const INTENT = {
	requires_payment_method: 'pending', requires_confirmation: 'pending', requires_action: 'pending',
	processing: 'pending', requires_capture: 'authorized', succeeded: 'captured', canceled: 'cancelled',
};
const RAZORPAY_REFUND = { pending: 'pending', created: 'pending', processed: 'succeeded', failed: 'failed' };

// What an event says, and by which id the shop knows it.
function read_stripe(body) {
	const { object } = body.data;
	if (/^payment_intent\./.test(body.type)) {
		const state = object.status === 'requires_payment_method' && object.last_payment_error ? 'failed' :
			INTENT[object.status];
		return {
			id: body.id, of: object.id, state, currency: object.currency.toUpperCase(),
			received: object.amount_received || undefined,
		};
	}
	if (/^refund\./.test(body.type)) {
		return {
			id: body.id, of: object.payment_intent, refund: object.id, state: object.status, amount: object.amount,
			currency: object.currency.toUpperCase(),
		};
	}
	if (/^charge\.dispute\./.test(body.type) && object.object === 'dispute') {
		return {
			id: body.id, of: object.payment_intent, refund: object.id, amount: object.amount,
			state: object.status === 'lost' ? 'succeeded' : 'none', currency: object.currency.toUpperCase(),
		};
	}
	return { id: body.id };
}

function read_razorpay(body, text) {
	const { payment, refund } = body.payload;
	const known = { of: payment?.entity.order_id, currency: payment?.entity.currency };
	if (/^refund\./.test(body.event)) {
		const { entity } = refund, state = RAZORPAY_REFUND[entity.status];
		return { ...known, id: `${body.event}:${entity.id}:${state}`, refund: entity.id, state, amount: entity.amount };
	}
	if (/^payment\.dispute\./.test(body.event)) {
		const { entity } = body.payload.dispute, state = DISPUTE[entity.status] ?? entity.status;
		return {
			...known, id: `${body.event}:${entity.id}:${state}:${body.created_at}`, refund: entity.id,
			state: state === 'lost' ? 'succeeded' : 'none', amount: entity.amount,
		};
	}
	if (/^(payment\.(authorized|captured|failed)|order\.paid)$/.test(body.event)) {
		const state = payment.entity.status === 'refunded' ? 'captured' : payment.entity.status;
		const about = body.event === 'order.paid' ? payment.entity.order_id : payment.entity.id;
		const received = state === 'captured' ? payment.entity.amount : undefined;
		return { ...known, id: `${body.event}:${about}`, state, received, fee: payment.entity.fee ?? undefined };
	}
	return { id: `${body.event}:${createHash('sha256').update(text).digest('hex').slice(0, 32)}` };
}

const read = (event) => (event.provider === 'stripe' ? read_stripe : read_razorpay)(JSON.parse(event.body), event.body);

// What the provider holds, by all that it says: the order's currency before another one, of each the most.
function model_money(amount, provider_status) {
	const said = provider_status.filter((f) => f.received !== undefined);
	const own = said.filter((f) => f.currency === 'EUR');
	const whole = own.find((f) => f.received === amount), charged = own.find((f) => f.received - f.fee === amount);
	return {
		said: said.length > 0, fits: Boolean(whole ?? charged), fee: charged?.fee ?? 0,
		received: Math.max(0, ...(own.length > 0 ? own : said).map((f) => f.received)),
	};
}

function model_payment(payment, provider_status) {
	const amount = shop.cents(payment.amount), about_money = provider_status.filter((f) => !f.refund);
	const money = model_money(amount, about_money);
	let status = payment.state;
	for (const f of about_money) if (f.state !== 'captured') status = further(PAYMENT_RANKS, status, f.state);
	if (money.said) status = money.fits ? 'captured' : 'needs_attention';
	const refunds = new Map(payment.refunds.map((b) => [b.there, { amount: b.amount, state: b.state }]));
	for (const f of provider_status) {
		const refund = refunds.get(f.refund);
		if (refund && f.amount === refund.amount) refund.state = further(REFUND_RANKS, refund.state, f.state);
	}
	return {
		status, refunds: Object.fromEntries([...refunds].sort()), amount, received: money.received,
		held: status === 'captured' ? Math.max(amount, money.received - money.fee) : money.received,
		given: sum(Object.values(Object.fromEntries(refunds)).filter((b) => b.state !== 'failed').map((b) => b.amount)),
	};
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

function model_order(order, payments) {
	const total = shop.cents(order.total);
	const captured = payments.filter((p) => p.status === 'captured');
	const paid = sum(captured.map((p) => p.amount));
	const waiting = payments.some((p) => /^(created|pending|authorized)$/.test(p.status) ||
		(p.status === 'needs_attention' && p.given < p.held));
	/* What the shop refunds automatically. */
	const surplus = order.cancelled ? sum(payments.map((p) => Math.max(0, p.held - p.given))) :
		Math.max(0, paid - sum(captured.map((p) => p.given)) - total);
	const refunds = payments.flatMap((p) => Object.values(p.refunds));
	const back = sum(refunds.filter((b) => b.state === 'succeeded').map((b) => b.amount)) + surplus;
	const reducible = paid + sum(payments.filter((p) => p.status === 'needs_attention').map((p) => p.held));
	const status = order.cancelled ? 'cancelled' : paid >= total ? 'paid' : waiting ? 'pending' : 'placed';
	const payment_status = back > 0 && back >= reducible ? 'refunded' : back > 0 ? 'partially_refunded' :
		paid >= total ? 'paid' : waiting ? 'pending' : 'unpaid';
	return { status, payment_status, surplus };
}

function model(orders, events) {
	const about = new Map(), seen = new Map();
	for (const event of events) {
		const provider_status = read(event), known = `${event.provider} ${provider_status.id}`;
		if (!seen.has(known) && provider_status.of) {
			const key = `${event.provider} ${provider_status.of}`;
			about.set(key, [...about.get(key) ?? [], provider_status]);
		}
		seen.set(known, (seen.get(known) ?? 0) + TIMES);
	}
	return {
		deliveries: seen,
		orders: new Map(orders.map((order) => {
			const payments = order.payments.map((p) => model_payment(p, about.get(`${p.method} ${p.gateway_id}`) ?? []));
			return [order.id, { ...model_order(order, payments), payments }];
		})),
	};
}

// --- the shop's own words

function look(orders) {
	const ids = shop.list_of(orders.map((o) => o.id));
	const known = new Map(shop.rows(`select o.id, o.status, o.payment_status, o.total::text from orders o
		where o.id = any (${ids})`).map((o) => [o.id, { ...o, payments: new Map() }]));
	for (const p of shop.rows(`select p.id, p.order_id, p.status, p.amount_captured::text as received, (
			select coalesce(json_agg(json_build_object('there', r.gateway_refund, 'amount', r.amount::text, 'status', r.status,
				'own', r.created_by is null and (r.reason like 'The order%' or r.reason like 'It was paid%'))), '[]')
			from refunds r where r.payment = p.id) as refunds,
			(select string_agg(d.gateway_dispute || ' ' || d.status, ', ') from disputes d where d.payment = p.id) as dispute
		from payments p where p.order_id = any (${ids})`)) known.get(p.order_id).payments.set(p.id, p);
	return known;
}

// done: what the shop refunds automatically is refunded.
function compare(orders, wanted, done) {
	for (const [id, o] of look(orders)) {
		const order = orders.find((x) => x.id === id), w = wanted.orders.get(id);
		const label = `${done ? 'in the end' : 'before cron'}, order ${id}`;
		const own = [];
		for (const [i, payment] of order.payments.entries()) {
			const found = o.payments.get(payment.id);
			findings.same(`${label}: payment ${payment.gateway_id}`, [found.status, shop.cents(found.received)],
				[w.payments[i].status, w.payments[i].received]);
			findings.same(`${label}: dispute of ${payment.gateway_id}`, found.dispute, payment.dispute ?? null);
			const others = found.refunds.filter((b) => !b.own).map((b) =>
				[b.there, { amount: shop.cents(b.amount), state: b.status }]);
			findings.same(`${label}: refunds of ${payment.gateway_id}`, Object.fromEntries(others.sort()),
				w.payments[i].refunds);
			own.push(...found.refunds.filter((b) => b.own));
		}
		findings.same(`${label}: payments`, o.payments.size, order.payments.length);
		findings.same(`${label}: refunded automatically`, sum(own.map((b) => shop.cents(b.amount))), w.surplus);
		findings.same(`${label}: status`, o.status, w.status);
		if (!done) continue;
		findings.same(`${label}: payment_status`, o.payment_status, w.payment_status);
		findings.check(`${label}: something is not refunded yet`, own.every((b) => b.status === 'succeeded'));
	}
}

function compare_events(wanted) {
	const found = new Map(shop.rows('select gateway, event_id, deliveries from webhook_events')
		.map((e) => [`${e.gateway} ${e.event_id}`, e.deliveries]));
	for (const [id, deliveries] of wanted.deliveries) findings.same(`deliveries of ${id}`, found.get(id), deliveries);
}

// How many pieces of an order its refunds have put back into stock, even if the bank returned the money later.
function restocked(order, wanted) {
	return sum(order.payments.flatMap((payment, i) => payment.refunds.map((b) => (b.state === 'succeeded' ||
		wanted.orders.get(order.id).payments[i].refunds[b.there].state === 'succeeded' ? b.pieces ?? 0 : 0))));
}

function compare_stock(products, orders, wanted) {
	const left = Object.fromEntries(shop.rows(`select product, inventory_count from stock
		where product = any (${shop.list_of(products)})`).map((s) => [s.product, s.inventory_count]));
	for (const product of products) {
		const sold = sum(orders.filter((o) => o.product === product && !o.cancelled)
			.map((o) => o.quantity - restocked(o, wanted)));
		findings.same(`stock of ${product}`, left[product], 100000 - sold);
	}
}

// Each order's money at the providers: what was captured, less what was refunded.
async function compare_ledger(orders, wanted) {
	const { totals } = await shop.control('ledger', {});
	for (const order of orders) {
		const held = sum(order.payments.map((p) => totals[p.method === 'stripe' ? p.gateway_id : p.paid?.id])
			.filter(Boolean).map((t) => t.captured - t.refunded));
		const w = wanted.orders.get(order.id);
		findings.same(`money held for order ${order.id}`, held,
			sum(w.payments.map((p) => p.received - p.given)) - w.surplus);
	}
}

// --- all of it

async function main() {
	const started = Date.now();
	await shop.control('reset', true);
	await shop.control('refunds', 'pending');
	const products = [];
	for (const price of ['10.00', '3.50', '99.99', '2.00']) products.push(await shop.product(price, 100000));
	const orders = [];
	await shop.crowd(Array.from({ length: ORDERS }, plan), async (p) => {
		orders.push({ ...await shop.place(products[p.product], p.quantity), plan: p, payments: [] });
	});
	await shop.crowd(orders, prepare);

	const events = (await shop.control('events', {})).map(({ headers, ...event }) => event);
	add_noise(events);
	const wanted = model(orders, events);
	others_were_here();
	const prepared = Date.now();
	const world = {
		events, secrets: {
			stripeWebhook: env.STRIPE_WEBHOOK_SECRET, stripeWebhookOld: env.STRIPE_WEBHOOK_SECRET_OLD,
			razorpayWebhook: env.RAZORPAY_WEBHOOK_SECRET, razorpayWebhookOld: env.RAZORPAY_WEBHOOK_SECRET_OLD,
		},
	};
	await shop.control('refunds', 'succeeded');
	let under_way = true;
	const runs = (async () => {
		let n = 0;
		for (; under_way; n++) await shop.cron();
		return n;
	})();
	const sent = await deliver(world, {
		url: `${env.API}/webhooks/{provider}`, order: 'shuffled', seed, times: TIMES, connections: shop.CONNECTIONS,
	});
	const delivered = Date.now();
	under_way = false;
	const crons = await runs;
	findings.same('answers to webhooks', sent.statuses, { 200: TIMES * events.length });
	compare_events(wanted);
	shop.sql('select webhooks_apply_waiting()');
	compare(orders, wanted, false);

	const ids = shop.list_of(orders.map((o) => o.id));
	/* Only automatic refunds are due; the rest was requested a moment ago. */
	shop.sql(`update payments set requested_at = now() where order_id = any (${ids}) and requested_at is not null;
		update refunds set requested_at = now() where order_id = any (${ids}) and requested_at is not null;
		update refunds set requested_at = null where order_id = any (${ids}) and status = 'pending' and gateway_refund is null`);
	const report = await shop.cron();
	compare(orders, wanted, true);
	compare_stock(products, orders, wanted);
	await compare_ledger(orders, wanted);

	shop.sql(`delete from webhook_events where event_id like '${FOREIGN}%'`);

	const count = (list) => JSON.stringify(list.reduce((all, x) => ({ ...all, [x]: (all[x] ?? 0) + 1 }), {}));
	const ends = [...wanted.orders.values()];
	console.log(`seed ${seed}: ${orders.length} orders, ${sum(orders.map((o) => o.payments.length))} payments, ` +
		`${events.length} events, ${sent.sent} deliveries in ${delivered - prepared} ms (longest ${sent.ms_max} ms, ` +
		`beside ${crons} runs of cron), ` +
		`prepared in ${prepared - started} ms, all in ${Date.now() - started} ms`);
	console.log(`orders ${count(ends.map((o) => o.status))} ${count(ends.map((o) => o.payment_status))}`);
	console.log(`payments ${count(ends.flatMap((o) => o.payments.map((p) => p.status)))}`);
	const refunds = ends.flatMap((o) => o.payments.flatMap((p) => Object.values(p.refunds)));
	console.log(`refunds ${count(refunds.map((b) => b.state))}` +
		`, automatic ${ends.filter((o) => o.surplus > 0).length}; cron ${JSON.stringify(report.refunds)}`);
	findings.end();
}

main().catch((error) => {
	console.log(error.stack);
	process.exit(1);
});
