// What an order costs, computed anew in whole numbers and fractions of them: the opposite number of order_quote().
//
//	node price_model.js make SEED COUNT [dear] >cases	orders to place, one a line; dear: of the highest prices there are
//	node price_model.js check <placed		{case, order, invoice?}, one a line; prints what is wrong and ends with 1
//
// A case: {currency, inclusive, lines: [{price, rate, quantity, split}], coupon: {percent, amount, free, lines} or null, method:
// {price, rate, free_over, handling, bands_by, bands} or null, step: what the store rounds to, or null}. Numbers are text.
// coupon.lines: the indexes of those that it is for, or null; coupon.free: whether it sends them for nothing.
// rounding: of taxes, 'line' or 'rate', as the store has it. A line that is split is sent as two.
//
// Beside the model, every order must keep: total = subtotal - discount_total + shipping_total (+ tax_total where it comes on
// top) + rounding, and the total is a multiple of the step.
'use strict';
const { createHash } = require('node:crypto');

const DECIMALS = { EUR: 2, JPY: 0, KWD: 3, INR: 2, CHF: 2, MGA: 2, ISK: 0 };
const STEPS = { KWD: '0.010', MGA: '1.00' }; // of the others: one unit
const RATE_DECIMALS = 3; // of a tax rate and of a percentage here
const HUNDRED = 100n * 10n ** BigInt(RATE_DECIMALS);

// --- numbers: text with a decimal point, and whole units

function units(text, decimals) {
	const [, whole, part] = /^(\d+)(?:\.(\d+))?$/.exec(text);
	const digits = (part ?? '').replace(/0+$/, '');
	if (digits.length > decimals)
		throw new Error(`${text} has more than ${decimals} decimal places`);
	return BigInt(whole + digits.padEnd(decimals, '0'));
}

function text(count, decimals) {
	const sign = count < 0n ? '-' : '', digits = String(count < 0n ? -count : count).padStart(decimals + 1, '0');
	return sign + (decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits);
}

const signed = (text, decimals) => (text.startsWith('-') ? -units(text.slice(1), decimals) : units(text, decimals));

// Half up; nothing that is rounded is negative.
const rounded = (over, under) => (2n * over + under) / (2n * under);
const sum = (list) => list.reduce((a, b) => a + b, 0n);

// --- the model

function taxOf(amount, rate, inclusive) {
	return rounded(amount * rate, inclusive ? HUNDRED + rate : HUNDRED);
}

// The value of each line as far as the coupon is for it.
const forWhat = (nets, coupon) => nets.map((net, i) => (coupon && (!coupon.lines || coupon.lines.includes(i)) ? net : 0n));

// Rounded once for each rate: of the first n amounts of a rate, the parts add up to the tax of their sum.
function taxesByRate(amounts, rates, inclusive) {
	const upTo = (rate, n) => sum(amounts.slice(0, n).filter((_, i) => rates[i] === rate));
	return amounts.map((_, i) =>
		taxOf(upTo(rates[i], i + 1), rates[i], inclusive) - taxOf(upTo(rates[i], i), rates[i], inclusive));
}

// What each line is reduced by.
function discounts(all, coupon, decimals) {
	const nets = forWhat(all, coupon);
	if (coupon?.percent)
		return nets.map((net) => rounded(net * units(coupon.percent, RATE_DECIMALS), HUNDRED));
	const whole = sum(nets), wanted = coupon?.amount ? units(coupon.amount, decimals) : 0n;
	if (whole === 0n)
		return nets.map(() => 0n);
	const most = wanted < whole ? wanted : whole;
	let upTo = 0n, given = 0n;
	return nets.map((net) => {
		upTo += net;
		const before = given;
		given = rounded(most * upTo, whole);
		return given - before;
	});
}

function shippingOf(c, goods, decimals) {
	const m = c.method;
	if (c.coupon?.free || (m.free_over !== null && goods >= units(m.free_over, decimals)))
		return 0n;
	const pieces = c.lines.reduce((n, l) => n + l.quantity, 0);
	const reached = (b) => b.up_to === null || (m.bands_by === 'pieces' ? pieces <= Number(b.up_to) : goods <= units(b.up_to, decimals));
	const band = m.bands_by ? units(m.bands.find(reached).price, decimals) : 0n;
	return units(m.price, decimals) + band + (m.handling === null ? 0n : units(m.handling, decimals));
}

const stepOf = (c) => units(c.step ?? STEPS[c.currency] ?? text(1n, DECIMALS[c.currency]), DECIMALS[c.currency]);

