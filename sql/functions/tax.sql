-- Taxes: which scheme an order falls under, the rates of its destination, and how they are rounded.

-- The states of India by their codes in a GSTIN (GSTN's list), ISO 3166-2 and name.
create or replace function indian_states() returns table (code text, iso text, name text)
language sql immutable parallel safe as $$
	values ('01', 'JK', 'Jammu and Kashmir'), ('02', 'HP', 'Himachal Pradesh'), ('03', 'PB', 'Punjab'),
		('04', 'CH', 'Chandigarh'), ('05', 'UK', 'Uttarakhand'), ('06', 'HR', 'Haryana'), ('07', 'DL', 'Delhi'),
		('08', 'RJ', 'Rajasthan'), ('09', 'UP', 'Uttar Pradesh'), ('10', 'BR', 'Bihar'), ('11', 'SK', 'Sikkim'),
		('12', 'AR', 'Arunachal Pradesh'), ('13', 'NL', 'Nagaland'), ('14', 'MN', 'Manipur'), ('15', 'MZ', 'Mizoram'),
		('16', 'TR', 'Tripura'), ('17', 'ML', 'Meghalaya'), ('18', 'AS', 'Assam'), ('19', 'WB', 'West Bengal'),
		('20', 'JH', 'Jharkhand'), ('21', 'OD', 'Odisha'), ('22', 'CG', 'Chhattisgarh'), ('23', 'MP', 'Madhya Pradesh'),
		('24', 'GJ', 'Gujarat'), ('26', 'DH', 'Dadra and Nagar Haveli and Daman and Diu'), ('27', 'MH', 'Maharashtra'),
		('29', 'KA', 'Karnataka'), ('30', 'GA', 'Goa'), ('31', 'LD', 'Lakshadweep'), ('32', 'KL', 'Kerala'),
		('33', 'TN', 'Tamil Nadu'), ('34', 'PY', 'Puducherry'), ('35', 'AN', 'Andaman and Nicobar Islands'),
		('36', 'TS', 'Telangana'), ('37', 'AP', 'Andhra Pradesh'), ('38', 'LA', 'Ladakh')
$$;

-- The code of a state as people write it: "Maharashtra", "MH", "IN-MH", "27". Null: it is none.
create or replace function gst_state(region text) returns text
language plpgsql immutable parallel safe as $$
declare
	words constant text := regexp_replace(replace(lower(region), '&', 'and'), '^in-|[^a-z0-9]', '', 'g');
	-- Other codes and names in use: ISO 3166-2 before 2023, and those before a state was renamed.
	known constant jsonb := '{"ut": "05", "or": "21", "ct": "22", "tg": "36", "uttaranchal": "05", "orissa": "21",
		"pondicherry": "34", "newdelhi": "07", "nctofdelhi": "07", "andamanandnicobar": "35", "dn": "26", "dd": "26",
		"dadraandnagarhaveli": "26", "damananddiu": "26", "25": "26", "28": "37", "jammuandkashmirut": "01"}';
begin
	return coalesce(known ->> words, (select s.code from indian_states() s
		where words in (s.code, lower(s.iso), regexp_replace(lower(s.name), '[^a-z]', '', 'g'))));
end
$$;

-- Is it a member of the EU's VAT area?
create or replace function is_in_eu(country text) returns boolean
language sql immutable parallel safe as $$
	select country in ('AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT',
		'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK')
$$;

-- Is the seller registered for the GST of India?
create or replace function store_has_gstin(shop stores) returns boolean
language sql immutable parallel safe as $$
	select shop.tax_number ~ '^\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]Z[A-Z0-9]$' and shop.address ->> 'country' = 'IN'
$$;

-- Which taxes an order has, and of where. Goods that are fetched, and what has no address, are taxed at the store. A
-- business of another country of the EU, which shows by its VAT number, owes the tax itself if the store says so.
create or replace function tax_situation(shop stores, m shipping_methods, o orders) returns tax_situation
language plpgsql immutable as $$
declare
	home constant text := shop.address ->> 'country';
	buyer jsonb;
	t tax_situation;
begin
	t.destination := case when m.pickup then shop.address else coalesce(o.shipping_address, shop.address) end;
	t.scheme := 'standard';
	if home = 'IN' then
		if store_has_gstin(shop) then
			t.scheme := case when t.destination ->> 'country' = 'IN'
				and gst_state(t.destination ->> 'region') = left(shop.tax_number, 2) then 'gst_state'
				else 'gst_inter_state' end;
		end if;
	elsif shop.reverse_charge then
		buyer := coalesce(o.billing_address, o.shipping_address);
		if is_in_eu(home) and is_in_eu(t.destination ->> 'country') and t.destination ->> 'country' <> home
			and is_in_eu(buyer ->> 'country') and buyer ->> 'country' <> home
			and coalesce(buyer ->> 'tax_id', '') <> '' then
			t.scheme := 'reverse_charge';
		end if;
	end if;
	return t;
