-- Variants: the options of a product, [{"name": "Size", "values": ["S", "M"]}], and of a variant, {"Size": "M"}. Names
-- and values are compared without regard to case, and kept as the product has them, in its order.

-- Options or values that a product lists twice.
create or replace function options_refused(options json) returns refusal[]
language plpgsql immutable as $$
begin
	return (
		select array_agg((refused(twice.pointer, 'duplicate'))[1])
		from (
			select '/options/' || o.n - 1 || '/name' as pointer, row_number() over (
				partition by lower(o.value ->> 'name') order by o.n) as nth
			from json_array_elements(options) with ordinality o (value, n)
			union all
			select '/options/' || o.n - 1 || '/values/' || v.n - 1, row_number() over (
				partition by o.n, lower(v.value) order by v.n)
			from json_array_elements(options) with ordinality o (value, n),
				json_array_elements_text(o.value -> 'values') with ordinality v (value, n)) twice
		where twice.nth > 1);
end
$$;

-- RFC 6901.
create or replace function option_pointer(name text) returns text
language sql immutable parallel safe as $$
	select '/options/' || replace(replace(name, '~', '~0'), '/', '~1')
$$;

-- What a variant's lines say of options that are sent as the product has them, in order and in letters, as most are;
-- else null: variant_options() finds out.
create or replace function variant_options_said(listed json, sent json) returns text
language plpgsql immutable as $$
declare
	name text;
	given text;
	said text;
	again text := '';
begin
	for n in 0 .. json_array_length(listed) - 1 loop
		name := listed -> n ->> 'name';
		given := sent ->> name;
		if given is null or not coalesce((listed -> n -> 'values')::jsonb ? given, false) then
			return null;
		end if;
		said := coalesce(said || ' / ', '') || given;
		again := again || ', ' || to_json(name)::text || ': ' || to_json(given)::text;
	end loop;
	return case when sent::text = '{' || substr(again, 3) || '}' then said end;
end
$$;

-- What is sent for a variant, as the product's options have it, and what its lines say of it: "Blue / M". No options:
-- variant_options_refused() says why. Each of the options needs a value, except those that the variant did not have
-- before: the product got them later.
create or replace function variant_options(listed json, sent json, before json, out options json, out said text)
language plpgsql immutable as $$
declare
	options_n constant integer := json_array_length(listed);
	rows_n integer;
	values_n integer;
	names_n integer;
begin
	if options_n = 0 and sent::text = '{}' then
		options := sent;
		return;
	end if;
	said := variant_options_said(listed, sent);
	if said is not null then
		options := sent;
		return;
	end if;
	select ('{' || coalesce(string_agg(to_json(l.value ->> 'name')::text || ': ' || to_json(c.value)::text, ', '
			order by l.n), '') || '}')::json,
		string_agg(c.value, ' / ' order by l.n), count(*), count(c.value),
		(select count(*) from json_object_keys(variant_options.sent))
	into options, said, rows_n, values_n, names_n
	from json_array_elements(listed) with ordinality l (value, n)
	left join json_each_text(variant_options.sent) g on lower(g.key) = lower(l.value ->> 'name')
	left join lateral json_array_elements_text(l.value -> 'values') c on lower(c.value) = lower(g.value);
	if rows_n <> options_n or values_n <> names_n or values_n < options_n and (before is null or exists (
		select 1 from json_object_keys(before) k where not exists (
			select 1 from json_object_keys(variant_options.options) o where lower(o) = lower(k)) and exists (
			select 1 from json_array_elements(listed) l where lower(l.value ->> 'name') = lower(k)))) then
		options := null;
	end if;
end
$$;

-- What is wrong with what is sent for a variant.
create or replace function variant_options_refused(listed json, sent json, before json) returns refusal[]
language plpgsql immutable as $$
declare
	option record;
	given text;
	errors refusal[];
