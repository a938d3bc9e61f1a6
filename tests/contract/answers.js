// Holds the answers that the e2e tests got against what the programs say that they answer (--describe).
//
//	node tests/contract/answers.js PROGRAMS DIRECTORY
//
// PROGRAMS has the programs (build/cgi-bin/api), DIRECTORY the files that tests/support/base.bash wrote into $ANSWERS. A
// line of TAP for each route: every answer has a status, a problem or a body that is described, the headers and parameters
// that it was got with are described too, and the route was seen to succeed.
'use strict';
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const [programs, directory] = process.argv.slice(2);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const texts = { text: () => true, uuid: (s) => UUID.test(s), decimal: (s) => /^-?\d+(\.\d+)?$/.test(s),
	time: (s) => TIME.test(s), date: (s) => /^\d{4}-\d\d-\d\d$/.test(s), url: (s) => /^(https?:\/\/|\/)/.test(s) };

// The fields of an engine's resource as a shape.
const kinds = { uuid: 'uuid', reference: 'uuid', time: 'time', decimal: 'decimal', integer: 'integer', boolean: 'boolean',
	url: 'url', countries: 'list', emails: 'list', texts: 'list', uuids: 'list', array: 'list', object: 'object', json: 'any' };
function shapeOf(resource) {
	if (resource.shape)
		return resource.shape;
	return { name: resource.name, members: resource.fields.filter((f) => f.read).map((f) => ({
		name: f.name, type: f.of ? 'of' : f.or_texts ? 'any' : kinds[f.kind] || 'text', of: f.of, nullable: f.nullable,
		optional: f.read !== 'anonymous' || f.detail_only, choices: f.choices })) };
}

// Shapes by name, for those of another program.
const shapes = new Map();
function keepShape(shape) {
	if (!shape)
		return;
	const text = JSON.stringify(shape);
	if ((shapes.get(shape.name) || { text }).text !== text)
		throw new Error(`two shapes are called ${shape.name}`);
	shapes.set(shape.name, { shape, text });
	shape.members.forEach((m) => keepShape(m.of));
}

const describe = (program) => JSON.parse(execFileSync(path.join(programs, program), ['--describe'], { maxBuffer: 1 << 26 }));
const routes = [];
for (const program of fs.readdirSync(programs)) {
	const group = describe(program);
	const resources = new Map(group.resources.map((r) => [r.name, r]));
	for (const route of group.routes) {
		const pattern = '^/cgi-bin/api/' + group.group + route.pattern.replace(/\{[a-z_]+\}/g, '[^/]+') + '/?$';
		const shape = route.shape || (route.resource && shapeOf(resources.get(route.resource)));
		keepShape(shape);
		routes.push({ ...route, name: `${route.method} /${group.group}${route.pattern}`, pattern: new RegExp(pattern), shape,
			problem: group.problem, literals: route.pattern.split('/').filter((s) => !s.startsWith('{')).length,
			answers: 0, successes: 0, faults: new Map() });
	}
}
for (const { shape } of shapes.values())
	for (const { of_name: name } of shape.members.filter((m) => m.of_name && !shapes.has(m.of_name)))
		throw new Error(`${shape.name} names the shape ${name}, which there is not`);
// As the router: the pattern with more literal segments first.
routes.sort((a, b) => b.literals - a.literals);

function check(value, member, at, complain) {
	if (value === null) {
		if (!member.nullable)
			complain(`${at} is null`);
	} else if (member.of || member.of_name) {
		const of = member.of || shapes.get(member.of_name).shape;
		const list = Array.isArray(value) ? value : [value];
		if (member.type !== 'of' && Array.isArray(value) !== (member.type === 'list'))
			complain(`${at} is no ${member.type}`);
		list.forEach((v) => checkObject(v, of, at, complain));
	} else if (member.type in texts) {
		if (typeof value !== 'string' || !texts[member.type](value))
			complain(`${at} is no ${member.type}: ${JSON.stringify(value).slice(0, 60)}`);
		else if (member.choices.length && value !== '' && !member.choices.includes(value))
			complain(`${at} is none of its choices: ${value}`);
	} else if (member.type === 'integer' ? !Number.isInteger(value) : member.type === 'boolean' ? typeof value !== 'boolean'
		: member.type === 'list' ? !Array.isArray(value) : member.type === 'object' ? typeof value !== 'object' || Array.isArray(value)
			: false) {
		complain(`${at} is no ${member.type}: ${JSON.stringify(value).slice(0, 60)}`);
	}
}