end
$$;

-- Of a store under GST the state of an address in India must be known: which tax it is depends on it.
create or replace function tax_refused(shop stores, o orders) returns refusal[]
language plpgsql immutable as $$
begin
	return case when store_has_gstin(shop) and o.shipping_address ->> 'country' = 'IN'
		and gst_state(o.shipping_address ->> 'region') is null then
		refused('/shipping_address/region', 'not_a_state') end;
end
$$;

-- A region as it is compared: without case, outer spaces and the country before a code of ISO 3166-2.
create or replace function region_key(country text, region text) returns text
language plpgsql immutable parallel safe as $$
begin
	return case country when 'IN' then coalesce(gst_state(region), lower(btrim(region)))
		else regexp_replace(lower(btrim(region)), '^' || lower(country) || '-', '') end;
end
$$;

create or replace function postal_key(code text) returns text
language sql immutable parallel safe as $$
	select upper(regexp_replace(coalesce(code, ''), '[^[:alnum:]]', '', 'g'))
$$;

-- The rate of a class at an address. The most exact one counts: by postal code, the longer the better, then by region.
create or replace function tax_class_rate(which uuid, address jsonb) returns numeric
language plpgsql stable as $$
declare
	land constant text := address ->> 'country';
	place constant text := region_key(land, coalesce(address ->> 'region', ''));
	code constant text := postal_key(address ->> 'postal_code');
	c tax_classes;
begin
	select * into c from tax_classes x where x.id = which;
	return coalesce((select r.rate
		from jsonb_to_recordset(c.rates) r (country text, region text, postal_code text, rate numeric)
		where r.country = land and (coalesce(r.region, '') = '' or region_key(land, r.region) = place)
			and starts_with(code, postal_key(r.postal_code))
		order by length(postal_key(r.postal_code)) desc, coalesce(r.region, '') <> '' desc limit 1), c.rate);
end
$$;

-- The rate of a product or a shipping method: of its class, or its own, with the decimals of a product's.
create or replace function tax_rate_of(class uuid, own numeric, t tax_situation) returns numeric
language sql stable as $$
	select round(case when t.scheme = 'reverse_charge' then 0 when class is null then own
		else tax_class_rate(class, t.destination) end, 3)
$$;

-- A price with tax at the rate of the store, as one with tax at another rate: the net price stays.
create or replace function price_rebased(price numeric, home numeric, rate numeric, decimals integer) returns numeric
language sql immutable parallel safe as $$
	select round(1.000000000000000000000000 * price * (100 + rate) / (100 + home), decimals)
$$;

-- The lines of a basket with prices that follow the tax of the destination: tax_inclusive_rebase of the store. A price
-- that staff set stays.
create or replace function lines_rebased(lines quote_line[], basket basket_line[], shop stores) returns quote_line[]
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(shop.currency);
	home numeric;
begin
	for i in 1 .. coalesce(array_length(lines, 1), 0) loop
		continue when basket[lines[i].position].unit_price is not null;
		select case when p.tax_class is null then p.tax_rate else tax_class_rate(p.tax_class, shop.address) end
		into home from products p where p.id = lines[i].product;
		lines[i].unit_price := price_rebased(lines[i].unit_price, home, lines[i].tax_rate, decimals);
		lines[i].price_discount := least(lines[i].price_discount, lines[i].unit_price * lines[i].quantity);
	end loop;
	return lines;
end
$$;

-- The tax of an amount, half up. The two taxes of a state of India are equal: each is rounded on its own.
create or replace function tax_of(amount numeric, rate numeric, included boolean, scheme text, decimals integer)
returns numeric
language sql immutable parallel safe as $$
	select round(1.000000000000000000000000 * amount * rate
		/ case when included then 100 + rate else 100 end / case when scheme = 'gst_state' then 2 else 1 end, decimals)
		* case when scheme = 'gst_state' then 2 else 1 end
$$;

-- A part of a tax, half up; of the two equal taxes of a state of India it is one of two equal ones.
create or replace function tax_part(tax numeric, part numeric, whole numeric, scheme text, decimals integer)
returns numeric
language plpgsql immutable parallel safe as $$
declare
	fine constant numeric := 1.000000000000000000000000; -- see quote_shipped
begin
	return case when scheme = 'gst_state' then 2 * round(fine * tax * part / whole / 2, decimals)
		else round(fine * tax * part / whole, decimals) end;
end
$$;

-- A quote whose taxes are rounded once for each rate, shipping among them: each line, and last the shipping, has the
-- part by which the tax of the amounts so far grows.
create or replace function taxes_by_rate(q quote, included boolean, decimals integer) returns quote
language plpgsql immutable as $$
declare
	lines_n constant integer := coalesce(array_length(q.lines, 1), 0);
	rates numeric[] := '{}';
	amounts numeric[] := '{}'; -- so far, by rate
	taxes numeric[] := '{}';   -- of them
	line quote_line;
	rate numeric;
	amount numeric;
	tax numeric;
	at integer;
