// Programs that are killed while they speak to a provider: nothing is captured or refunded twice, and nothing is lost.
//
//	node payments_killed.js SEED [KILLS]
//
// The program of the payments is run as a web server runs it, and gets SIGKILL after a random part of the time that it
// usually takes. Some clients ask again with their key, some never do; some webhooks come, others are lost; then
// `shopctl cron` runs. Needs what payments_client.js says, and KILL_AFTER, the program build/tests/kill_after. Prints figures, and what is
// wrong; ends with 1 when something is.
'use strict';

const { spawn } = require('node:child_process');
const { deliver } = require('../gateways/webhooks');
const shop = require('./payments_client');

const seed = Number(process.argv[2]), KILLS = Number(process.argv[3] ?? 300);
const BATCH = 60, PROGRAM = `${process.env.SITE}/cgi-bin/api/payments`, KILLED = 137;
const env = process.env;
const r = shop.random(seed);
const findings = new shop.Findings();
const sum = (list) => list.reduce((a, b) => a + b, 0);

// --- one request, by the program itself

// The answer's status, or KILLED; and the milliseconds that it took. us: after which it is killed.
function run(path, { headers = {}, body, settings = {} }, us) {
	const text = body === undefined ? '' : JSON.stringify(body);
	const told = {
		PATH: '/usr/bin:/bin', RATE_LIMITS: 'off', GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1',
		REQUEST_METHOD: 'POST', SCRIPT_NAME: '/cgi-bin/api/payments', PATH_INFO: path, QUERY_STRING: '',
		REMOTE_ADDR: '127.0.0.1', CONTENT_LENGTH: String(text.length), ...(text && { CONTENT_TYPE: 'application/json' }),
	};
	Object.assign(told, settings);
	for (const name of Object.keys(env)) if (/^(STRIPE|RAZORPAY)_/.test(name)) told[name] = env[name];
	for (const [name, value] of Object.entries(headers)) told[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`] = value;
	const started = process.hrtime.bigint();
	return new Promise((resolve, reject) => {
		const child = spawn(env.KILL_AFTER, [String(us), PROGRAM], { env: told });
		let out = '';
		child.on('error', reject);
		child.stdout.on('data', (data) => { out += data; });
		child.stderr.resume();
		child.stdin.on('error', () => {}).end(text);
		/* When the helper that may live on has ended too: it has the same error output. */
		child.on('close', (code) => resolve({
			killed: code === KILLED, status: Number(/^Status: (\d+)/.exec(out)?.[1] ?? 200), out,
			ms: Number(process.hrtime.bigint() - started) / 1e6,
		}));
	});
}

// --- what is asked for, and what has to be there before

let products;

const order_with = async () => shop.place(r.one(products), 1 + r.below(3));

const KINDS = {
	async open(i) {
		const order = await order_with(), method = i % 2 ? 'stripe' : 'razorpay';
		/* Another one is in the way, which has to be cancelled there. */
		const earlier = i % 4 === 3 ? await shop.open(order, 'razorpay') : i % 4 === 2 && await shop.open(order, 'stripe');
		return {
			order, method, earlier, path: '/',
			asking: {
				headers: { ...shop.guest(order), 'Idempotency-Key': shop.new_key() },
				body: { order: order.id, payment_method: method },
			},
		};
	},
	async confirm(i) {
		const order = await order_with(), method = i % 3 ? 'razorpay' : 'stripe';
		const payment = await shop.open(order, method);
		const paid = await shop.pay(payment, method === 'stripe' ? 'succeed' : i % 3 === 1 ? 'authorize' : 'capture');
		return {
			order, method, payment, path: `/${payment.id}/confirm`,
			asking: { headers: shop.guest(order), body: paid.checkout },
		};
	},
	async refund(i) {
		const order = await order_with(), method = i % 2 ? 'stripe' : 'razorpay';
		const payment = await shop.open(order, method);
		await shop.confirm(order, payment, await shop.pay(payment), [200]);
		const amount = i % 3 ? undefined : shop.money(shop.cents(payment.amount) / 2);
		return {
			order, method, payment, path: `/${payment.id}/refunds`,
			asking: { headers: { ...shop.staff(), 'Idempotency-Key': shop.new_key() }, body: { amount, restock: i % 3 === 2 } },
		};
	},
};
// Money that is reserved, of which a part is taken.
KINDS.capture = async () => {
	const order = await order_with(), amount = shop.money(shop.cents(order.total) / 2);
	const begun = await run('/', {
		headers: { ...shop.guest(order), 'Idempotency-Key': shop.new_key() }, settings: { PAYMENT_CAPTURE: 'manual' },
		body: { order: order.id, payment_method: 'stripe' },
	}, 5000000);
	const { id, client } = JSON.parse(begun.out.slice(begun.out.indexOf('{')));
	const payment = { id, method: 'stripe', gateway_id: client.id, amount };
	await shop.confirm(order, payment, await shop.pay(payment), [200]);
	return {
		order, method: 'stripe', payment, path: `/${id}/capture`, asking: { headers: shop.staff(), body: { amount } },
	};
};
// Less was paid than was asked for.
KINDS.accept = async () => {
	const order = await order_with(), payment = await shop.open(order, 'stripe');
	await shop.confirm(order, payment, await shop.pay(payment, 'succeed', { amount: shop.cents(order.total) / 2 }), [200]);
	return { order, method: 'stripe', payment, path: `/${payment.id}/accept`, asking: { headers: shop.staff() } };
};
const SHARES = ['open', 'open', 'confirm', 'refund', 'refund', 'capture', 'accept'];
const IN_PART = ['capture', 'accept'];

const ask = (deed, us) => run(deed.path, deed.asking, us);
const ask_again = (deed) => shop.api('POST', `/payments${deed.path === '/' ? '' : deed.path}`, deed.asking);

// How long each kind takes when nobody ends it: the middle of some.
async function measure() {
	const usual = {};
	for (const kind of Object.keys(KINDS)) {
		const taken = [];
		for (let i = 0; i < 6; i++) taken.push((await ask(await KINDS[kind](i), 2000000)).ms);
		usual[kind] = taken.sort((a, b) => a - b)[3];
	}
	return usual;
}

// --- where each one was

const points = new Map();

function classify(deeds, objects) {
	const found = new Map(shop.rows(`select o.id, (select json_build_object('id', p.id, 'status', p.status,
				'gateway_id', p.gateway_id) from payments p where p.order_id = o.id order by p.created_at desc limit 1) as payment,
			(select json_build_object('id', f.id, 'status', f.status) from refunds f where f.order_id = o.id) as refund
		from orders o where o.id = any (${shop.list_of(deeds.map((d) => d.order.id))})`).map((o) => [o.id, o]));
	const opened = new Set([...objects.intents.map((x) => x.metadata.payment), ...objects.orders.map((x) => x.receipt)]);
	const taken = new Set([...objects.intents.filter((x) => x.status === 'succeeded').map((x) => x.id),
		...objects.payments.filter((x) => x.captured).map((x) => x.order_id)]);
	const back = new Set(objects.refunds.map((x) => x.metadata?.refund ?? x.notes?.refund));
	for (const deed of deeds) {
		const { payment, refund } = found.get(deed.order.id);
		let point = deed.ended.killed ? '' : 'answered';
		if (!point && deed.kind === 'open') {
			if (!payment || payment.id === deed.earlier?.id) {
				point = !deed.earlier ? 'no row' : payment.status === 'cancelled' ? 'the one before is cancelled' :
					'the one before is open';
			} else point = `${payment.status}, ${opened.has(payment.id) ? 'there at the provider' : 'not there'}`;
		} else if (!point && deed.kind !== 'refund') {
			point = `${payment.status}, ${taken.has(deed.payment.gateway_id) ? 'captured there' : 'authorized there'}`;
		} else if (!point) {
			point = refund ? `${refund.status}, ${back.has(refund.id) ? 'refunded there' : 'not refunded there'}` : 'no row';
		}
		const label = `${deed.kind}: ${point}`;
		points.set(label, (points.get(label) ?? 0) + 1);
	}
}

async function objects_there() {
	const kinds = { intents: 'payment_intent', orders: 'order', payments: 'payment', refunds: 'refund' };
	const found = {};
	for (const [name, kind] of Object.entries(kinds)) found[name] = await shop.control('objects', { kind });
	return found;
}

// --- what comes after

async function deliver_some(deeds, number) {
	const objects = await objects_there();
	const ids = new Set(deeds.map((d) => d.order.id));
	const theirs = new Set([
		...objects.intents.filter((x) => ids.has(x.metadata.order)).map((x) => x.id),
		...objects.payments.filter((x) => objects.orders.some((o) => o.id === x.order_id && ids.has(o.notes.order)))
			.map((x) => x.id),
	]);
	const events = (await shop.control('events', {})).filter((e) => theirs.has(e.payment));
	const secrets = { stripeWebhook: env.STRIPE_WEBHOOK_SECRET, razorpayWebhook: env.RAZORPAY_WEBHOOK_SECRET };
	const sent = await deliver({ events, secrets }, {
		url: `${env.API}/webhooks/{provider}`, order: 'shuffled', seed: seed + number, times: 2, connections: 4,
	});
	findings.same('answers to webhooks', Object.keys(sent.statuses).filter((s) => s !== '200'), []);
	return sent.sent;
}

// A client with its key: at once, when the first one may still be running, and later, when it must be answered.
async function come_again(deed) {
	const { status } = await ask_again(deed);
	findings.check(`${deed.kind} again at once: ${status}`, [200, 201, 409, ...deed.kind === 'capture' ? [503] : []]
		.includes(status));
	shop.grow_old([deed.order.id]);
	const later = await ask_again(deed);
	findings.check(`${deed.kind} again later: ${later.status} ${JSON.stringify(later.body)}`,
		[200, 201].includes(later.status));
	deed.answer = later.body;
	if (deed.kind !== 'open') return;
	const at = later.body.client.id ?? later.body.client.order_id;
	findings.check(`${deed.method} payment ${later.body.id} of ${deed.order.id} has no client`, at);
	if (r.chance(60)) await shop.pay({ method: deed.method, gateway_id: at });
}

// A customer who has lost the key begins anew, and pays.
async function begin_anew(deed) {
	shop.grow_old([deed.order.id]);
	const payment = await shop.open(deed.order, deed.method);
	await shop.pay(payment);
}

let again = 0, anew = 0, webhooks = 0;

async function batch(number, usual) {
	const deeds = [];
	await shop.crowd(Array.from({ length: BATCH }, (_, i) => i), async (i) => {
		const kind = SHARES[i % SHARES.length];
		deeds.push({ kind, ...await KINDS[kind](number + i) });
	});
	for (const deed of deeds) {
		/* Most of the time is the provider's: what is before it is aimed at too. */
		const part = r.chance(20) ? 0.3 : 1.1;
		deed.ended = await ask(deed, r.below(Math.ceil(usual[deed.kind] * 1000 * part)));
		/* The machine may be less busy than it was. */
		if (!deed.ended.killed) usual[deed.kind] = Math.min(usual[deed.kind], (usual[deed.kind] + deed.ended.ms) / 2);
	}
	classify(deeds, await objects_there());
	/* As when a day has passed at the provider. */
	if (number % 2) await shop.control('forget_keys', true);
	const third = deeds.filter(() => r.chance(33)), half = deeds.filter(() => r.chance(50));
	if (number % 3) webhooks += await deliver_some(third, number);
	await shop.crowd(half, come_again, 4);
	again += half.length;
	if (number % 3 === 0) webhooks += await deliver_some(third, number);
	const left = deeds.filter((d) => d.kind === 'open' && !half.includes(d) && r.chance(30));
	await shop.crowd(left, begin_anew, 4);
	anew += left.length;
	return deeds;
}

// --- the end

async function look(deeds) {
	const ids = shop.list_of(deeds.map((d) => d.order.id));
	const payments = shop.rows(`select p.id, p.order_id, p.status, p.payment_method, p.gateway_id, p.transaction_id,
		p.amount::text from payments p where p.order_id = any (${ids})`);
	const refunds = shop.rows(`select f.id, f.payment, f.status, f.amount::text, f.gateway_refund, f.failure, f.restock,
		f.order_id from refunds f where f.order_id = any (${ids})`);
	const orders = new Map(shop.rows(`select o.id, o.status, o.payment_status, o.total::text from orders o
		where o.id = any (${ids})`).map((o) => [o.id, o]));
	const { movements, totals } = await shop.control('ledger', {});
	const objects = await objects_there();
	return { payments, refunds, orders, movements, totals, objects };
}

function check_payments(deeds, { payments, orders, movements, totals, objects }) {
	const of_order = (id) => objects.orders.find((o) => o.id === id)?.notes.order;
	const taken = new Map(); // by the shop's order
	for (const m of movements.filter((x) => x.kind === 'capture')) {
		const order = m.provider === 'stripe' ? objects.intents.find((x) => x.id === m.payment).metadata.order :
			of_order(objects.payments.find((x) => x.id === m.payment).order_id);
		taken.set(order, [...taken.get(order) ?? [], m]);
	}
	for (const { order, kind, method } of deeds) {
		const there = taken.get(order.id) ?? [], o = orders.get(order.id);
		const here = payments.filter((p) => p.order_id === order.id && /^(captured|needs_attention)$/.test(p.status));
		const in_part = IN_PART.includes(kind);
		const label = `${kind} ${method} order ${order.id}`;
		findings.check(`${label}: captured ${there.length} times`, there.length <= 1);
		findings.same(`${label}: captured here`, here.map((p) => p.transaction_id), there.map((m) => m.payment));
		findings.check(`${label}: ${o.status}, ${o.payment_status} with ${there.length} captured`,
			there.length && !in_part ? o.status === 'paid' && /^(paid|refunded|partially_refunded)$/.test(o.payment_status) :
				/^(placed|pending)$/.test(o.status));
	}
	for (const p of payments) {
		findings.check(`payment ${p.id} is still created`, p.status !== 'created');
		/* Nobody asked for it again. */
		const run_cgi = deeds.some((d) => d.kind === 'capture' && d.order.id === p.order_id && !d.answer);
		findings.check(`payment ${p.id} is still authorized`, p.status !== 'authorized' || run_cgi);
		findings.check(`payment ${p.id} needs attention`, p.status !== 'needs_attention' ||
			deeds.some((d) => d.kind === 'accept' && d.order.id === p.order_id && !d.answer));
		if (p.status === 'captured')
			findings.same(`captured of ${p.id}`, totals[p.transaction_id]?.captured, shop.cents(p.amount));
	}
}

function check_refunds(deeds, { refunds, movements, totals, objects }) {
	const there = objects.refunds, of = (x) => x.metadata?.refund ?? x.notes?.refund;
	for (const f of refunds) {
		findings.check(`refund ${f.id} is ${f.status} ${f.failure}`, f.status === 'succeeded');
		const theirs = there.filter((x) => of(x) === f.id);
		findings.same(`refund ${f.id} at the provider`, theirs.map((x) => [x.id, x.amount]),
			[[f.gateway_refund, shop.cents(f.amount)]]);
	}
	for (const x of there) findings.check(`refund ${x.id} is not known`, refunds.some((f) => f.gateway_refund === x.id));
	const given = sum(movements.filter((m) => m.kind === 'refund').map((m) => m.amount));
	findings.same('refunded in all', sum(refunds.map((f) => shop.cents(f.amount))), given);
	for (const [id, t] of Object.entries(totals)) findings.check(`more than all of ${id}`, t.refunded <= t.captured);
	for (const deed of deeds.filter((d) => d.kind === 'refund')) {
		const rows = refunds.filter((f) => f.order_id === deed.order.id);
		findings.check(`order ${deed.order.id} has ${rows.length} refunds`, rows.length <= 1);
		findings.check(`the refund of ${deed.order.id} is lost`, !deed.answer || rows.length === 1);
	}
	return given;
}

function check_stock(deeds, { refunds }) {
	const left = shop.rows(`select product, inventory_count from stock where product = any (${shop.list_of(products)})`);
	const back = new Set(refunds.filter((f) => f.restock && f.status === 'succeeded').map((f) => f.order_id));
	for (const { product, inventory_count } of left) {
		const sold = deeds.filter((d) => d.order.product === product && !back.has(d.order.id));
		findings.same(`stock of ${product}`, inventory_count, 100000 - sum(sold.map((d) => d.order.quantity)));
	}
}

async function main() {
	const started = Date.now();
	await shop.control('reset', true);
	await shop.control('fault', { how: 'slow', match: '/v1/', latency_ms: 3 });
	products = [await shop.product('10.00', 100000), await shop.product('4.00', 100000)];
	const usual = await measure();
	await shop.control('reset', true);
	await shop.control('fault', { how: 'slow', match: '/v1/', latency_ms: 3 });
	products = [await shop.product('10.00', 100000), await shop.product('4.00', 100000)];

	const deeds = [];
	const killed = () => deeds.filter((d) => d.ended.killed).length;
	for (let number = 0; killed() < KILLS && number < 3 * KILLS / BATCH; number++)
		deeds.push(...await batch(number, usual));
	const reports = [];
	for (let i = 0; i < 4; i++) {
		shop.grow_old(deeds.map((d) => d.order.id));
		reports.push(await shop.cron());
	}
	const all = await look(deeds);
	check_payments(deeds, all);
	const given = check_refunds(deeds, all);
	check_stock(deeds, all);

	findings.check(`only ${killed()} were killed`, killed() >= KILLS);
	const captures = all.movements.filter((m) => m.kind === 'capture');
	console.log(`seed ${seed}: ${deeds.length} runs, ${killed()} killed; they take ${Object.entries(usual)
		.map(([kind, ms]) => `${kind} ${ms.toFixed(1)} ms`).join(', ')}; ${again} came again, ${anew} began anew, ` +
		`${webhooks} webhooks; ${Date.now() - started} ms`);
	for (const [point, n] of [...points].sort()) console.log(`${String(n).padStart(4)} ${point}`);
	console.log(`captured ${captures.length}, ${sum(captures.map((m) => m.amount))} cents; refunded ` +
		`${all.refunds.length}, ${given} cents; cron: ${reports.map((x) =>
			`${x.payments.called}/${x.payments.changed} ${x.refunds.called}/${x.refunds.changed}`).join(', ')}`);
	/* Each phase must have been met, or this shows nothing. */
	for (const point of ['open: no row', 'open: created, not there', 'open: created, there at the provider',
		'confirm: pending, captured there', 'capture: authorized, captured there', 'capture: authorized, authorized there',
		'accept: needs_attention, captured there', 'refund: no row', 'refund: pending, not refunded there',
		'refund: pending, refunded there']) findings.check(`nothing was killed at ${point}`, points.has(point));
	findings.end();
}

main().catch((error) => {
	console.log(error.stack);
	process.exit(1);
});
