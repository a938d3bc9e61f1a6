-- What tests/bench/large_catalogue loads, as functions of the session. All follows from the numbers of the stores,
-- categories and products, ids and times included, so that the same catalogue is made each time. The shop's triggers do
-- the rest, but for the one that checks the categories of one product at a time (product_categorize()), and for the audit
-- log.
\set ON_ERROR_STOP 1
set client_min_messages = warning;

-- --- numbers

-- From 0 to 2^31 - 1, drawn for the n-th of something; `what` tells the draws apart.
create function pg_temp.draw(n bigint, what bigint) returns bigint
language sql immutable as $$ select hashint8extended(n, what) & 2147483647 $$;

create function pg_temp.pick(words text[], drawn bigint) returns text
language sql immutable as $$ select words[1 + (drawn % cardinality(words))::integer] $$;

-- A product is made every 20 seconds from the beginning of 2025.
create function pg_temp.made_at(n bigint) returns timestamptz
language sql stable as $$ select timestamptz '2025-01-01 00:00:00+00' + n * interval '20 seconds' $$;

-- UUIDv7 of that time. `kind`, a hexadecimal digit, tells the tables apart.
create function pg_temp.id_of(kind text, n bigint) returns uuid
language sql immutable as $$
	select ('0' || to_hex(1735689600000 + n * 20000) || '7' || kind || '008'
		|| right(lpad(to_hex(hashint8extended(n, 0)), 16, '0'), 15))::uuid
$$;

-- GTIN-13 with its check digit (GS1 General Specifications, 7.9), of a range for use within a company.
create function pg_temp.gtin_of(n bigint) returns text
language sql immutable as $$
	select '20' || lpad(n::text, 10, '0') || ((10 - (2 + n / 1000000000 % 10 + 3 * (n / 100000000 % 10)
		+ n / 10000000 % 10 + 3 * (n / 1000000 % 10) + n / 100000 % 10 + 3 * (n / 10000 % 10) + n / 1000 % 10
		+ 3 * (n / 100 % 10) + n / 10 % 10 + 3 * (n % 10)) % 10) % 10)::text
$$;

-- --- words

create function pg_temp.adjectives() returns text[] language sql immutable as $$ select '{Airy, Angular, Arched,
	Balanced, Broad, Calm, Compact, Curved, Deep, Dense, Domed, Even, Faceted, Fluted, Folded, Gentle, Grained, Hollow,
	Layered, Light, Low, Matte, Mellow, Narrow, Oval, Pleated, Plain, Quiet, Raised, Ribbed, Ridged, Round, Slender,
	Sloped, Smooth, Sturdy, Tall, Tapered, Textured, Woven}'::text[] $$;
create function pg_temp.materials() returns text[] language sql immutable as $$ select '{ash, bamboo, brass, clay, copper,
	cork, cotton, glass, hemp, iron, linen, marble, oak, steel, walnut, wool}'::text[] $$;
create function pg_temp.nouns() returns text[] language sql immutable as $$ select '{apron, armchair, basket, bathmat,
	bench, blanket, bookend, bottle, bowl, bread box, bucket, cabinet, candleholder, canister, carafe, chair, clock,
	coaster, colander, cushion, decanter, desk, doormat, drawer, easel, footstool, frame, grater, hamper, hook, jar, jug,
	kettle, ladder, ladle, lampshade, lantern, mirror, mortar, mug, napkin, planter, plate, platter, quilt, rack, ramekin,
	rug, saucepan, shelf, skillet, stool, table, teapot, throw, tray, trivet, trolley, vase, wardrobe}'::text[] $$;