begin
	q.tax_total := round(0::numeric, decimals);
	for i in 1 .. lines_n + 1 loop
		line := q.lines[i];
		if i <= lines_n then
			rate := line.tax_rate;
			amount := line.unit_price * line.quantity - line.discount_amount;
		else
			rate := q.shipping_tax_rate;
			amount := q.shipping_total;
		end if;
		at := coalesce(array_position(rates, rate), cardinality(rates) + 1);
		rates[at] := rate;
		amounts[at] := coalesce(amounts[at], 0) + amount;
		tax := tax_of(amounts[at], rate, included, q.tax_scheme, decimals) - coalesce(taxes[at], 0);
		taxes[at] := coalesce(taxes[at], 0) + tax;
		q.tax_total := q.tax_total + tax;
		if i <= lines_n then
			line.tax_amount := tax;
			line.line_total := amount + case when included then 0 else tax end;
			q.lines[i] := line;
		else
			q.shipping_tax := tax;
		end if;
	end loop;
	return q;
end
$$;

-- What an invoice calls the taxes: [{name, rate, taxable, tax}], by rate. state: the seller's, by its code.
-- Territories without a parliament have UTGST instead of SGST.
create or replace function tax_parts(taxes jsonb, scheme text, state text) returns jsonb
language plpgsql immutable as $$
declare
	second constant text := case when state in ('04', '26', '31', '35', '38') then 'UTGST' else 'SGST' end;
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'rate', trim_scale(p.rate)::text,
			'taxable', t.value ->> 'taxable', 'tax', p.tax::text) order by t.n, p.place), '[]')
		from jsonb_array_elements(taxes) with ordinality t (value, n), lateral (
			select (t.value ->> 'rate')::numeric as rate, (t.value ->> 'tax')::numeric as tax) w, lateral (
			select 1 as place, 'IGST' as name, w.rate, w.tax where scheme = 'gst_inter_state'
			union all select 1, 'CGST', w.rate / 2, w.tax - round(w.tax / 2, scale(w.tax)) where scheme = 'gst_state'
			union all select 2, second, w.rate / 2, round(w.tax / 2, scale(w.tax)) where scheme = 'gst_state') p
		where w.rate > 0);
end
$$;

-- The goods of an invoice by the tax code: [{hsn, rate, quantity, taxable, tax}]. lines: as an invoice has them.
create or replace function hsn_summary(lines jsonb, included boolean) returns jsonb
language plpgsql immutable as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('hsn', g.hsn, 'rate', g.rate, 'quantity', g.quantity,
			'taxable', g.taxable::text, 'tax', g.tax::text) order by g.hsn, g.rate::numeric), '[]')
		from (
			select l.hsn, l.tax_rate as rate, sum(l.quantity) as quantity, sum(l.tax_amount) as tax,
				sum(l.unit_price * l.quantity - l.discount_amount - case when included then l.tax_amount else 0 end)
					as taxable
			from jsonb_to_recordset(lines) l (hsn text, tax_rate text, quantity integer, unit_price numeric,
				discount_amount numeric, tax_amount numeric)
			where l.hsn is not null group by 1, 2) g);
end
$$;

-- What a tax invoice of India says beside the rates: the place of supply (CGST Rules, 46), CGST and SGST or IGST, and
-- the goods by HSN.
create or replace function invoice_gst(o orders, shop stores, taxes jsonb, lines jsonb) returns jsonb
language plpgsql stable as $$
declare
	address constant jsonb := coalesce(o.shipping_address, shop.address);
begin
	return jsonb_build_object(
		'place_of_supply', case when address ->> 'country' <> 'IN' then '96 ' || (address ->> 'country')
			else (select s.code || ' ' || s.name from indian_states() s
				where s.code = coalesce(gst_state(address ->> 'region'), left(shop.tax_number, 2))) end,
		'tax_parts', tax_parts(taxes, o.tax_scheme, left(shop.tax_number, 2)),
		'hsn_summary', hsn_summary(lines, o.prices_include_tax));
end
$$;

-- No two rates of a class are for the same place.
create or replace function tax_class_check() returns trigger
language plpgsql as $$
declare
	errors refusal[];
begin
	for n in 0 .. jsonb_array_length(new.rates) - 1 loop
		if exists (select 1 from jsonb_array_elements(new.rates) with ordinality r (value, m)
			where r.m <= n and (r.value - 'rate') = (new.rates -> n) - 'rate') then
			errors := errors || refused('/rates/' || n, 'duplicate');
		end if;
	end loop;
	perform refuse_all(errors);
	return new;
end
$$;
