-- Invoices and credit notes.

-- "INV26-00001"; if the year begins in another month, "INV2627-00001".
create or replace function invoice_number(shop stores, kind text, day date) returns text
language plpgsql as $$
declare
	year integer := extract(year from day)
		- case when extract(month from day) < shop.financial_year_start then 1 else 0 end;
	next integer;
begin
	insert into invoice_counters as c (store, kind, financial_year, last)
	values (shop.id, invoice_number.kind, year, 1)
	on conflict on constraint invoice_counters_pkey do update set last = c.last + 1
	returning c.last into next;
	return case kind when 'invoice' then shop.invoice_prefix else shop.credit_note_prefix end
		|| to_char(mod(year, 100), 'FM00')
		|| case when shop.financial_year_start > 1 then to_char(mod(year + 1, 100), 'FM00') else '' end
		|| '-' || case when next < 100000 then to_char(next, 'FM00000') else next::text end;
end
$$;

-- 0 to 999.
create or replace function words_below_thousand(n integer) returns text
language plpgsql immutable strict parallel safe as $$
begin
	return concat_ws(' ',
		case when n >= 100 then (array['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'])[n / 100]
			|| ' hundred' end,
		case when mod(n, 100) between 1 and 19 then (array['one', 'two', 'three', 'four', 'five', 'six', 'seven',
			'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen',
			'eighteen', 'nineteen'])[mod(n, 100)]
		when mod(n, 100) >= 20 then (array['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty',
			'ninety'])[mod(n, 100) / 10 - 1] || coalesce('-' || nullif((array['', 'one', 'two', 'three', 'four', 'five',
			'six', 'seven', 'eight', 'nine'])[mod(n, 10) + 1], ''), '') end);
end
$$;

-- English words for a whole number; grouped as in India when `indian`: lakh (10^5), crore (10^7).
create or replace function number_in_words(n numeric, indian boolean) returns text
language plpgsql immutable strict parallel safe as $$
declare
	whole constant bigint := trunc(n);
begin
	if whole < 1000 then
		return coalesce(nullif(words_below_thousand(whole::integer), ''), 'zero');
	elsif indian then
		return concat_ws(' ', number_in_words(nullif(whole / 10000000, 0), true) || ' crore',
			words_below_thousand(nullif(whole / 100000 % 100, 0)::integer) || ' lakh',
			words_below_thousand(nullif(whole / 1000 % 100, 0)::integer) || ' thousand',
			words_below_thousand(nullif(whole % 1000, 0)::integer));
	end if;
	return concat_ws(' ', number_in_words(nullif(whole / 1000000000000, 0), false) || ' trillion',
		words_below_thousand(nullif(whole / 1000000000 % 1000, 0)::integer) || ' billion',
		words_below_thousand(nullif(whole / 1000000 % 1000, 0)::integer) || ' million',
		words_below_thousand(nullif(whole / 1000 % 1000, 0)::integer) || ' thousand',
		words_below_thousand(nullif(whole % 1000, 0)::integer));
end
$$;

-- "One thousand one hundred eighty and 50/100 EUR"; rupees as they are written in India.
create or replace function amount_in_words(amount numeric, currency text) returns text
language plpgsql immutable parallel safe as $$
declare
	decimals constant integer := currency_decimals(currency);
	part constant numeric := (amount - trunc(amount)) * 10 ^ decimals;
	words text := number_in_words(amount, currency = 'INR');
begin
	words := upper(left(words, 1)) || substr(words, 2);
	if currency = 'INR' then
		return words || case when trunc(amount) = 1 then ' rupee' else ' rupees' end
			|| case when part > 0 then ' and ' || number_in_words(part, true)
				|| case when part = 1 then ' paisa' else ' paise' end else '' end || ' only';
	elsif decimals = 0 then
		return words || ' ' || currency;
	end if;
	return words || ' and ' || to_char(part, 'FM' || repeat('0', decimals)) || '/' || (10 ^ decimals)::integer
		|| ' ' || currency;
