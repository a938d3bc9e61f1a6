/*
 * lines.js stripe|razorpay COUNT SEED: signatures to judge, as JSON lines, the
 * same ones for the same seed. About half are right, the others wrong in the
 * ways that `class` names. header and body are in hex, since they are bytes:
 *
 *	{"n":0,"class":"right","kind":"stripe|razorpay|checkout","now":…,
 *	 "secret":…,"old":…,"header":hex,"body":hex,"order":…,"transaction":…}
 *
 * Of kind checkout, header is the browser's signature and there is no body.
 */
'use strict';

const crypto = require('crypto');
const { webhooks } = require('stripe')('sk_test_none');
const { random } = require('./webhooks');

const SECRET = 'whsec_k3yOfTheLines', OLD = 'whsec_0ldKeyOfTheLines', OTHER = 'whsec_0therKeyOfTheLines';
const TOLERANCE = 300;

const hmac = (secret, data, hash = 'sha256') => crypto.createHmac(hash, secret).update(data).digest('hex');
const upper = (text) => text.toUpperCase();

const TEXTS = ['plain', 'Grüße aus Köln', 'चाय ₹', '茶と猫 🐈', 'e\u0301 is not \u00e9', '\\u0000 "quoted"', ''];

/* A line's own circumstances; t is signed over and within the tolerance unless a class says otherwise. */
class Case {
	constructor(next) {
		this.next = next;
		this.now = 1795000000 + next(1000000);
		this.t = this.now - next(TOLERANCE);
		const event = {
			id: `evt_${next(1e9)}`, object: 'event',
			data: { object: { amount: next(1e7), note: TEXTS[next(TEXTS.length)] } },
		};
		this.body = Buffer.from(JSON.stringify(event, null, next(2) * 2) + (next(4) === 0 ? '\n' : ''));
	}

	text() {
		return this.body.toString();
	}

	/* What the provider itself would send. */
	stripe(secret = SECRET, t = this.t) {
		return webhooks.generateTestHeaderString({ payload: this.text(), secret, timestamp: t });
	}

	v1(secret = SECRET, t = this.t) {
		return hmac(secret, Buffer.concat([Buffer.from(`${t}.`), this.body]));
	}

	/* A header of which t stands in another form than the one signed. */
	written(t, signed = this.t) {
		return `t=${t},v1=${this.v1(SECRET, signed)}`;
	}

	flip() {
		const at = this.next(this.body.length);
		const changed = Buffer.from(this.body);
		changed[at] ^= 1;
		return changed;
	}

	crlf() {
		this.body = Buffer.from(JSON.stringify(JSON.parse(this.text()), null, 2).replace(/\n/g, '\r\n'));
	}
}

/* Another hex digit somewhere. */
function changed(hex, next) {
	const at = next(hex.length);
	return hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1);
}

/* The body that is sent, after the signature was made over the one there was. */
const sent = (c, header, body) => { c.body = body; return header; };
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOT_UTF8 = Buffer.from([0x22, 0xff, 0xc0, 0xaf, 0x22]);

const stripeRight = {
	right: (c) => c.stripe(),
	right_old_secret: (c) => c.stripe(OLD),
	right_crlf: (c) => { c.crlf(); return c.stripe(); },
	right_with_v0: (c) => `t=${c.t},v0=${hmac(OTHER, 'x')},v1=${c.v1()}`,
	right_second_v1: (c) => `t=${c.t},v1=${c.v1(OTHER)},v1=${c.v1()}`,
	right_both_secrets: (c) => `t=${c.t},v1=${c.v1(OLD)},v1=${c.v1()}`,
	right_t_last: (c) => `v1=${c.v1()},t=${c.t}`,
	right_at_the_border: (c) => c.stripe(SECRET, c.t = c.now - TOLERANCE),
	right_soon: (c) => c.stripe(SECRET, c.t = c.now + c.next(TOLERANCE + 1)),
	right_not_json: (c) => { c.body = Buffer.from('payload=1'); return c.stripe(); },
};

