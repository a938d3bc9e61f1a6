/*
 * Razorpay's part of the stand-in: orders, payments and refunds as its API
 * reference describes them.
 */
'use strict';

const crypto = require('crypto');
const shapes = require('./shapes');
const { newId, now, copy, sha256 } = require('./world');

class Refusal extends Error {
	constructor(status, description, field) {
		super(description);
		this.status = status;
		this.error = {
			code: 'BAD_REQUEST_ERROR', description, source: 'business', step: 'payment_initiation',
			reason: 'input_validation_failed', metadata: {}, ...(field && { field }),
		};
	}
}

const refuse = (description, field) => new Refusal(400, description, field);

function parseBody(request) {
	if (request.raw.length === 0) return {};
	try {
		const body = JSON.parse(request.raw.toString());
		if (body && typeof body === 'object' && !Array.isArray(body)) return body;
	} catch (error) { /* told below */ }
	throw refuse('Please provide your request in valid JSON');
}

function amountOf(body, least) {
	if (body.amount === undefined) throw refuse('The amount field is required.', 'amount');
	const amount = Number(body.amount);
	if (!Number.isSafeInteger(amount)) throw refuse('The amount must be an integer.', 'amount');
	if (amount < least) throw refuse('The amount must be at least INR 1.00', 'amount');
	return amount;
}

function checkNotes(notes) {
	const entries = Object.entries(notes || {});
	if (entries.length > 15 || entries.some(([, value]) => String(value).length > 256)) {
		throw refuse('Number of fields in notes should be less than or equal to 15, of 256 characters each', 'notes');
	}
}

/* The newest first, ten of them unless `count` and `skip` say otherwise. */
function collection(items, query) {
	const skip = Number(query.get('skip') || 0);
	const page = items.reverse().slice(skip, skip + Math.min(Number(query.get('count') || 10), 100));
	return { entity: 'collection', count: page.length, items: page };
}

class Razorpay {
	constructor(world) {
		this.world = world;
	}

	authorize(request) {
		const [scheme, word = ''] = (request.headers.authorization || '').split(' ');
		const { razorpayKeyId, razorpayKeySecret } = this.world.secrets;
		if (/^basic$/i.test(scheme) &&
			Buffer.from(word, 'base64').toString() === `${razorpayKeyId}:${razorpayKeySecret}`) return null;
		return this.answer(401, { error: { code: 'BAD_REQUEST_ERROR', description: 'Authentication failed' } });
	}

	answer(status, body, executed = true) {
		return { status, body, executed, headers: {} };
	}

	failure(status) {
		const gateway = status === 502 || status === 504;
		const code = status === 429 ? 'BAD_REQUEST_ERROR' : gateway ? 'GATEWAY_ERROR' : 'SERVER_ERROR';
		const description = status === 429 ? 'Request failed. Please try after some time.' :
			'We are facing some check_fault completing your request at the moment. Please try again shortly.';
		return this.answer(status, { error: { code, description } }, false);
	}

	/* Refunds alone can be repeated by key; an order that may exist already is looked for by its receipt. */
	begin(request) {
		const key = /^\/v1\/payments\/[^/]+\/refund$/.test(request.path) && request.headers['x-refund-idempotency'];
		if (!key) return { state: 'new', finish() {}, drop() {} };
		if (!/^[A-Za-z0-9_-]{10,}$/.test(key)) {
			return this.told(400, 'The idempotency key must have at least 10 letters, digits, hyphens or underscores.');
		}
		const slot = this.world.keys.begin(`razorpay ${key}`, sha256(`${request.path}\n${request.raw}`));
		if (slot.state === 'busy') return this.told(409, 'Another request with this idempotency key is in progress.');
		if (slot.state === 'other') return this.told(400, 'Different request body sent for the same idempotency key.');
		return slot;
	}

	told(status, description) {
		return { state: 'told', answer: this.answer(status, { error: { code: 'BAD_REQUEST_ERROR', description } }) };
	}

	handle(request) {
		try {
			return this.answer(200, copy(this.route(request)));
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return this.answer(error.status, { error: error.error }, false);
		}
	}

