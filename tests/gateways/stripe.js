/*
 * Stripe's part of the stand-in: PaymentIntents and refunds as its API
 * reference describes them, with its idempotency and its errors.
 */
'use strict';

const shapes = require('./shapes');
const { newId, now, copy, sha256 } = require('./world');

const PARAMETERS = {
	create: ['amount', 'currency', 'capture_method', 'automatic_payment_methods', 'payment_method_types',
		'description', 'metadata', 'receipt_email', 'shipping', 'statement_descriptor_suffix', 'expand'],
	capture: ['amount_to_capture', 'metadata', 'expand'],
	cancel: ['cancellation_reason', 'expand'],
	refund: ['payment_intent', 'charge', 'amount', 'reason', 'metadata', 'expand'],
};

/* https://docs.stripe.com/currencies: amounts are a multiple of so many units. */
const MULTIPLES = { bhd: 10, jod: 10, kwd: 10, omr: 10, tnd: 10, isk: 100, ugx: 100 };

class Refusal extends Error {
	constructor(status, error) {
		super(error.message);
		this.status = status;
		this.error = error;
	}
}

/* executed: the endpoint had begun its work, so that a key keeps even this answer. */
function refuse(message, how = {}) {
	const { code, param, status = 400, type = 'invalid_request_error', executed = false, ...more } = how;
	const refusal = new Refusal(status, { ...(code && { code }), message, ...(param && { param }), type, ...more });
	refusal.executed = executed;
	return refusal;
}

/* "metadata[order]=7&types[]=card&a[b][c]=1" as { metadata: { order: '7' }, types: ['card'], a: { b: { c: '1' } } }. */
function parseForm(text) {
	const form = Object.create(null);
	for (const [name, value] of new URLSearchParams(text)) {
		const deep = /^([^[]+)\[([^\]]+)\]\[([^\]]+)\]$/.exec(name);
		if (deep) {
			const outer = form[deep[1]] = form[deep[1]] || Object.create(null);
			(outer[deep[2]] = outer[deep[2]] || Object.create(null))[deep[3]] = value;
			continue;
		}
		const [, first, second] = /^([^[]+)(?:\[([^\]]*)\])?$/.exec(name) || [null, name];
		if (second === undefined) form[first] = value;
		else if (/^\d*$/.test(second)) (form[first] = form[first] || []).push(value);
		else (form[first] = form[first] || Object.create(null))[second] = value;
	}
	return form;
}

function parameters(request, allowed) {
	if (request.raw.length > 0 && !/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] || '')) {
		throw refuse('Invalid request (check that your POST content type is application/x-www-form-urlencoded).');
	}
	const form = parseForm(request.raw.toString());
	const unknown = Object.keys(form).find((name) => !allowed.includes(name));
	if (unknown) throw refuse(`Received unknown parameter: ${unknown}`, { code: 'parameter_unknown', param: unknown });
	for (const [name, value] of Object.entries(form.metadata || {})) {
		if (name.length > 40 || value.length > 500) throw refuse('Metadata too long', { param: `metadata[${name}]` });
	}
	return form;
}

function integer(form, name) {
	if (form[name] === undefined) return undefined;
	if (!/^\d{1,12}$/.test(form[name]) || Number(form[name]) < 1) {
		throw refuse('Invalid positive integer', { code: 'parameter_invalid_integer', param: name });
	}
	return Number(form[name]);
}