end
$$;

-- Taxes of an order by rate: {rate, taxable, tax}, shipping among them.
create or replace function order_taxes(o orders) returns jsonb
language plpgsql stable as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('rate', trim_scale(t.rate)::text, 'taxable', t.taxable::text,
			'tax', t.tax::text) order by t.rate), '[]')
		from (
			select p.rate, sum(p.gross - case when o.prices_include_tax then p.tax else 0 end) as taxable,
				sum(p.tax) as tax
			from (
				select i.tax_rate as rate, i.unit_price * i.quantity - i.discount_amount as gross, i.tax_amount as tax
				from order_items i where i.order_id = o.id
				union all
				select o.shipping_tax_rate, o.shipping_total, o.shipping_tax where o.shipping_total > 0) p
			group by p.rate) t);
end
$$;

-- The sums by rate of a list of taxes, in which rates may repeat, less those of another one.
create or replace function taxes_sum(taxes jsonb, less jsonb default '[]') returns jsonb
language plpgsql immutable as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('rate', t.rate::text, 'taxable', t.taxable::text,
			'tax', t.tax::text) order by t.rate), '[]')
		from (
			select p.rate, sum(p.taxable) as taxable, sum(p.tax) as tax
			from (
				select x.rate, x.taxable, x.tax
				from jsonb_to_recordset(taxes) x (rate numeric, taxable numeric, tax numeric)
				union all
				select x.rate, -x.taxable, -x.tax
				from jsonb_to_recordset(less) x (rate numeric, taxable numeric, tax numeric)) p
			group by p.rate) t);
end
$$;

-- What taxes come to, with what is taxed.
create or replace function taxes_gross(taxes jsonb) returns numeric
language sql immutable as $$
	select coalesce(sum(x.taxable + x.tax), 0) from jsonb_to_recordset(taxes) x (taxable numeric, tax numeric)
$$;

-- The taxes of an invoice less those of its credit notes, by rate.
create or replace function taxes_left(of invoices) returns jsonb
language plpgsql stable as $$
begin
	return taxes_sum(of.taxes, (select coalesce(jsonb_agg(x), '[]')
		from invoices i, jsonb_array_elements(i.taxes) x where i.credits = of.id));
end
$$;

-- A part of an amount by rate: proportional to each rate's share, no more than each has, adding up to exactly the part.
create or replace function taxes_of_part(taxes jsonb, part numeric, decimals integer) returns jsonb
language plpgsql immutable as $$
declare
	fine constant numeric := 1.000000000000000000000000; -- see quote_shipped
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('rate', s.rate::text, 'taxable', (s.share - s.tax)::text,
			'tax', s.tax::text) order by s.rate), '[]')
		from (
			select g.rate, g.share, round(fine * g.tax * g.share / g.gross, decimals) as tax
			from (
				select w.rate, w.gross, w.tax, round(fine * part * w.up_to / w.whole, decimals)
					- round(fine * part * (w.up_to - w.gross) / w.whole, decimals) as share
				from (
					select r.rate, r.tax, r.gross, sum(r.gross) over (order by r.rate) as up_to,
						sum(r.gross) over () as whole
					from (
						select (t ->> 'rate')::numeric as rate, (t ->> 'tax')::numeric as tax,
							(t ->> 'taxable')::numeric + (t ->> 'tax')::numeric as gross
						from jsonb_array_elements(taxes) t) r) w
				where w.gross > 0) g) s
		where s.share > 0);
end
$$;

-- The invoice of an order that is being placed, without its number.
create or replace function invoice_draft(o orders, shop stores, day date) returns invoices
language plpgsql stable as $$
declare
	draft invoices;
	lines json;