function checkObject(value, shape, at, complain) {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return complain(`${at || 'the body'} is no object`);
	// A value that is too large is null, or left out of a list; then this says so (core/resource/compose.h, list.h).
	const isCut = value.too_large === true;
	for (const member of shape.members) {
		if (isCut && (value[member.name] ?? null) === null)
			continue;
		if (member.name in value)
			check(value[member.name], member, `${at}/${member.name}`, complain);
		else if (!member.optional)
			complain(`${at}/${member.name} is missing`);
	}
	for (const name of Object.keys(value))
		if (!shape.members.some((m) => m.name === name) && !(isCut && name === 'too_large'))
			complain(`${at}/${name} is not described`);
}

const PAGE = { members: [{ name: 'count', type: 'any', optional: true, nullable: true },
	{ name: 'count_is_minimum', type: 'boolean', optional: true, choices: [] },
	{ name: 'next', type: 'url', nullable: true, choices: [] }, { name: 'previous', type: 'url', nullable: true, choices: [] }, { name: 'results', type: 'list' }] };

// What is sent to a route that takes it.
const IGNORED = /^(_|utm_|gclid$)/i; // IGNORED_PARAMETERS
const TRACKED = ['if-match', 'idempotency-key', 'x-order-token'];

function checkRequest(route, query, sent, complain) {
	const isStaff = ['staff', 'admin'].includes(route.min_role); // who need no token of an order
	for (const name of sent.split(',').filter((h) => TRACKED.includes(h) && !(isStaff && h === 'x-order-token')))
		if (!route.headers.some((h) => h.name.toLowerCase() === name))
			complain(`takes the header ${name}, which is not described`);
	const isDescribed = (name) => route.query.some((q) => q.name === name
		|| (q.name.endsWith('.{name}') && name.startsWith(q.name.replace('{name}', ''))));
	for (const [name, value] of new URLSearchParams(query))
		if (value && !IGNORED.test(name) && !route.any_query && !isDescribed(name))
			complain(`takes the parameter ${name}, which is not described`);
}

function checkSuccess(route, status, media, body, complain) {
	if (!route.statuses.includes(status))
		return complain(`status ${status}`);
	if (route.answer === 'nothing' || status === 204 || status === 303)
		return body === '' || complain('a body where there is none');
	if (route.answer === 'file')
		return route.media.split(', ').some((m) => media.startsWith(m)) || complain(`media type ${media}`);
	if (!route.answer || !route.shape)
		return complain('its answer is not described');
	let json;
	try { json = JSON.parse(body); } catch { return complain('no JSON'); }
	if (route.answer !== 'page')
		return checkObject(json, route.shape, '', complain);
	checkObject(json, PAGE, '', complain);
	for (const result of json.results || [])
		checkObject(result, route.shape, '/results', complain);
}

function checkAnswer(route, { query, sent, status, media, body }) {
	const complain = (what) => route.faults.set(what, (route.faults.get(what) || 0) + 1);
	route.answers++;
	if (status < 300 || status === 303) {
		route.successes++;
		checkRequest(route, query, sent, complain);
		return checkSuccess(route, status, media, body, complain);
	}
	if (status === 304)
		return route.headers.some((h) => h.name === 'If-None-Match') || complain('304, but If-None-Match is not described');
	if (!media.startsWith('application/problem+json'))
		return undefined; // by the web server
	const problem = JSON.parse(body);
	if (problem.type === 'about:blank')
		return undefined; // the same
	checkObject(problem, route.problem, '', complain);
	if (!route.problems.includes(problem.type.replace('/problems/', '')))
		complain(`the problem ${problem.type}`);
}

for (const file of fs.readdirSync(directory)) {
	for (const line of fs.readFileSync(path.join(directory, file), 'utf8').split('\n')) {
		const [method, url, sent, status, media, ...body] = line.split('\t');
		if (!url || method === 'OPTIONS' || +status < 200)
			continue;
		const [where, query] = url.replace(/^https?:\/\/[^/]*/, '').replace(/#.*$/, '').split('?');
		const route = routes.find((r) => r.method === (method === 'HEAD' ? 'GET' : method) && r.pattern.test(where));
		// A HEAD has no body, and what is refused before a route is found none either.
		if (route && method !== 'HEAD' && !['405', '501', '505'].includes(status) && !body.join('\t').includes('\ufffd'))
			checkAnswer(route, { query, sent, status: +status, media, body: body.join('\t') });
	}
}

let n = 0;
for (const route of routes) {
	if (!route.successes)
		route.faults.set('no answer of success was seen', 1);
	console.log(`${route.faults.size ? 'not ok' : 'ok'} ${++n} - ${route.name}: ${route.answers} answers`);
	for (const [what, times] of [...route.faults].slice(0, 12))
		console.log(`#   ${times} times: ${what}`);
}
console.log(`1..${n}`);
process.exit(routes.some((r) => r.faults.size) ? 1 : 0);