function cost(c) {
	const decimals = DECIMALS[c.currency];
	const nets = c.lines.map((l) => units(l.price, decimals) * BigInt(l.quantity));
	const off = discounts(nets, c.coupon, decimals);
	const rates = c.lines.map((l) => units(l.rate, RATE_DECIMALS));
	let taxes = nets.map((net, i) => taxOf(net - off[i], rates[i], c.inclusive));
	const subtotal = sum(nets), discount = sum(off);
	let shipping = 0n, shippingTax = 0n, shippingRate = 0n;

	if (c.method) {
		shippingRate = units(c.method.rate, RATE_DECIMALS);
		shipping = shippingOf(c, subtotal - discount, decimals);
		shippingTax = taxOf(shipping, shippingRate, c.inclusive);
	}
	if (c.rounding === 'rate') {
		taxes = taxesByRate([...nets.map((net, i) => net - off[i]), shipping], [...rates, shippingRate], c.inclusive);
		shippingTax = taxes.pop();
	}
	const tax = sum(taxes) + shippingTax, step = stepOf(c);
	const exact = subtotal - discount + shipping + (c.inclusive ? 0n : tax);
	const total = rounded(exact, step) * step;
	const byRate = new Map();
	const add = (rate, amount, part) => {
		const t = byRate.get(rate) ?? { taxable: 0n, tax: 0n };
		t.taxable += amount - (c.inclusive ? part : 0n);
		t.tax += part;
		byRate.set(rate, t);
	};
	nets.forEach((net, i) => add(rates[i], net - off[i], taxes[i]));
	if (shipping > 0n)
		add(shippingRate, shipping, shippingTax);

	return {
		lines: nets.map((net, i) => ({
			tax_amount: taxes[i],
			discount_amount: off[i],
			line_total: net - off[i] + (c.inclusive ? 0n : taxes[i]),
		})),
		sums: {
			subtotal,
			discount_total: discount,
			shipping_total: shipping,
			tax_total: tax,
			rounding: total - exact,
			total,
		},
		taxes: [...byRate].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rate, t]) => ({
			rate: text(rate, RATE_DECIMALS).replace(/\.?0+$/, ''),
			taxable: text(t.taxable, decimals),
			tax: text(t.tax, decimals),
		})),
	};
}

// --- comparing

function* wrongInOrder(c, order, model, decimals) {
	for (const [name, value] of Object.entries(model.sums))
		if (order[name] !== text(value, decimals))
			yield `${name} is ${order[name]}, not ${text(value, decimals)}`;
	if (order.items.length !== c.lines.length)
		yield `${order.items.length} lines`;
	for (const [i, line] of model.lines.entries())
		for (const [name, value] of Object.entries(line))
			if (order.items[i]?.[name] !== text(value, decimals))
				yield `items[${i}].${name} is ${order.items[i]?.[name]}, not ${text(value, decimals)}`;
	// What must hold of any order, whatever the model says.
	const [subtotal, discount, shipping, tax, rounding, total] =
		Object.keys(model.sums).map((n) => signed(order[n], decimals));
	const lines = sum(order.items.map((l) => units(l.line_total, decimals)));
	const lineTaxes = sum(order.items.map((l) => units(l.tax_amount, decimals)));
	if (total % stepOf(c) !== 0n)
		yield 'the total cannot be charged';
	if (total !== subtotal - discount + shipping + (c.inclusive ? 0n : tax) + rounding)
		yield 'the total is not the sum of its parts';
	if (total !== lines + shipping + (c.inclusive ? 0n : tax - lineTaxes) + rounding)
		yield 'the total is not the sum of the lines and the shipping';
	if (discount !== sum(order.items.map((l) => units(l.discount_amount, decimals))))
		yield 'the discount is not that of the lines';
	const most = sum(forWhat(c.lines.map((l) => units(l.price, decimals) * BigInt(l.quantity)), c.coupon));
	if (c.coupon?.amount && discount !== (most < units(c.coupon.amount, decimals) ? most : units(c.coupon.amount, decimals)))
		yield 'the discount is not the amount of the coupon';
}

function* wrongInInvoice(c, invoice, order, model, decimals) {
	if (invoice.amount !== order.total)
		yield `the invoice is over ${invoice.amount}`;
	const found = JSON.stringify(invoice.taxes.map(({ rate, taxable, tax }) => ({ rate, taxable, tax })));
	if (found !== JSON.stringify(model.taxes))
		yield `taxes are ${found}, not ${JSON.stringify(model.taxes)}`;
	const all = sum(invoice.taxes.map((t) => units(t.taxable, decimals) + units(t.tax, decimals)));
	if (all + signed(order.rounding, decimals) !== units(invoice.amount, decimals))
		yield 'the taxes and the rounding do not sum up to the amount';
	if (sum(invoice.taxes.map((t) => units(t.tax, decimals))) !== units(order.tax_total, decimals))
		yield 'the taxes are not those of the order';
	if (c.rounding === 'rate')
		for (const t of invoice.taxes) {
			const base = units(t.taxable, decimals) + (c.inclusive ? units(t.tax, decimals) : 0n);
			if (taxOf(base, units(t.rate, RATE_DECIMALS), c.inclusive) !== units(t.tax, decimals))
				yield `the tax of ${t.rate} % is not that of the sum`;
		}
}