begin
	for option in
		select o.value ->> 'name' as name, o.value -> 'values' as choices
		from json_array_elements(listed) with ordinality o (value, n) order by o.n
	loop
		select g.value into given from json_each_text(sent) g where lower(g.key) = lower(option.name);
		if given is null and (before is null or exists (
			select 1 from json_object_keys(before) k where lower(k) = lower(option.name))) then
			errors := errors || refused(option_pointer(option.name), 'required');
		elsif lower(given) not in (select lower(c.value) from json_array_elements_text(option.choices) c) then
			errors := errors || refused(option_pointer(option.name), 'invalid_choice', jsonb_build_object('choices', (
				select string_agg(c.value, ', ' order by c.n)
				from json_array_elements_text(option.choices) with ordinality c (value, n) where c.n <= 50)));
		end if;
	end loop;
	return errors || (
		select array_agg((refused(option_pointer(k.name),
			case when k.nth > 1 then 'duplicate' else 'unknown_option' end, jsonb_build_object('options', coalesce(
				(select string_agg(o.value ->> 'name', ', ') from json_array_elements(listed) o), 'none'))))[1])
		from (
			select k.name, row_number() over (partition by lower(k.name)) as nth
			from json_object_keys(sent) k (name)) k
		where k.nth > 1 or not exists (
			select 1 from json_array_elements(listed) o where lower(o.value ->> 'name') = lower(k.name)));
end
$$;

-- The options of a variant after its product renamed one: another name at the same place.
create or replace function options_renamed(options json, before json, after json) returns json
language plpgsql immutable as $$
begin
	return (
		with was as (
			select o.value ->> 'name' as name, o.n from json_array_elements(before) with ordinality o (value, n)
		), becomes as (
			select o.value ->> 'name' as name, o.n from json_array_elements(after) with ordinality o (value, n)
		), renamed as (
			select w.name as before, b.name as after from was w join becomes b using (n)
			where not exists (select 1 from becomes o where lower(o.name) = lower(w.name))
				and not exists (select 1 from was o where lower(o.name) = lower(b.name))
		)
		select ('{' || coalesce(string_agg(to_json(coalesce(r.after, o.key))::text || ': ' || to_json(o.value)::text,
			', ' order by o.n), '') || '}')::json
		from json_each_text(options) with ordinality o (key, value, n) left join renamed r on r.before = o.key);
end
$$;

-- The rules of a product that is not a variant.
create or replace function product_as_parent(p products, before products) returns products
language plpgsql as $$
begin
	if before.parent is not null and p.options::text = before.options::text then
		p.options := '[]'; -- no longer a variant
	elsif json_typeof(p.options) <> 'array' then
		perform refuse('/options', 'wrong_type', '{"expected": "an array", "actual": "an object"}');
	elsif p.options::text <> '[]' then
		perform refuse_all(options_refused(p.options));
	end if;
	p.line_name := null;
	p.deleted_with := null;
	return p;
end
$$;

-- The rules of a variant. Its parent is locked, so that neither its options nor other variants change meanwhile.
create or replace function product_as_variant(p products, before products) returns products
language plpgsql as $$
declare
	parent record;
	fitted record;
begin
	select o.id, o.parent, o.store, o.name, o.slug, o.options, o.has_variants into parent
	from products o where o.id = p.parent for no key update;
	if parent.id = p.id or parent.parent is not null then
		perform refuse('/parent', 'nested_variant');
	elsif parent.store <> p.store then
		perform refuse('/parent', 'wrong_store');
	elsif before.id is not null and exists (select 1 from products v where v.parent = p.id) then
		perform refuse('/parent', 'variants_of_its_own');
	elsif p.options::text = '[]' then
		p.options := '{}';
	elsif json_typeof(p.options) <> 'object' then
		perform refuse('/options', 'wrong_type', '{"expected": "an object", "actual": "an array"}');
	end if;
	-- A change of the product's name or options comes with those that fit already.
	fitted := variant_options(parent.options, p.options, case when before.parent = p.parent then before.options end);
	if fitted.options is null and (before.id is null or before.parent is distinct from p.parent
		or before.options::text <> p.options::text or before.is_deleted and not p.is_deleted) then
		perform refuse_all(variant_options_refused(parent.options, p.options,
			case when before.parent = p.parent then before.options end));
	end if;
	p.options := coalesce(fitted.options, p.options);
	p.line_name := parent.name || ' – ' || fitted.said;
	p.name := coalesce(p.name, parent.name);
	p.slug := coalesce(p.slug, left(parent.slug, 80) || '-' || lower(sku_of(p.id)));
	p.has_variants := false; -- it has none, or was refused above
	if not p.is_deleted then
		p.deleted_with := null;
	end if;
	if not parent.has_variants then
		update products o set has_variants = true where o.id = parent.id;
	end if;
	return p;