const stripeWrong = {
	wrong_secret: (c) => c.stripe(OTHER),
	body_changed: (c) => sent(c, c.stripe(), c.flip()),
	body_cut: (c) => sent(c, c.stripe(), c.body.subarray(0, c.body.length - 1)),
	body_longer: (c) => sent(c, c.stripe(), Buffer.concat([c.body, Buffer.from('\n')])),
	body_other_lines: (c) => { c.crlf(); return sent(c, c.stripe(), Buffer.from(c.text().replace(/\r/g, ''))); },
	signature_changed: (c) => `t=${c.t},v1=${changed(c.v1(), c.next)}`,
	signature_short: (c) => c.stripe().slice(0, -1),
	signature_long: (c) => `${c.stripe()}0`,
	signature_upper_case: (c) => `t=${c.t},v1=${upper(c.v1())}`,
	signature_empty: (c) => `t=${c.t},v1=`,
	signatures_all_wrong: (c) => `t=${c.t},v1=${c.v1(OTHER)},v1=${changed(c.v1(), c.next)}`,
	v0_alone: (c) => `t=${c.t},v0=${c.v1()}`,
	v10_alone: (c) => `t=${c.t},v10=${c.v1()}`,
	name_upper_case: (c) => `t=${c.t},V1=${c.v1()}`,
	no_v1: (c) => `t=${c.t}`,
	no_t: (c) => `v1=${c.v1()}`,
	t_changed: (c) => c.written(c.t - 1),
	t_empty: (c) => c.written(''),
	t_zero: (c) => c.written(0, 0),
	t_negative: (c) => c.written(-c.t, -c.t),
	too_old: (c) => c.stripe(SECRET, c.now - TOLERANCE - 1 - c.next(100000)),
	too_old_by_one: (c) => c.stripe(SECRET, c.now - TOLERANCE - 1),
	in_milliseconds_changed: (c) => c.written(c.t * 1000),
	space_after_comma: (c) => c.stripe().replace(',', ', '),
	space_in_front: (c) => ` ${c.stripe()}`,
	space_behind: (c) => `${c.stripe()} `,
	line_end_behind: (c) => `${c.stripe()}\r\n`,
	semicolon: (c) => c.stripe().replace(',', ';'),
	quoted: (c) => `t=${c.t},v1="${c.v1()}"`,
	plain_hex: (c) => c.v1(),
	empty: () => '',
	garbage: (c) => crypto.createHash('md5').update(String(c.t)).digest('base64'),
	/* Known differences, see differences.md */
	future: (c) => c.stripe(SECRET, c.now + TOLERANCE + 1 + c.next(100000)),
	t_letters_behind: (c) => c.written(`${c.t}abc`),
	t_fraction: (c) => c.written(`${c.t}.5`),
	t_plus: (c) => c.written(`+${c.t}`),
	t_space: (c) => c.written(` ${c.t}`),
	t_leading_zero: (c) => c.written(`0${c.t}`),
	t_second_equals: (c) => c.written(`${c.t}=1`),
	t_twice: (c) => `t=${c.t - 1},t=${c.t},v1=${c.v1()}`,
	t_twice_the_same: (c) => `t=${c.t},t=${c.t},v1=${c.v1()}`,
	t_no_number: (c) => c.written('soon', 'NaN'),
	t_huge: (c) => c.written('99999999999999999999', '100000000000000000000'),
	v1_second_equals: (c) => `${c.stripe()}=0`,
	v1_malformed_beside: (c) => `t=${c.t},v1=${c.v1()},v1=${upper(c.v1(OTHER))}A`,
	part_without_equals: (c) => `${c.stripe()},signed`,
	comma_behind: (c) => `${c.stripe()},`,
	comma_twice: (c) => c.stripe().replace(',', ',,'),
	name_odd_beside: (c) => `${c.stripe()},V-2=0`,
	body_not_utf8: (c) => { c.body = NOT_UTF8; return `t=${c.t},v1=${c.v1()}`; },
	body_bom: (c) => { c.body = Buffer.concat([BOM, c.body]); return `t=${c.t},v1=${c.v1()}`; },
	body_empty: (c) => { c.body = Buffer.alloc(0); return `t=${c.t},v1=${c.v1()}`; },
};

const razorpayRight = {
	right: (c) => hmac(SECRET, c.body),
	right_old_secret: (c) => hmac(OLD, c.body),
	right_crlf: (c) => { c.crlf(); return hmac(SECRET, c.body); },
	right_empty_body: (c) => { c.body = Buffer.alloc(0); return hmac(SECRET, ''); },
	right_bom: (c) => { c.body = Buffer.concat([BOM, c.body]); return hmac(SECRET, c.body); },
	checkout_right: (c) => checkout(c, hmac(SECRET, `${c.order}|${c.transaction}`)),
};