	route(request) {
		const [, , resource, id, action] = request.path.split('/');
		const body = request.method === 'POST' ? parseBody(request) : {};
		switch (`${request.method} ${resource} ${id ? 'id' : ''} ${action || ''}`.trim()) {
		case 'POST orders': return this.create(body);
		case 'GET orders': return this.list(request.query);
		case 'GET orders id': return this.get('order', id);
		case 'GET orders id payments':
			return collection(this.of('payment', (p) => p.order_id === this.get('order', id).id), request.query);
		case 'GET payments id': return this.get('payment', id);
		case 'POST payments id capture': return this.capture(body, this.get('payment', id));
		case 'POST payments id refund':
			return this.refund(body, this.get('payment', id), request.headers['x-refund-idempotency']);
		case 'GET payments id refunds':
			return collection(this.of('refund', (r) => r.payment_id === this.get('payment', id).id), request.query);
		case 'GET refunds id': return this.get('refund', id);
		default:
			throw new Refusal(404, 'The requested URL was not found on the server.');
		}
	}

	get(kind, id) {
		const object = this.world.find(kind, id);
		if (!object) throw refuse('The id provided does not exist');
		return object;
	}

	of(kind, condition) {
		return this.world.all(kind).filter(condition);
	}

	list(query) {
		const receipt = query.get('receipt');
		return collection(this.of('order', (o) => receipt === null || o.receipt === receipt), query);
	}

	create(body) {
		const amount = amountOf(body, 100);
		if (body.currency === undefined) throw refuse('The currency field is required.', 'currency');
		if (!/^[A-Z]{3}$/.test(body.currency)) throw refuse('The currency should be valid', 'currency');
		if (['BHD', 'IQD', 'JOD', 'KWD', 'OMR', 'TND'].includes(body.currency) && amount % 10) {
			throw refuse('The last digit of the amount should be 0 for this currency.', 'amount');
		}
		if (body.receipt !== undefined && String(body.receipt).length > 40) {
			throw refuse('The receipt may not be greater than 40 characters.', 'receipt');
		}
		checkNotes(body.notes);
		const order = this.world.add(shapes.order(amount, body.currency, body.receipt || null, body.notes));
		/* Known here alone: the order's answer does not show how its payments are captured. */
		Object.defineProperty(order, 'automatic', {
			value: [1, '1', true, 'true'].includes(body.payment_capture) || (body.payment || {}).capture === 'automatic',
		});
		return order;
	}

	emit(event, objects, payment) {
		const payload = {};
		for (const object of objects) payload[object.entity] = { entity: copy(object) };
		this.world.addEvent('razorpay', newId('', 14), event, objects[0].id, payment, JSON.stringify({
			entity: 'event', account_id: 'acc_StandIn0000001', event, contains: objects.map((o) => o.entity), payload,
			created_at: now(),
		}));
	}

	capture(body, payment) {
		const amount = amountOf(body, 100);
		const order = this.get('order', payment.order_id);
		if (body.currency !== undefined && body.currency !== payment.currency) {
			throw refuse('The currency of the capture must be that of the payment.', 'currency');
		}
		if (payment.captured) throw refuse('This payment has already been captured');
		if (payment.status !== 'authorized') {
			throw refuse('Only payments which have been authorized and not yet captured can be captured');
		}
		if (amount !== payment.amount) throw refuse('Capture amount must be equal to the amount authorized', 'amount');
		if (order.status === 'paid') throw refuse('Payment already done for this order.');
		return this.take(payment, order);
	}

	take(payment, order, { fee = Math.round(payment.amount * 0.02), fee_bearer } = {}) {
		Object.assign(payment, { status: 'captured', captured: true, fee, tax: Math.round(fee * 0.18) });
		if (fee_bearer) payment.fee_bearer = fee_bearer;
		Object.assign(order, { amount_paid: order.amount, amount_due: 0, status: 'paid' });
		this.world.move('razorpay', 'capture', payment.id, payment.id, payment.amount, payment.currency);
		this.emit('payment.captured', [payment], payment.id);
		this.emit('order.paid', [payment, order], payment.id);
		return payment;
	}