create function pg_temp.series() returns text[] language sql immutable as $$ select '{Alder, Anemone, Arbour, Aster,
	Barley, Beacon, Birch, Bracken, Briar, Brook, Cedar, Clover, Coral, Cove, Crest, Dale, Dawn, Delta, Dune, Eddy, Elder,
	Ember, Fern, Field, Fjord, Flint, Gale, Garnet, Glade, Grove, Harbour, Hazel, Heath, Hollow, Indigo, Isle, Ivy,
	Juniper, Kelp, Lagoon, Lark, Laurel, Linden, Maple, Marsh, Meadow, Mesa, Mist, Moor, Nettle, Opal, Orchard, Osprey,
	Pebble, Pine, Plover, Prairie, Quarry, Quartz, Raven, Reed, Ridge, Rowan, Saffron, Sage, Sedge, Shale, Shore, Sorrel,
	Spruce, Summit, Swallow, Teal, Thistle, Thyme, Tide, Tundra, Vale, Willow, Wren}'::text[] $$;
create function pg_temp.colours() returns text[] language sql immutable as $$ select '{Amber, Black, Blue, Cream, Green,
	Grey, Orange, Pink, Red, Sand, White, Yellow}'::text[] $$;
create function pg_temp.sizes() returns text[] language sql immutable as $$ select '{S, M, L}'::text[] $$;
create function pg_temp.labels() returns text[] language sql immutable as $$ select '{autumn, bathroom, bedroom, clearance,
	cooking, dining, gift, hallway, kitchen, living, new in, nursery, office, outdoor, reclaimed, seasonal, small spaces,
	spring, storage, summer, winter}'::text[] $$;
create function pg_temp.sentences() returns text[] language sql immutable as $$ select array[
	'Made for rooms that are used every day.', 'The edges are rounded by hand and sanded twice.',
	'Wipe it with a damp cloth; it needs no other care.', 'Packed flat, with all that is needed to put it together.',
	'It goes well with the other pieces of its series.', 'Small differences between two pieces are part of its look.',
	'Tested for ten thousand openings and closings.', 'The surface is sealed with a plant-based oil.',
	'Suitable for dishwashers up to sixty degrees.', 'Spare parts can be ordered for at least twelve years.',
	'Designed to be repaired with ordinary tools.', 'Keep it away from direct sunlight and open fire.',
	'It folds to the width of a hand and hangs on any nail.', 'Felt pads for delicate floors are in the box.',
	'Wash it separately before the first use.', 'The weight keeps it where you put it, even in wind.',
	'Each is numbered and signed below the base.', 'Dyed in small batches, so that colours stay deep.',
	'Stackable up to six, without leaving marks.', 'A hidden groove takes up the cable.',
	'It holds up to fifteen kilograms.', 'The lid closes tightly and opens with one finger.',
	'Assembled by a workshop of eleven people.', 'Comes with a bag of cotton for the journey.'] $$;
-- 20 beginnings and 10 endings.
create function pg_temp.brand(nth bigint) returns text language sql immutable as $$
	select pg_temp.pick('{Ald, Bren, Cors, Dun, Elm, Fal, Grim, Hul, Ing, Jor, Kel, Lund, Mer, Nor, Ost, Pell, Rav, Sund,
		Tor, Ulv}', nth) || pg_temp.pick('{holm, mark, wick, field, stad, berg, dale, sten, vik, gard}', nth / 20) $$;

-- --- rows

-- Categories by number: 10, 9 below each of these, 10 below each of those.
create function pg_temp.category_above(nth bigint) returns bigint
language sql immutable as $$
	select case when nth >= 100 then 10 + (nth - 100) / 10 when nth >= 10 then (nth - 10) / 9 end
$$;

create function pg_temp.load_frame() returns void
language plpgsql as $$
begin
	insert into stores (id, created_at, name, slug, description, currency, contact_email)
	select pg_temp.id_of('a', n), pg_temp.made_at(n), 'Store ' || n, 'store-' || n, 'One of fifty.', 'EUR',
		'store-' || n || '@example.com'
	from generate_series(0, 49) n;
	insert into categories (id, created_at, name, slug, parent, position)
	select pg_temp.id_of('b', n), pg_temp.made_at(n), 'Category ' || n, 'category-' || n,
		pg_temp.id_of('b', pg_temp.category_above(n)), n
	from generate_series(0, 999) n order by n;
