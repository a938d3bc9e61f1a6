/*
 * What the providers' own packages say of signatures: JSON lines of lines.js
 * in, one {"n","class","ok","why"} for each out. A line with "op":"make" asks
 * for a signature instead: {"op":"make","kind":"stripe","secret","body","t"}
 * (body as text) gives {"header"}.
 */
'use strict';

const readline = require('readline');
const stripe = require('stripe')('sk_test_none');
const razorpay = require('razorpay/dist/utils/razorpay-utils');

const TOLERANCE_S = 300;

const checks = {
	stripe(line, secret) {
		try {
			stripe.webhooks.constructEvent(line.body, line.header, secret, TOLERANCE_S, undefined, line.now * 1000);
			return true;
		} catch (error) {
			/* A signature that is right over what is not JSON is still right. Whatever else it throws is a refusal. */
			if (error instanceof SyntaxError) return true;
			line.why = error.message.split('\n')[0];
			return false;
		}
	},

	razorpay(line, secret) {
		return razorpay.validateWebhookSignature(line.body, line.header, secret);
	},

	checkout(line, secret) {
		return razorpay.validatePaymentVerification({ order_id: line.order, payment_id: line.transaction }, line.header,
			secret);
	},
};

/* While a webhook's secret is changed both are good; the key of the browser's signature is one. */
function check(line) {
	const told = { ...line, body: Buffer.from(line.body, 'hex'), header: Buffer.from(line.header, 'hex').toString() };
	const secrets = line.kind === 'checkout' ? [line.secret] : [line.secret, line.old];
	const ok = secrets.some((secret) => checks[line.kind](told, secret));
	return { n: line.n, class: line.class, ok, ...(!ok && told.why && { why: told.why }) };
}

function make({ body, secret, t }) {
	return { header: stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: t }) };
}

async function main() {
	const answers = [];
	for await (const text of readline.createInterface({ input: process.stdin })) {
		const line = JSON.parse(text);
		answers.push(JSON.stringify(line.op === 'make' ? make(line) : check(line)));
	}
	process.stdout.write(`${answers.join('\n')}\n`);
}

main();