begin
	select json_agg(json_build_object('position', i.position, 'sku', i.sku, 'hsn', i.hsn, 'name', i.name,
		'options', i.options,
		'quantity', i.quantity, 'unit_price', i.unit_price::text, 'discount_amount', i.discount_amount::text,
		'tax_rate', trim_scale(i.tax_rate)::text, 'tax_amount', i.tax_amount::text,
		'line_total', i.line_total::text) order by i.position)
	into lines from order_items i where i.order_id = o.id;
	draft.store := shop.id;
	draft.order_id := o.id;
	draft.issued_at := now();
	draft.due_at := day + shop.invoice_due_days;
	draft.amount := o.total;
	draft.currency := o.currency;
	draft.taxes := order_taxes(o);
	draft.document := json_build_object('kind', 'invoice', 'issued_at', day, 'due_at', draft.due_at,
		'credits', null, 'reason', null, 'order_number', o.number::text, 'currency', o.currency,
		'prices_include_tax', o.prices_include_tax,
		'seller', json_build_object('name', shop.name, 'address', shop.address, 'email', shop.contact_email,
			'phone', shop.contact_phone, 'tax_number', nullif(shop.tax_number, ''),
			'bank_details', nullif(shop.bank_details, '')),
		'buyer', json_build_object('name', o.contact_name, 'email', o.contact_email, 'mobile_number', o.contact_mobile,
			'billing_address', coalesce(o.billing_address, o.shipping_address), 'shipping_address', o.shipping_address),
		'lines', lines, 'subtotal', o.subtotal::text, 'discount_total', o.discount_total::text,
		'shipping_total', o.shipping_total::text, 'tax_total', o.tax_total::text, 'rounding', o.rounding::text,
		'total', o.total::text,
		'coupon', o.coupon, 'shipping_method', o.shipping_method_name, 'taxes', draft.taxes,
		'total_in_words', amount_in_words(o.total, o.currency), 'notes', '',
		'tax_scheme', o.tax_scheme, 'tax_rounding', o.tax_rounding)::text;
	if o.tax_scheme in ('gst_state', 'gst_inter_state') then
		draft.document := json_join(draft.document, invoice_gst(o, shop, draft.taxes, lines::jsonb)::text);
	end if;
	return draft;
end
$$;

-- The invoice in an order's JSON.
create or replace function invoice_brief(id uuid, number text) returns text
language sql stable as $$
	select '{"id":"' || id || '","invoice_number":' || to_json(number) || '}'
$$;

-- Number a draft and store it. Last in its transaction: from here on other orders of the store wait. Returns the
-- order's JSON of it.
create or replace function invoice_issue(draft invoices, shop stores, day date) returns text
language plpgsql as $$
begin
	draft.id := uuid_v7();
	draft.number := invoice_number(shop, 'invoice', day);
	insert into invoices (id, kind, number, store, order_id, issued_at, due_at, amount, currency, taxes, document)
	values (draft.id, 'invoice', draft.number, draft.store, draft.order_id, draft.issued_at, draft.due_at, draft.amount,
		draft.currency, draft.taxes, json_join(json_build_object('number', draft.number)::text, draft.document));
	return invoice_brief(draft.id, draft.number);
end
$$;

-- The invoice of an order: the current one, if others were corrected; nulls: there is none.
create or replace function invoice_of(which uuid) returns invoices
language plpgsql stable as $$
declare
	i invoices;
begin
	select * into i from invoices x where x.order_id = which and x.kind = 'invoice' and not x.superseded;
	return i;
end
$$;

-- Credit an amount of an order's invoice, never more than is left of it. A credit of the whole has the invoice's lines.
-- Does nothing for an order without an invoice.
create or replace function credit_note_issue(o orders, request numeric, why text, which_refund uuid) returns void
language plpgsql as $$
declare
	of invoices;
	shop stores;
	day date;
	made text;
	credited numeric;
	part numeric;
	content jsonb := '{}'; -- where it differs from the invoice