end
$$;

-- Those of a product, the primary one first; a tenth has a second one.
create function pg_temp.categories_of(n bigint) returns uuid[]
language sql immutable as $$
	select case when n % 100 between 1 and 3 then '{}' when pg_temp.draw(n, 7) % 10 > 0
		then array[pg_temp.id_of('b', 100 + pg_temp.draw(n, 8) % 900)]
		else array[pg_temp.id_of('b', 100 + pg_temp.draw(n, 8) % 900), pg_temp.id_of('b', 10 + pg_temp.draw(n, 9) % 90)]
		end
$$;

-- What is drawn for a product: of each hundred the first has the next three as variants, with its material.
create function pg_temp.draft(n bigint)
returns table (family bigint, variant bigint, material text, colour text, size text, share float8, brand text)
language sql immutable as $$
	select case when n % 100 < 4 then n - n % 100 else n end, case when n % 100 < 4 then n % 100 else 0 end,
		pg_temp.pick(pg_temp.materials(), pg_temp.draw(case when n % 100 < 4 then n - n % 100 else n end, 1)),
		pg_temp.pick(pg_temp.colours(), pg_temp.draw(n - n % 100, 2) + n % 100),
		pg_temp.pick(pg_temp.sizes(), n % 100 + 2), pg_temp.draw(n, 3) / 2147483648.0::float8,
		pg_temp.brand(floor(exp(pg_temp.draw(case when n % 100 < 4 then n - n % 100 else n end, 4)
			/ 2147483648.0::float8 * ln(201::float8)))::bigint - 1)
$$;

-- Three letters for a number below 8,000, or what is left of it.
create function pg_temp.letters(number bigint) returns text
language sql immutable as $$
	select substr('BCDFGHJKLMNPQRSTVWXZ', (number / 400 % 20)::integer + 1, 1)
		|| substr('BCDFGHJKLMNPQRSTVWXZ', (number / 20 % 20)::integer + 1, 1)
		|| substr('BCDFGHJKLMNPQRSTVWXZ', (number % 20)::integer + 1, 1)
$$;

-- KDS-4040, BIG-77, and of a family LINEN and LINEN-BLU-M: unique, as each has the number in some form.
create function pg_temp.sku(n bigint, material text, colour text, size text) returns text
language sql immutable as $$
	select case
		when n % 100 < 4 then upper(material) || coalesce(nullif(n / 100, 0)::text, '')
			|| case when n % 100 > 0 then '-' || upper(left(colour, 3)) || '-' || size else '' end
		when pg_temp.draw(n, 5) % 8 < 5 then pg_temp.letters((n % 100 + n / 1000000 * 100) * 7919 + 4040) || '-'
			|| lpad((n / 100 % 10000)::text, 4, '0')
		else pg_temp.pick('{BIG, SET, OLD, ECO, DUO, MINI, RAW, PRO}', pg_temp.draw(n, 6)) || '-' || n::text end
$$;