end
$$;

-- What a change of a product means for its variants: they are deleted and restored with it, follow its options and its
-- name. The product is locked before them, by product_as_variant() and by `locked_under` in C.
create or replace function product_lead() returns trigger
language plpgsql as $$
declare
	variant record;
	fitted record;
begin
	if new.is_deleted and not old.is_deleted then
		update products v set is_deleted = true, deleted_with = new.id where v.parent = new.id and not v.is_deleted;
	elsif old.is_deleted and not new.is_deleted then
		update products v set is_deleted = false where v.parent = new.id and v.deleted_with = new.id;
	elsif new.options::text <> old.options::text then
		for variant in
			select v.id, v.sku, options_renamed(v.options, old.options, new.options) as options
			from products v where v.parent = new.id and not v.is_deleted order by v.id
		loop
			select * into fitted from variant_options(new.options, variant.options, '{}');
			if fitted.options is null then
				perform refuse('/options', 'variants_do_not_fit', jsonb_build_object('sku', variant.sku));
			end if;
			update products v set options = fitted.options,
				name = case when v.name = old.name then new.name else v.name end
			where v.id = variant.id;
		end loop;
	elsif new.name <> old.name then
		-- product_as_variant() makes line_name.
		update products v set line_name = null, name = case when v.name = old.name then new.name else v.name end
		where v.parent = new.id and (v.line_name is not null or v.name = old.name) and not v.is_deleted;
	end if;
	return null;
end
$$;

-- What distinguishes a variant from its siblings: its options. Without these, its attributes that a sibling lacks or
-- has with another value, or, of an only variant, its parent; only short texts, numbers and booleans, which people
-- choose by. Nothing for a product that is not a variant.
create or replace function product_options(p products) returns jsonb
language plpgsql stable as $$
declare
	others jsonb[];
begin
	if p.parent is null then
		return '{}';
	elsif p.line_name is not null then
		return p.options::jsonb;
	end if;
	select array_agg(s.attributes::jsonb) into others
	from products s where s.parent = p.parent and s.id <> p.id and not s.is_deleted;
	if others is null then
		others := array(select o.attributes::jsonb from products o where o.id = p.parent);
	end if;
	return (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from jsonb_each(p.attributes::jsonb) a
		where a.key <> 'hsn' and jsonb_typeof(a.value) in ('string', 'number', 'boolean')
		and length(a.value::text) <= 100
			and exists (select 1 from unnest(others) o where o -> a.key is distinct from a.value));
end
$$;

-- The live variants of a product as its detail shows them.
create or replace function variants_json(which uuid, media text) returns json
language plpgsql stable parallel safe as $$
begin
	return (select coalesce(json_agg(row_to_json(v)), '[]')
		from (
			select p.id, p.sku, p.name, p.slug, p.price::text as price, p.sale_price::text as sale_price,
				rfc3339(p.sale_from) as sale_from, rfc3339(p.sale_to) as sale_to,
				p.current_price::text as current_price, p.compare_at_price::text as compare_at_price, p.currency,
				p.inventory_count, availability(p.availability) as available, p.availability < 3 as in_stock,
				p.track_inventory, p.allow_backorder, p.min_quantity, p.max_quantity, p.quantity_step,
				p.weight::text as weight, p.attributes, p.options, p.position, p.barcode, (
					select coalesce(json_agg(row_to_json(i)), '[]')
					from (
						select x.id, coalesce(x.url, media || '/' || x.file) as url, x.alt_text, x.position, x.width,
							x.height, image_sizes(x.sizes, media) as sizes
						from live_product_images x where x.product = p.id order by x.position, x.id) i) as images
			from live_variants p where p.parent = which order by p.position, p.created_at, p.id) v);
end
$$;
