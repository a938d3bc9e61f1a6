/*
 * What catalogue-reader made of a file beside what must come of it:
 *
 *	catalogue-reader FILE… | node compare_catalogue.js FILE.expected.json [subset]
 *
 * Prints each difference and exits with 1 if there is one. With `subset` the products of the expected file are compared
 * in what they name, and others may be there: for files that belong to others. The README beside the expected files says
 * what their members mean.
 */
'use strict';
const fs = require('fs');

const expected = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const subset = process.argv[3] === 'subset';
const lines = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean).map(JSON.parse);
const products = lines.filter((l) => l.source);
const reports = lines.filter((l) => l.report).map((l) => l.report).filter((r) => r.file === expected.file);
const categories = lines.filter((l) => l.category).map((l) => l.category);
const differences = [];

const differ = (where, want, got) => {
	if (JSON.stringify(want) !== JSON.stringify(got))
		differences.push(`${where}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
};
const cents = (price) => (price == null ? undefined : Number(price).toFixed(2));
const day = (time) => (time ? time.slice(0, 10) : undefined);
const url = (u) => (u ? decodeURI(u) : undefined);
const sorted = (o) => (o && Object.keys(o).length ? Object.fromEntries(Object.entries(o).sort()) : undefined);

function stock(item) {
	if (item.track_inventory === false) return { policy: 'untracked' };
	if (item.track_inventory === undefined) return undefined;
	return { policy: item.allow_backorder ? 'backorder' : 'counted', count: item.inventory_count };
}

/* "unavailable" is a counted stock of none; a backorder without a count begins at 0. */
function expectedStock(s) {
	if (!s) return undefined;
	if (s.policy === 'untracked') return s;
	return { policy: s.policy === 'unavailable' ? 'counted' : s.policy, count: s.count ?? 0 };
}

function compareSold(where, want, got) {
	differ(`${where} sku`, want.sku ?? undefined, got.sku);
	differ(`${where} price`, cents(want.price), cents(got.price));
	differ(`${where} sale_price`, cents(want.sale_price), cents(got.sale_price));
	/* Of a second file's variants the days stand with the product. */
	if (!subset || want.sale_from) differ(`${where} sale_from`, want.sale_from, day(got.sale_from));
	if (!subset || want.sale_to) differ(`${where} sale_to`, want.sale_to, day(got.sale_to));
	differ(`${where} stock`, expectedStock(want.stock), stock(got));
	differ(`${where} barcode`, want.barcode, got.barcode);
	if (want.mpn) differ(`${where} mpn`, want.mpn, got.mpn);
	if (want.cost) differ(`${where} cost`, cents(want.cost), cents(got.cost_price));
	if (want.weight_kg && Math.abs(Number(want.weight_kg) - Number(got.weight ?? 0)) > 0.001)
		differ(`${where} weight`, want.weight_kg, got.weight);
	differ(`${where} prices`, sorted(want.prices), sorted(got.metadata?.prices));
}

function compareProduct(want, got) {
	const where = `product ${want.key}`;
	const key = got.external_id ?? got.sku ?? String(got.source.record);
	differ(`${where} key`, want.key, /^\d+$/.test(want.key) && !got.external_id ? String(got.source.record) : key);
	if (want.name) differ(`${where} name`, want.name, got.name);
	differ(`${where} names`, sorted(want.names), sorted(got.metadata?.names));
	if (subset && !want.variants) return;
	differ(`${where} options`, want.options, got.options);
	differ(`${where} variants`, want.variants?.length, got.variants?.length);
	if (want.variants) {
		differ(`${where} sku`, want.sku ?? undefined, got.sku);
		compareVariants(where, want, got);
	} else {
		compareSold(where, want, got);
	}
	if (subset) return;
	differ(`${where} brand`, want.brand, got.brand);
	differ(`${where} categories`, want.categories, got.categories);
	differ(`${where} tags`, want.tags, got.tags);
	differ(`${where} images`, want.images?.map(url), got.images?.map((i) => url(i.url)));
	if (want.description) differ(`${where} description`, want.description, got.description);
	if (want.attributes) differ(`${where} attributes`, sorted(want.attributes), sorted(got.attributes));
	differ(`${where} published`, want.published ?? true, got.published ?? true);
	differ(`${where} listed`, want.listed ?? true, got.listed ?? true);
	differ(`${where} status`, want.status, got.metadata?.status);
	differ(`${where} kind`, want.kind, got.metadata?.kind);
}

function compareVariants(where, want, got) {
	/* Their order is not compared: they are found by their options. */
	const named = (v) => JSON.stringify(sorted(v.options));
	for (const v of want.variants) {
		const found = got.variants?.find((g) => named(g) === named(v));
		if (!found) {
			differences.push(`${where}: no variant ${named(v)}`);
			continue;
		}
		compareSold(`${where} ${named(v)}`, v, found);
		differ(`${where} ${named(v)} image`, url(v.image), url(found.images?.[0]?.url));
		differ(`${where} ${named(v)} published`, v.published ?? true, found.published ?? true);
		differ(`${where} ${named(v)} default`, v.default, found.metadata?.default);
	}
}

if (subset) {
	for (const want of expected.products) {
		const got = products.find((p) => p.external_id === want.key);
		if (got) compareProduct(want, got);
		else differences.push(`no product ${want.key}`);
	}
} else {
	differ('products', expected.products.map((p) => p.name), products.map((p) => p.name));
	expected.products.forEach((want, i) => products[i] && compareProduct(want, products[i]));
}
differ('categories', expected.categories, categories.length && expected.categories ?
	categories.map((c) => ({ path: c.path, published: c.published ?? true })) : undefined);

/*
 * Each expected report is there; what else is reported is no refusal and no change, but for rows that go with a refused
 * one.
 */
const same = (a, b) => a.reason === b.reason && a.outcome === b.outcome && (a.record ?? 0) === (b.record ?? 0);
for (const want of expected.report) {
	const got = reports.find((r) => same(r, want) && (!want.line || r.line === want.line));
	if (!got) differences.push(`not reported: ${JSON.stringify(want)}`);
}
for (const got of reports)
	if (got.outcome !== 'note' && got.reason !== 'product_refused' && !expected.report.some((want) => same(want, got)))
		differences.push(`reported: ${JSON.stringify(got)}`);

const format = lines.filter((l) => l.file).map((l) => l.file).find((f) => f.name === expected.file)?.format;
differ('format', expected.format, format);
if (differences.length) {
	console.log(differences.join('\n'));
	process.exit(1);
}
