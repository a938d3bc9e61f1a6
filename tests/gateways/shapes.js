/*
 * The objects of both providers as their documentation shows them, member by
 * member, when they are new.
 */
'use strict';

const { newId, now } = require('./world');

function paymentIntent(amount, currency, capture_method, metadata) {
	const id = newId('pi_3', 23);
	return {
		id, object: 'payment_intent', amount, amount_capturable: 0, amount_details: { tip: {} }, amount_received: 0,
		application: null, application_fee_amount: null, automatic_payment_methods: null, canceled_at: null,
		cancellation_reason: null, capture_method, client_secret: `${id}_secret_${newId('', 25)}`,
		confirmation_method: 'automatic', created: now(), currency, customer: null, customer_account: null,
		description: null, excluded_payment_method_types: null, last_payment_error: null, latest_charge: null,
		livemode: false, managed_payments: { enabled: false }, metadata, next_action: null, on_behalf_of: null,
		payment_method: null, payment_method_configuration_details: null, payment_method_options: {},
		payment_method_types: ['card'], processing: null, receipt_email: null, review: null, setup_future_usage: null,
		shipping: null, source: null, statement_descriptor: null, statement_descriptor_suffix: null,
		status: 'requires_payment_method', transfer_data: null, transfer_group: null,
	};
}

function charge(intent, captured) {
	return {
		id: newId('ch_3', 23), object: 'charge', amount: intent.amount, amount_captured: captured ? intent.amount : 0,
		amount_refunded: 0, application: null, application_fee: null, application_fee_amount: null,
		balance_transaction: null, billing_details: {
			address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
			email: null, name: null, phone: null, tax_id: null,
		},
		calculated_statement_descriptor: null, captured, created: now(), currency: intent.currency, customer: null,
		description: intent.description, disputed: false, failure_balance_transaction: null, failure_code: null,
		failure_message: null, fraud_details: {}, livemode: false, metadata: intent.metadata, on_behalf_of: null,
		outcome: {
			advice_code: null, network_advice_code: null, network_decline_code: null,
			network_status: 'approved_by_network', reason: null, seller_message: 'Payment complete.', type: 'authorized',
		},
		paid: true, payment_intent: intent.id, payment_method: newId('pm_1', 23),
		payment_method_details: { card: { brand: 'visa', country: 'US', last4: '4242' }, type: 'card' },
		receipt_email: null, receipt_number: null, receipt_url: null, refunded: false, review: null, shipping: null,
		source: null, source_transfer: null, statement_descriptor: null, statement_descriptor_suffix: null,
		status: 'succeeded', transfer_data: null, transfer_group: null,
	};
}

function stripeRefund(intent, amount, reason, metadata) {
	return {
		id: newId('re_3', 23), object: 'refund', amount, balance_transaction: null, charge: intent.latest_charge,
		created: now(), currency: intent.currency, customer: null, customer_account: null,
		destination_details: { card: { type: 'refund' }, type: 'card' }, metadata, payment_intent: intent.id,
		payment_method: intent.payment_method, reason, receipt_number: null, source_transfer_reversal: null,
		status: 'pending', transfer_reversal: null,
	};
}

function stripeDispute(of, amount) {
	return {
		id: newId('du_1', 23), object: 'dispute', amount, balance_transactions: [], charge: of.latest_charge, created: now(),
		currency: of.currency, enhanced_eligibility_types: [], evidence: {}, evidence_details: {
			due_by: now() + 7 * 86400, has_evidence: false, past_due: false, submission_count: 0,
		},
		is_charge_refundable: false, livemode: false, metadata: {}, payment_intent: of.id, reason: 'fraudulent',
		status: 'needs_response',
	};
}

function stripeEvent(type, object, key) {
	return {
		id: newId('evt_3', 23), object: 'event', api_version: '2024-06-20', created: now(), data: { object },
		livemode: false, pending_webhooks: 1, request: { id: newId('req_', 14), idempotency_key: key || null }, type,
	};
}

/* An empty `notes` is an array there, one with members an object. */
const notesOf = (notes) => (notes && Object.keys(notes).length > 0 ? notes : []);

function order(amount, currency, receipt, notes) {
	return {
		id: newId('order_', 14), entity: 'order', amount, amount_paid: 0, amount_due: amount, currency, receipt,
		offer_id: null, status: 'created', attempts: 0, notes: notesOf(notes), created_at: now(),
	};
}

function payment(of, status, notes) {
	return {
		id: newId('pay_', 14), entity: 'payment', amount: of.amount, currency: of.currency, status, order_id: of.id,
		invoice_id: null, international: false, method: 'upi', amount_refunded: 0, refund_status: null, captured: false,
		description: null, card_id: null, bank: null, wallet: null, vpa: 'buyer@bank', email: 'buyer@example.org',
		contact: '+919812345678', notes: notesOf(notes), fee: null, tax: null, error_code: null,
		error_description: null, error_source: null, error_step: null, error_reason: null, acquirer_data: {},
		created_at: now(),
	};
}

function razorpayDispute(of, amount) {
	return {
		id: newId('disp_', 14), entity: 'dispute', payment_id: of.id, amount, currency: of.currency, amount_deducted: 0,
		reason_code: 'goods_or_services_not_received', reason_description: 'Not received', respond_by: now() + 3 * 86400,
		status: 'open', phase: 'chargeback', created_at: now(), comments: null,
	};
}

function razorpayRefund(of, amount, body) {
	return {
		id: newId('rfnd_', 14), entity: 'refund', amount, currency: of.currency, payment_id: of.id,
		notes: notesOf(body.notes), receipt: body.receipt || null, acquirer_data: { arn: null }, created_at: now(),
		batch_id: null, status: 'pending', speed_processed: 'normal', speed_requested: body.speed || 'normal',
	};
}

module.exports = {
	paymentIntent, charge, stripeRefund, stripeDispute, stripeEvent, order, payment, razorpayRefund, razorpayDispute,
};