-- The numbers from `first` to `last` of so many products: whole hundreds, as variants follow their product.
create function pg_temp.load_products(first bigint, last bigint, products bigint) returns void
language plpgsql as $$
begin
	insert into products (id, created_at, modified_at, sku, name, slug, description, store, parent, category, categories,
		brand, tags, price, sale_price, sale_from, sale_to, compare_at_price, cost_price, tax_rate, weight, attributes,
		options, position, has_variants, barcode, track_inventory)
	select pg_temp.id_of('1', n), pg_temp.made_at(n), pg_temp.made_at(n), pg_temp.sku(n, d.material, d.colour, d.size),
		t.name, replace(lower(t.name), ' ', '-') || '-' || n,
		concat_ws(' ', t.name || ' by ' || d.brand || '.', case when n % 4 = 2 then 'A classic.' end,
			case when n % (products / 50) = 15 then 'With a velnora finish.' end,
			pg_temp.pick(pg_temp.sentences(), pg_temp.draw(n, 13)),
			pg_temp.pick(pg_temp.sentences(), pg_temp.draw(n, 14)),
			pg_temp.pick(pg_temp.sentences(), pg_temp.draw(n, 15))),
		pg_temp.id_of('a', case when n % 100 < 4 then n / 100 % 50 else n % 50 end),
		case when d.variant > 0 then pg_temp.id_of('1', d.family) end,
		c.ids[1], to_jsonb(c.ids), d.brand,
		case pg_temp.draw(n, 16) % 3 when 0 then '[]'
			when 1 then jsonb_build_array(pg_temp.pick(pg_temp.labels(), pg_temp.draw(n, 17)))
			else jsonb_build_array(pg_temp.pick(pg_temp.labels(), pg_temp.draw(n, 17)),
				pg_temp.pick(pg_temp.labels(), pg_temp.draw(n, 17) + 1 + pg_temp.draw(n, 18) % 19)) end,
		m.price, case when pg_temp.draw(n, 19) % 10 = 0 then round(m.price * 0.8, 2) end,
		case when pg_temp.draw(n, 19) % 20 = 0 then timestamptz '2025-01-01 00:00:00+00' end,
		case pg_temp.draw(n, 19) % 30 when 0 then timestamptz '2025-06-01 00:00:00+00'
			when 10 then timestamptz '2099-01-01 00:00:00+00' end,
		case when pg_temp.draw(n, 20) % 5 = 0 then round(m.price * 1.25, 2) end, round(m.price * 0.6, 2),
		case when pg_temp.draw(n, 21) % 4 = 0 then 7 else 19 end, round((0.1 + 12 * d.share)::numeric, 3),
		json_build_object('colour', lower(d.colour), 'material', d.material),
		case when n % 100 = 0 then json_build_array(json_build_object('name', 'Size', 'values', pg_temp.sizes()),
				json_build_object('name', 'Colour', 'values', pg_temp.colours()))
			when d.variant > 0 then json_build_object('Size', d.size, 'Colour', d.colour) else '[]' end,
		d.variant, n % 100 = 0, pg_temp.gtin_of(n), pg_temp.draw(n, 22) % 100 > 0 or n % (products / 10) = 25
	from generate_series(first, last) n
	cross join lateral pg_temp.draft(n) d
	cross join lateral (select pg_temp.categories_of(n) as ids) c
	cross join lateral (select round((2 + 900 * d.share * d.share)::numeric, 2) as price) m
	cross join lateral (select concat_ws(' ', case when n % 4 = 0 then 'Classic' end,
		pg_temp.pick(pg_temp.adjectives(), pg_temp.draw(d.family, 10)), d.material,
		pg_temp.pick(pg_temp.nouns(), pg_temp.draw(d.family, 11)),
		pg_temp.pick(pg_temp.series(), pg_temp.draw(d.family, 12))) as name) t
	order by n;
end
$$;

create function pg_temp.load_belongings(first bigint, last bigint, products bigint) returns void
language plpgsql as $$
begin
	insert into stock_movements (id, created_at, product, delta, reason)
	select pg_temp.id_of('4', n), pg_temp.made_at(n), pg_temp.id_of('1', n), 1 + pg_temp.draw(n, 23) % 200,
		'initial stock'
	from generate_series(first, last) n
	where n % 100 <> 0 and n % (products / 10) <> 25 order by n;
	insert into product_images (id, created_at, modified_at, product, position, alt_text, url)
	select pg_temp.id_of(i.position::text, n), pg_temp.made_at(n), pg_temp.made_at(n), pg_temp.id_of('1', n),
		i.position, 'Picture ' || i.position, 'https://images.example/' || n || '-' || i.position || '.jpg'
	from generate_series(first, last) n, generate_series(2, 3) i (position) order by n, i.position;
end
$$;