	refund(body, payment, key) {
		const left = payment.amount - payment.amount_refunded;
		if (!payment.captured) throw refuse('The payment status should be captured for action to be taken');
		if (left === 0) throw refuse('The payment has been fully refunded already');
		const amount = body.amount === undefined ? left : amountOf(body, 100);
		if (amount > left) throw refuse('The total refund amount is greater than the refund payment amount', 'amount');
		checkNotes(body.notes);
		const refund = this.world.add(shapes.razorpayRefund(payment, amount, body));
		this.refunded(payment, amount);
		this.world.move('razorpay', 'refund', payment.id, refund.id, amount, payment.currency, key);
		this.emit('refund.created', [refund, payment], payment.id);
		if (this.world.refundOutcome !== 'pending') this.settle(refund, this.world.refundOutcome);
		return refund;
	}

	refunded(payment, amount) {
		payment.amount_refunded += amount;
		payment.refund_status = payment.amount_refunded === 0 ? null :
			payment.amount_refunded === payment.amount ? 'full' : 'partial';
		payment.status = payment.refund_status === 'full' ? 'refunded' : 'captured';
	}

	settle(refund, outcome) {
		if (refund.status !== 'pending') throw new Error(`${refund.id} is ${refund.status}`);
		const payment = this.get('payment', refund.payment_id);
		refund.status = outcome === 'failed' ? 'failed' : 'processed';
		if (outcome === 'failed') {
			this.refunded(payment, -refund.amount);
			this.world.move('razorpay', 'refund_failed', payment.id, refund.id, refund.amount, refund.currency);
		}
		this.emit(`refund.${refund.status}`, [refund, payment], payment.id);
	}

	/* The customer's bank: a new dispute of a payment, or an event of the one with that id. */
	dispute(id, { id: known, status, amount, ...more }) {
		const payment = this.get('payment', id);
		const dispute = this.world.find('dispute', known) ||
			this.world.add(shapes.razorpayDispute(payment, amount || payment.amount));
		if (status) dispute.status = status;
		Object.assign(dispute, more);
		if (status === 'lost') {
			this.world.move('razorpay', 'dispute', payment.id, dispute.id, dispute.amount, dispute.currency);
		}
		const what = dispute.status !== 'open' ? dispute.status : known === undefined ? 'created' : 'action_required';
		this.emit(`payment.dispute.${what}`, [payment, dispute], payment.id);
		return copy(dispute);
	}

	/*
	 * The customer: how is succeed, authorize (whatever the order says), capture
	 * (the same), fail, fail_then_succeed, or again, which pays an order a second time. other: amount and currency where
	 * they are not the order's, fee and fee_bearer.
	 */
	pay(id, how, notes, other) {
		const order = this.get('order', id);
		if (order.status === 'paid' && how !== 'again') throw new Error(`${id} is paid: it cannot be paid`);
		if (how === 'fail' || how === 'fail_then_succeed') this.fail(order, notes);
		if (how === 'fail') return { ...copy(order) };
		const { amount = order.amount, currency = order.currency } = other;
		const payment = Object.assign(this.attempt(order, 'authorized', notes), { amount, currency });
		this.emit('payment.authorized', [payment], payment.id);
		if (how === 'capture' || (order.automatic && how !== 'authorize' && how !== 'again'))
			this.take(payment, order, other);
		return { ...copy(payment), checkout: this.checkout(order.id, payment.id) };
	}

	/* What the provider's page gives to the browser. */
	checkout(order, payment) {
		return {
			razorpay_order_id: order, razorpay_payment_id: payment,
			razorpay_signature: crypto.createHmac('sha256', this.world.secrets.razorpayKeySecret)
				.update(`${order}|${payment}`).digest('hex'),
		};
	}

	attempt(order, status, notes) {
		order.attempts++;
		if (order.status === 'created') order.status = 'attempted';
		return this.world.add(shapes.payment(order, status, notes));
	}

	fail(order, notes) {
		const payment = this.attempt(order, 'failed', notes);
		Object.assign(payment, {
			error_code: 'BAD_REQUEST_ERROR', error_description: 'Payment failed', error_source: 'customer',
			error_step: 'payment_authentication', error_reason: 'payment_failed',
		});
		this.emit('payment.failed', [payment], payment.id);
	}
}

module.exports = { Razorpay };
