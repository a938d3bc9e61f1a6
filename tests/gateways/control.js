/*
 * What a test tells the stand-in: POST /_control with one JSON object of one
 * member, the command, whose value is its argument. README.md lists them.
 */
'use strict';

const webhooks = require('./webhooks');
const { copy } = require('./world');

const FAULTS = ['slow', 'error', 'error_after', 'lose', 'hang', 'hang_after', 'truncate', 'cut', 'garbage',
	'wrong_amount', 'wrong_currency', 'wrong_id'];
const PAYS = {
	stripe: ['succeed', 'fail', 'fail_then_succeed', 'processing', 'require_action'],
	razorpay: ['succeed', 'authorize', 'capture', 'fail', 'fail_then_succeed', 'again'],
};

const commands = {
	fault(world, apis, { match = '', how, times, latency_ms = 0, status = 500, keep = false }) {
		if (!FAULTS.includes(how)) throw new Error(`no fault is called ${how}`);
		world.faults.push({ match, how, left: times || Infinity, latency_ms, status, keep });
		return world.faults.length;
	},

	clear(world) {
		world.faults = [];
		for (const release of world.hanging) release();
		return true;
	},

	pay(world, apis, { provider, id, how = 'succeed', notes, ...other }) {
		if (!apis[provider]) throw new Error(`no provider is called ${provider}`);
		if (!PAYS[provider].includes(how)) throw new Error(`nobody pays like this: ${how}`);
		return apis[provider].pay(id, how, notes, other);
	},

	refunds(world, apis, outcome) {
		if (!['succeeded', 'pending', 'failed'].includes(outcome)) throw new Error(`no outcome is called ${outcome}`);
		world.refundOutcome = outcome;
		return outcome;
	},

	settle(world, apis, { id, outcome }) {
		const refund = world.find('refund', id);
		if (!refund) throw new Error(`no refund is called ${id}`);
		apis[refund.entity ? 'razorpay' : 'stripe'].settle(refund, outcome);
		return copy(refund);
	},

	dispute(world, apis, { provider, payment, ...change }) {
		if (!apis[provider]) throw new Error(`no provider is called ${provider}`);
		return apis[provider].dispute(payment, change);
	},

	events(world, apis, what) {
		return webhooks.select(world, what).map((event) => ({ ...event, headers: webhooks.sign(world, event, what) }));
	},

	deliver(world, apis, how) {
		return webhooks.deliver(world, how);
	},

	ledger(world) {
		return world.ledger();
	},

	log(world, apis, { match = '' }) {
		return world.log.filter((entry) => `${entry.method} ${entry.path}`.includes(match));
	},

	objects(world, apis, { kind }) {
		return world.all(kind);
	},

	forget_keys(world) {
		world.keys.entries.clear();
		return true;
	},

	reset(world) {
		world.reset();
		return true;
	},
};

/* The answer to one command: { status, body }. */
async function control(world, apis, text) {
	try {
		const members = Object.entries(JSON.parse(text));
		const [[name, argument]] = members;
		if (members.length !== 1 || !Object.hasOwn(commands, name)) throw new Error(`no command is called ${name}`);
		return { status: 200, body: await commands[name](world, apis, argument) };
	} catch (error) {
		return { status: 400, body: { error: error.message } };
	}
}

module.exports = { control };