begin
	of := invoice_of(o.id);
	select coalesce(sum(i.amount), 0) into credited from invoices i where i.credits = of.id;
	part := least(request, of.amount - credited);
	if of.id is null or part <= 0 then
		return;
	elsif part < of.amount then
		content := credit_note_content(o, of, part, part = of.amount - credited, which_refund);
	end if;
	select * into shop from stores s where s.id = o.store;
	day := (now() at time zone shop.timezone)::date;
	made := invoice_number(shop, 'credit_note', day);
	insert into invoices (kind, number, store, order_id, refund, credits, amount, currency, taxes, document)
	values ('credit_note', made, o.store, o.id, which_refund, of.id, part, o.currency,
		coalesce(content -> 'taxes', of.taxes),
		(of.document::jsonb || jsonb_build_object('kind', 'credit_note', 'number', made, 'issued_at', day,
			'due_at', null, 'credits', of.number, 'credits_issued_at', of.document::jsonb -> 'issued_at',
			'reason', nullif(why, ''), 'total', part::text,
			'total_in_words', amount_in_words(part, o.currency)) || content)::text);
end
$$;

-- Replace the invoice of an order by one as the order is now: the first is credited in full. Does nothing once
-- something else was credited, as both would no longer add up.
create or replace function invoice_replace(o orders, why text) returns void
language plpgsql as $$
declare
	of constant invoices := invoice_of(o.id);
	shop stores;
	day date;
begin
	if of.id is null or exists (select 1 from invoices i where i.credits = of.id) then
		return;
	end if;
	select * into shop from stores s where s.id = o.store;
	day := (now() at time zone shop.timezone)::date;
	perform credit_note_issue(o, of.amount, why, null);
	update invoices set superseded = true where id = of.id;
	perform invoice_issue(invoice_draft(o, shop, day), shop, day);
end
$$;

create or replace function invoice_json(i invoices, viewer text) returns text
language plpgsql stable as $$
declare
	d constant json := i.document;
	shown text;
begin
	select row_to_json(r)::text into shown from (
		select i.id, i.kind, i.number as invoice_number, i.store, i.order_id as "order", i.credits,
			i.refund, i.superseded, rfc3339(i.issued_at) as issued_at, i.due_at, i.amount::text as amount, i.currency,
			d -> 'prices_include_tax' as prices_include_tax, i.taxes, i.notes,
			d -> 'seller' as seller, d -> 'buyer' as buyer, d -> 'lines' as lines,
			d -> 'subtotal' as subtotal, d -> 'discount_total' as discount_total,
			d -> 'shipping_total' as shipping_total, d -> 'tax_total' as tax_total,
			d -> 'tax_scheme' as tax_scheme, d -> 'tax_rounding' as tax_rounding,
			d -> 'place_of_supply' as place_of_supply,
			coalesce(d -> 'tax_parts', '[]') as tax_parts, coalesce(d -> 'hsn_summary', '[]') as hsn_summary,
			d -> 'rounding' as rounding, d -> 'total_in_words' as total_in_words,
			rfc3339(i.created_at) as created_at, rfc3339(i.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select i.created_by, i.modified_by, i.is_deleted, i.is_suspended, i.status, i.comments,
				rfc3339(i.active_from) as active_from, rfc3339(i.active_to) as active_to) r));
	end if;
	return shown;
end
$$;

create or replace function invoice_json(which uuid, viewer text) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	i invoices;
begin
	select * into i from invoices where id = which;
	return invoice_json(i, viewer);
end
$$;

-- One invoice as the caller sees it, and its document; nulls if the caller must not know of it.
create or replace function invoice_read(which uuid, who uuid, caller_role text, token bytea, out body text,
	out document text, out number text, out order_id text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	i invoices;
	o orders;
	viewer text;
begin
	select * into i from invoices where id = which;
	select * into o from orders where id = i.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	-- A customer who only claims an order must not learn its buyer, whom the invoice names: see order_seen().
	if viewer is not null and not (viewer = 'customer' and o.claimed and o.token_hash is distinct from token) then
		body := invoice_json(i, viewer);
		document := i.document;
		number := i.number;
		order_id := i.order_id::text;
	end if;
end
$$;