function missing(name) {
	return refuse(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
}

class Stripe {
	constructor(world) {
		this.world = world;
	}

	authorize(request) {
		const [scheme, word = ''] = (request.headers.authorization || '').split(' ');
		const key = /^basic$/i.test(scheme) ? Buffer.from(word, 'base64').toString().replace(/:$/, '') : word;
		if (key === this.world.secrets.stripeKey && /^(basic|bearer)$/i.test(scheme)) return null;
		const message = key ? 'Invalid API Key provided: ****' : 'You did not provide an API key.';
		return this.answer(401, { error: { message, type: 'invalid_request_error' } });
	}

	answer(status, body, executed = true) {
		return { status, body, executed, headers: { 'Request-Id': newId('req_', 14) } };
	}

	/* The error that a fault of ours tells of; its answer is not kept for the key. */
	failure(status) {
		const type = status === 429 ? 'invalid_request_error' : 'api_error';
		return this.answer(status, { error: { message: 'An unknown error occurred', type } }, false);
	}

	begin(request) {
		const key = request.method === 'POST' && request.headers['idempotency-key'];
		if (!key) return { state: 'new', finish() {}, drop() {} };
		if (key.length > 255) {
			return this.told(400, 'Idempotency keys can be 255 characters long at most.', 'invalid_request_error');
		}
		const form = [...new URLSearchParams(request.raw.toString())].map((pair) => JSON.stringify(pair)).sort();
		const slot = this.world.keys.begin(`stripe ${key}`, sha256([request.path, ...form].join('\n')));
		switch (slot.state) {
		case 'replay':
			return { ...slot, answer: { ...slot.answer, headers: { ...slot.answer.headers, 'Idempotent-Replayed': 'true' } } };
		case 'busy':
			return this.told(409, 'There is currently another in-progress request using this Idempotent Key: ' +
				`${key}. Please try again later.`, 'invalid_request_error', 'idempotency_key_in_use');
		case 'other':
			return this.told(400, 'Keys for idempotent requests can only be used with the same endpoint and parameters ' +
				`they were first used with. Use a key other than '${key}' for another request.`, 'idempotency_error');
		default:
			return slot;
		}
	}

	told(status, message, type, code) {
		return { state: 'told', answer: this.answer(status, { error: { ...(code && { code }), message, type } }) };
	}

	handle(request) {
		try {
			return this.answer(200, copy(this.route(request)));
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return this.answer(error.status, { error: error.error }, error.executed);
		}
	}

	route(request) {
		const [, , resource, id, action] = request.path.split('/');
		switch (`${request.method} ${resource} ${id ? 'id' : ''} ${action || ''}`.trim()) {
		case 'POST payment_intents': return this.create(request);
		case 'GET payment_intents id': return this.intent(id);
		case 'POST payment_intents id capture': return this.capture(request, this.intent(id));
		case 'POST payment_intents id cancel': return this.cancel(request, this.intent(id));
		case 'POST refunds': return this.refund(request);
		case 'GET refunds': return this.refunds(request.query);
		case 'GET refunds id': return this.world.find('refund', id) || this.none('refund', id);
		default:
			throw refuse(`Unrecognized request URL (${request.method}: ${request.path}).`, { status: 404 });
		}
	}

	none(what, id) {
		throw refuse(`No such ${what}: '${id}'`, { code: 'resource_missing', param: what, status: 404 });
	}

	intent(id) {
		return this.world.find('payment_intent', id) || this.none('payment_intent', id);
	}

	emit(type, object, request, payment = object.payment_intent || object.id) {
		const event = shapes.stripeEvent(type, copy(object), request && request.headers['idempotency-key']);
		/* Indented, as it is sent: the signature is over the bytes. */
		this.world.addEvent('stripe', event.id, type, object.id, payment, JSON.stringify(event, null, 2));
	}

	create(request) {
		const form = parameters(request, PARAMETERS.create);
		const amount = integer(form, 'amount');
		if (amount === undefined) throw missing('amount');
		if (form.currency === undefined) throw missing('currency');
		if (!/^[a-z]{3}$/i.test(form.currency)) throw refuse(`Invalid currency: ${form.currency}.`, { param: 'currency' });
		if (amount % (MULTIPLES[form.currency.toLowerCase()] || 1)) {
			throw refuse(`Invalid amount: ${amount} ${form.currency}.`, { code: 'amount_invalid', param: 'amount' });
		}
		const method = form.capture_method || 'automatic_async';
		if (!['automatic', 'automatic_async', 'manual'].includes(method)) {
			throw refuse('Invalid capture_method', { param: 'capture_method' });
		}
		const intent = shapes.paymentIntent(amount, form.currency.toLowerCase(), method, { ...form.metadata });
		intent.description = form.description || null;
		intent.receipt_email = form.receipt_email || null;
		if (form.shipping && !(form.shipping.name && (form.shipping.address || {}).line1)) throw missing('shipping[name]');
		intent.shipping = form.shipping ? copy(form.shipping) : null;
		if ((form.automatic_payment_methods || {}).enabled === 'true') {
			intent.automatic_payment_methods = { allow_redirects: 'always', enabled: true };
		}
		this.world.add(intent);
		this.emit('payment_intent.created', intent, request);
		return intent;
	}

	unexpected(intent, what, states) {
		return refuse(`This PaymentIntent could not be ${what} because it has a status of ${intent.status}. ` +
			`Only a PaymentIntent with one of the following statuses may be ${what}: ${states.join(', ')}.`,
		{ code: 'payment_intent_unexpected_state', executed: true, payment_intent: copy(intent) });
	}

	capture(request, intent) {
		const form = parameters(request, PARAMETERS.capture);
		const amount = integer(form, 'amount_to_capture') || intent.amount_capturable;
		if (intent.status !== 'requires_capture') throw this.unexpected(intent, 'captured', ['requires_capture']);
		if (amount > intent.amount_capturable) {
			throw refuse('The amount to capture is greater than the amount that can be captured.',
				{ code: 'amount_too_large', param: 'amount_to_capture', executed: true });
		}
		const charge = this.world.find('charge', intent.latest_charge);
		Object.assign(charge, { captured: true, amount_captured: amount });
		Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: amount });
		this.world.move('stripe', 'capture', intent.id, charge.id, amount, intent.currency,
			request.headers['idempotency-key']);
		this.emit('charge.captured', charge, request);
		this.emit('payment_intent.succeeded', intent, request);
		return intent;
	}

	cancel(request, intent) {
		const form = parameters(request, PARAMETERS.cancel);
		const states = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action',
			'processing'];
		if (!states.includes(intent.status)) throw this.unexpected(intent, 'canceled', states);
		Object.assign(intent, {
			status: 'canceled', canceled_at: now(), amount_capturable: 0,
			cancellation_reason: form.cancellation_reason || null,
		});
		this.emit('payment_intent.canceled', intent, request);
		return intent;
	}

	refund(request) {
		const form = parameters(request, PARAMETERS.refund);
		const charged = form.charge && this.world.find('charge', form.charge);
		if (!form.payment_intent && !charged) throw missing('payment_intent');
		const intent = this.intent(form.payment_intent || charged.payment_intent);
		const charge = this.world.find('charge', intent.latest_charge);
		const asked = integer(form, 'amount');
		if (!charge || !charge.captured) {
			throw refuse('This PaymentIntent does not have a successful charge to refund.',
				{ code: 'payment_intent_unexpected_state', param: 'payment_intent', executed: true });
		}
		const left = charge.amount_captured - charge.amount_refunded;
		if (left === 0) {
			throw refuse(`Charge ${charge.id} has already been refunded.`,
				{ code: 'charge_already_refunded', executed: true });
		}
		const amount = asked || left;
		if (amount > left) {
			throw refuse(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
				{ param: 'amount', executed: true });
		}
		const refund = this.world.add(shapes.stripeRefund(intent, amount, form.reason || null, { ...form.metadata }));
		refund.status = this.world.refundOutcome;
		charge.amount_refunded += amount;
		charge.refunded = charge.amount_refunded === charge.amount_captured;
		this.world.move('stripe', 'refund', intent.id, refund.id, amount, intent.currency,
			request.headers['idempotency-key']);
		this.emit('refund.created', refund, request);
		this.emit('charge.refunded', charge, request);
		if (refund.status === 'failed') this.takeBack(refund);
		return refund;
	}

	/* The newest first; as many as `limit` says, behind `starting_after`. */
	refunds(query) {
		const limit = Number(query.get('limit') || 10), of = query.get('payment_intent'), after = query.get('starting_after');
		if (!(limit >= 1 && limit <= 100)) throw refuse('Invalid limit', { param: 'limit' });
		const found = this.world.all('refund').filter((refund) => refund.object &&
			(of === null || refund.payment_intent === of)).reverse();
		const from = after === null ? 0 : found.findIndex((refund) => refund.id === after) + 1;
		return {
			object: 'list', data: found.slice(from, from + limit), has_more: found.length > from + limit, url: '/v1/refunds',
		};
	}

	takeBack(refund) {
		const charge = this.world.find('charge', refund.charge);
		refund.status = 'failed';
		refund.failure_reason = 'expired_or_canceled_card';
		charge.amount_refunded -= refund.amount;
		charge.refunded = false;
		this.world.move('stripe', 'refund_failed', refund.payment_intent, refund.id, refund.amount, refund.currency);
		this.emit('refund.updated', refund);
		this.emit('refund.failed', refund);
	}

	settle(refund, outcome) {
		if (refund.status !== 'pending') throw new Error(`${refund.id} is ${refund.status}`);
		if (outcome === 'failed') return this.takeBack(refund);
		refund.status = 'succeeded';
		return this.emit('refund.updated', refund);
	}

	/* The customer's bank: a new dispute of an intent, or an event of the one with that id. */
	dispute(id, { id: known, status, amount, reason, due_by }) {
		const intent = this.intent(id);
		const dispute = this.world.find('dispute', known) || this.world.add(shapes.stripeDispute(intent, amount || intent.amount));
		if (status) dispute.status = status;
		if (reason) dispute.reason = reason;
		if (due_by) dispute.evidence_details.due_by = due_by;
		if (status === 'lost') {
			this.world.move('stripe', 'dispute', intent.id, dispute.id, dispute.amount, dispute.currency);
		}
		const what = known === undefined ? 'created' : /^(won|lost|warning_closed)$/.test(status) ? 'closed' : 'updated';
		this.emit(`charge.dispute.${what}`, dispute);
		return copy(dispute);
	}

	/*
	 * The customer: how is succeed, fail, fail_then_succeed, processing or require_action. amount: what is captured,
	 * when it is another one than the intent's; first: what is captured before the rest.
	 */
	pay(id, how, notes, { amount, first, next_action }) {
		const intent = this.intent(id);
		if (['succeeded', 'canceled', 'requires_capture'].includes(intent.status)) {
			throw new Error(`${id} is ${intent.status}: it cannot be paid`);
		}
		if (how === 'fail' || how === 'fail_then_succeed') this.fail(intent);
		if (how === 'processing' || how === 'require_action') {
			intent.status = how === 'processing' ? 'processing' : 'requires_action';
			intent.next_action = next_action || null;
			this.emit(`payment_intent.${intent.status}`, intent);
		}
		if (how === 'succeed' || how === 'fail_then_succeed') this.succeed(intent, amount, first);
		return copy(intent);
	}

	fail(intent) {
		const charge = this.world.add(shapes.charge(intent, false));
		const told = {
			code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.', type: 'card_error',
		};
		Object.assign(charge, { status: 'failed', paid: false, failure_code: told.code, failure_message: told.message });
		Object.assign(intent, {
			status: 'requires_payment_method', latest_charge: charge.id,
			last_payment_error: { charge: charge.id, ...told },
		});
		this.emit('charge.failed', charge);
		this.emit('payment_intent.payment_failed', intent);
	}

	succeed(intent, amount = intent.amount, first = 0) {
		const captured = intent.capture_method !== 'manual';
		const charge = this.world.add(shapes.charge(intent, captured));
		Object.assign(intent, {
			status: captured ? 'succeeded' : 'requires_capture', latest_charge: charge.id, last_payment_error: null,
			payment_method: charge.payment_method, amount_received: captured ? amount : 0,
			amount_capturable: captured ? 0 : intent.amount,
		});
		if (first) {
			this.emit('payment_intent.amount_capturable_updated', {
				...intent, status: 'requires_capture', amount_received: first, amount_capturable: intent.amount - first,
			});
		}
		if (captured) {
			charge.amount_captured = amount;
			this.world.move('stripe', 'capture', intent.id, charge.id, amount, intent.currency);
		}
		this.emit('charge.succeeded', charge);
		this.emit(captured ? 'payment_intent.succeeded' : 'payment_intent.amount_capturable_updated', intent);
	}
}

module.exports = { Stripe };