/* The same line as one of the browser's. */
function checkout(c, signature) {
	c.kind = 'checkout';
	return signature;
}

const razorpayWrong = {
	wrong_secret: (c) => hmac(OTHER, c.body),
	body_changed: (c) => sent(c, hmac(SECRET, c.body), c.flip()),
	body_cut: (c) => sent(c, hmac(SECRET, c.body), c.body.subarray(1)),
	body_longer: (c) => sent(c, hmac(SECRET, c.body), Buffer.concat([c.body, Buffer.from('\n')])),
	body_other_lines: (c) => {
		c.crlf();
		return sent(c, hmac(SECRET, c.body), Buffer.from(c.text().replace(/\r/g, '')));
	},
	signature_changed: (c) => changed(hmac(SECRET, c.body), c.next),
	signature_short: (c) => hmac(SECRET, c.body).slice(0, -1),
	signature_long: (c) => `${hmac(SECRET, c.body)}0`,
	signature_upper_case: (c) => upper(hmac(SECRET, c.body)),
	signature_base64: (c) => Buffer.from(hmac(SECRET, c.body), 'hex').toString('base64'),
	signature_named: (c) => `sha256=${hmac(SECRET, c.body)}`,
	signature_twice: (c) => `${hmac(SECRET, c.body)},${hmac(SECRET, c.body)}`,
	space_in_front: (c) => ` ${hmac(SECRET, c.body)}`,
	space_behind: (c) => `${hmac(SECRET, c.body)} `,
	line_end_behind: (c) => `${hmac(SECRET, c.body)}\n`,
	other_hash: (c) => hmac(SECRET, c.body, 'sha512'),
	hash_without_key: (c) => crypto.createHash('sha256').update(c.body).digest('hex'),
	as_stripe: (c) => c.stripe(),
	empty: () => '',
	checkout_wrong_secret: (c) => checkout(c, hmac(OTHER, `${c.order}|${c.transaction}`)),
	checkout_old_secret: (c) => checkout(c, hmac(OLD, `${c.order}|${c.transaction}`)),
	checkout_other_payment: (c) => checkout(c, hmac(SECRET, `${c.order}|${c.transaction}x`)),
	checkout_other_order: (c) => checkout(c, hmac(SECRET, `${c.order}x|${c.transaction}`)),
	checkout_swapped: (c) => checkout(c, hmac(SECRET, `${c.transaction}|${c.order}`)),
	checkout_no_bar: (c) => checkout(c, hmac(SECRET, `${c.order}${c.transaction}`)),
	checkout_upper_case: (c) => checkout(c, upper(hmac(SECRET, `${c.order}|${c.transaction}`))),
	checkout_changed: (c) => checkout(c, changed(hmac(SECRET, `${c.order}|${c.transaction}`), c.next)),
	checkout_empty: (c) => checkout(c, ''),
	/* Known differences, see differences.md */
	checkout_bar_in_id: (c) => {
		c.transaction = `pay_First|${c.transaction}`;
		return checkout(c, hmac(SECRET, `${c.order}|${c.transaction}`));
	},
	checkout_no_payment_id: (c) => {
		c.transaction = 'order_00000000000001';
		return checkout(c, hmac(SECRET, `${c.order}|${c.transaction}`));
	},
	body_not_utf8: (c) => { c.body = NOT_UTF8; return hmac(SECRET, c.body); },
};

function line(n, kind, classes, next) {
	const name = Object.keys(classes)[next(Object.keys(classes).length)];
	const c = new Case(next);
	c.kind = kind;
	c.order = `order_Lines${100000000 + next(900000000)}`;
	c.transaction = `pay_Lines${100000000 + next(900000000)}`;
	const header = Buffer.from(classes[name](c));
	return JSON.stringify({
		n, class: name, kind: c.kind, now: c.now, secret: SECRET, old: OLD, header: header.toString('hex'),
		body: c.body.toString('hex'), order: c.order, transaction: c.transaction,
	});
}

const [, , provider, count, seed] = process.argv;
const [right, wrong] = provider === 'stripe' ? [stripeRight, stripeWrong] : [razorpayRight, razorpayWrong];
const next = random(Number(seed));
const lines = [];
for (let n = 0; n < Number(count); n++) lines.push(line(n, provider, next(2) ? right : wrong, next));
process.stdout.write(`${lines.join('\n')}\n`);