function check(input) {
	let count = 0, wrong = 0;
	for (const line of input.split('\n').filter(Boolean)) {
		const { case: c, order, invoice } = JSON.parse(line);
		const decimals = DECIMALS[c.currency], model = cost(c);
		const found = order.items ? [...wrongInOrder(c, order, model, decimals)] : ['no order'];
		if (invoice)
			found.push(...wrongInInvoice(c, invoice, order, model, decimals));
		count++;
		if (found.length) {
			wrong++;
			console.log(`${JSON.stringify(c)}\n\t${found.join('\n\t')}\n\t${JSON.stringify(order)}`);
		}
	}
	console.log(`${count} orders, ${wrong} wrong`);
	return count === 0 || wrong ? 1 : 0;
}

// --- making

// Numbers from 0 to 1, the same ones for the same seed.
function numbers(seed) {
	let count = 0;
	return () => createHash('sha256').update(`${seed} ${count++}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

function maker(seed, dear) {
	const random = numbers(seed);
	const below = (n) => Math.floor(random() * n);
	const one = (...list) => list[below(list.length)];
	const amount = (decimals, digits) => text(BigInt(below(10 ** Math.min(digits, 15))), decimals);
	const rate = () => one('0', '5', '7', '19', '20', '18', '28', '12.5', '0.001', '100', text(BigInt(below(100001)), 3));

	function coupon(lines, decimals) {
		const some = random() < 0.4 ? lines.map((_, i) => i).filter((i) => i === 0 || random() < 0.5) : null;
		const off = discount(sum(lines.filter((_, i) => !some || some.includes(i))
			.map((l) => units(l.price, decimals) * BigInt(l.quantity))), decimals);
		const free = random() < 0.2;
		return off || free ? { percent: null, amount: null, ...off, free, lines: some } : null;
	}

	function discount(whole, decimals) {
		switch (below(5)) {
		case 0:
			return { percent: one('10', '50', '100', '33.333', '0.5', text(BigInt(1 + below(100000)), 3)) };
		case 1: // a part of it, any one
			return { amount: text(whole * BigInt(1 + below(999)) / 1000n + 1n, decimals) };
		case 2: // exactly it, or a bit around
			return { amount: text(whole + BigInt(below(3)) || 1n, decimals) };
		default:
			return null;
		}
	}

	// One that ends where the order does, or just before, and one without an end.
	function bands(left, pieces, decimals) {
		const by = one(null, null, 'pieces', 'subtotal');
		const end = by === 'pieces' ? String(one(pieces, pieces - 1, pieces + 1) || 1) : text(one(left, left - 1n, left + 1n) || 1n, decimals);
		return { bands_by: by, bands: by && !end.startsWith('-')
			? [{ up_to: end, price: amount(decimals, 3) }, { up_to: null, price: amount(decimals, 3) }]
			: by ? [{ up_to: null, price: amount(decimals, 3) }] : [] };
	}

	return () => {
		const currency = one('EUR', 'EUR', 'JPY', 'KWD', 'INR', 'CHF', 'MGA', 'ISK'), inclusive = random() < 0.5;
		const decimals = DECIMALS[currency];
		const size = one(1, 2, 3, 5, 8, 20), digits = dear ? 11 + decimals : one(1, 3, 4, 4, 6, 9, 11 + decimals);
		const lines = Array.from({ length: 1 + below(size) }, () => ({
			price: random() < 0.05 ? text(0n, decimals) : amount(decimals, digits),
			rate: rate(),
			split: random() < 0.2, // the request has its product twice
			quantity: dear ? 10000 - below(5000) : one(1, 1, 2, 3, 7, 1 + below(100), random() < 0.1 ? 10000 : 1),
		}));
		const c = { currency, inclusive, lines, coupon: coupon(lines, decimals), method: null };
		c.rounding = one('line', 'rate');
		c.step = random() < 0.6 ? null : text(stepOf(c) * one(1n, 2n, 3n, 5n, 7n, 10n, 50n, 1000n), decimals);
		if (random() < 0.6) {
			const { sums } = cost(c), left = sums.subtotal - sums.discount_total;
			c.method = {
				price: amount(decimals, 4),
				rate: rate(),
				free_over: one(null, amount(decimals, 5), text(left, decimals), text(left + 1n, decimals)),
				handling: one(null, amount(decimals, 3)),
				...bands(left, lines.reduce((n, l) => n + l.quantity, 0), decimals),
			};
		}
		return c;
	};
}

const [, , command, seed, count, kind] = process.argv;
if (command === 'make') {
	const make = maker(seed, kind === 'dear');
	for (let i = 0; i < Number(count); i++)
		console.log(JSON.stringify(make()));
} else if (command === 'check') {
	process.exitCode = check(require('node:fs').readFileSync(0, 'utf8'));
} else {
	console.error('usage: node price_model.js make SEED COUNT [dear] | check');
	process.exitCode = 2;
}
