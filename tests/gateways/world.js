/*
 * What both providers of the stand-in share: ids, events, the ledger of money,
 * the log of requests, idempotency keys and the faults that are set.
 */
'use strict';

const crypto = require('crypto');

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/* Random, because a shop's database outlives the stand-in: ids must not come back. */
function newId(prefix, length) {
	return prefix + Array.from(crypto.randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

const now = () => Math.floor(Date.now() / 1000);
const copy = (value) => JSON.parse(JSON.stringify(value));
const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');

/*
 * Idempotency keys. begin() gives { state }: 'new' (then answer with finish() or
 * forget with drop()), 'replay' with the saved answer, 'busy' while the first
 * request is at work, 'other' when the key stands for another request.
 */
class Keys {
	constructor() {
		this.entries = new Map();
	}

	begin(key, fingerprint) {
		const entry = this.entries.get(key);
		if (entry && entry.fingerprint !== fingerprint) return { state: 'other' };
		if (entry && !entry.answer) return { state: 'busy' };
		if (entry) return { state: 'replay', answer: entry.answer };
		const made = { fingerprint };
		this.entries.set(key, made);
		return {
			state: 'new',
			finish: (answer) => { made.answer = answer; },
			drop: () => { if (this.entries.get(key) === made) this.entries.delete(key); },
		};
	}
}

class World {
	constructor(secrets) {
		this.secrets = secrets;
		this.reset();
	}

	reset() {
		this.objects = new Map(); /* id → object, of both providers */
		this.events = [];
		this.movements = [];
		this.log = [];
		this.faults = [];
		this.keys = new Keys();
		this.refundOutcome = 'succeeded';
		for (const release of this.hanging || []) release();
		this.hanging = new Set();
	}

	find(kind, id) {
		const object = this.objects.get(id);
		return object && (object.object || object.entity) === kind ? object : undefined;
	}

	all(kind) {
		return [...this.objects.values()].filter((object) => (object.object || object.entity) === kind);
	}

	add(object) {
		this.objects.set(object.id, object);
		return object;
	}

	/* An event as it is now: what happens to its object later does not change it. */
	addEvent(provider, id, type, object, payment, body) {
		this.events.push({ n: this.events.length, provider, id, type, object, payment, created: now(), body });
	}

	/* kind: 'capture', 'refund', 'refund_failed', which takes a refund back, or 'dispute', which is lost. */
	move(provider, kind, payment, id, amount, currency, key) {
		this.movements.push({
			n: this.movements.length, provider, kind, payment, id, amount, currency: currency.toUpperCase(), key: key || null,
		});
	}

	ledger() {
		const totals = {};
		for (const m of this.movements) {
			const total = totals[m.payment] = totals[m.payment] ||
				{ provider: m.provider, currency: m.currency, captured: 0, refunded: 0 };
			if (m.kind === 'capture') total.captured += m.amount;
			if (m.kind === 'refund' || m.kind === 'dispute') total.refunded += m.amount;
			if (m.kind === 'refund_failed') total.refunded -= m.amount;
		}
		return { movements: this.movements, totals };
	}

	/* The first fault that matches "METHOD /path"; one of its times is used up. */
	takeFault(line) {
		const fault = this.faults.find((f) => line.includes(f.match) && f.left > 0);
		if (!fault) return {};
		fault.left--;
		this.faults = this.faults.filter((f) => f.left > 0);
		return fault;
	}
}

module.exports = { World, newId, now, copy, sha256 };
