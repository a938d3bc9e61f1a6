-- Refunds by line: what is left of an order's lines and shipping, and what pieces of them cost.

-- What is left to refund of an order's lines, and how many pieces can go back to stock. A pending refund counts.
create or replace function order_items_left(which uuid)
returns table (order_item uuid, quantity integer, amount numeric, tax numeric, pieces integer)
language plpgsql stable as $$
begin
	return query
	select i.id, i.quantity - coalesce(g.quantity, 0)::integer, i.line_total - coalesce(g.amount, 0),
		i.tax_amount - coalesce(g.tax, 0), i.quantity - i.dropped - i.returned - coalesce(g.restocked, 0)::integer
	from order_items i left join (
		select x.order_item, sum(x.quantity) as quantity, sum(x.amount) as amount, sum(x.tax) as tax,
			sum(x.quantity) filter (where x.restock and r.status = 'pending') as restocked
		from refunds r join refund_items x on x.refund = r.id
		where r.order_id = which and r.status <> 'failed' group by x.order_item) g on g.order_item = i.id
	where i.order_id = which;
end
$$;

-- The same for its shipping and for the rounding of its total.
create or replace function order_shipping_left(o orders, out amount numeric, out tax numeric, out rounding numeric)
language plpgsql stable as $$
begin
	select o.shipping_total + case when o.prices_include_tax then 0 else o.shipping_tax end
			- coalesce(sum(r.shipping), 0),
		o.shipping_tax - coalesce(sum(r.shipping_tax), 0), o.rounding - coalesce(sum(r.rounding), 0)
	into amount, tax, rounding
	from refunds r where r.order_id = o.id and r.status <> 'failed';
end
$$;

-- What is wrong with the requested lines of a refund.
create or replace function refund_items_refused(q refund_request, o orders) returns refusal[]
language plpgsql stable as $$
declare
	errors refusal[];
	l record;
	pointer text;
begin
	for l in
		select x.*, f.order_item, f.quantity as most, f.pieces, coalesce(x.restock, q.restock) as returns,
			row_number() over (partition by x.id order by x.place) > 1 as is_double
		from (select (j.item ->> 'id')::uuid as id, (j.item ->> 'quantity')::integer as quantity,
				(j.item ->> 'restock')::boolean as restock, j.place
			from jsonb_array_elements(q.items) with ordinality j (item, place)) x
		left join order_items_left(o.id) f on f.order_item = x.id
		order by x.place
	loop
		pointer := '/items/' || l.place - 1;
		if l.order_item is null then
			errors := errors || refused(pointer || '/id', 'line_not_found');
		elsif l.is_double then
			errors := errors || refused(pointer || '/id', 'duplicate');
		elsif l.quantity > l.most then
			errors := errors || refused(pointer || '/quantity', 'max_pieces', jsonb_build_object('max', l.most));
		elsif l.returns and l.quantity > l.pieces then
			errors := errors || refused(pointer || '/restock', 'max_restock', jsonb_build_object('max', l.pieces));
		end if;
	end loop;
	return errors;
end
$$;

-- The same for all of a refund by line.
create or replace function refund_lines_refused(q refund_request, o orders) returns refusal[]
language plpgsql stable as $$
declare
	errors constant refusal[] := refund_items_refused(q, o) || money_refused('/shipping', q.shipping, o.currency)
		|| money_refused('/amount', q.amount, o.currency);
	most constant numeric := (order_shipping_left(o)).amount;
begin
	return errors || case when q.shipping > most then
		refused('/shipping', 'max_refund', jsonb_build_object('max', most, 'currency', o.currency)) end;
end
$$;

-- The requested lines of a refund and what they cost: of what is left of each, in proportion, so that its parts add up
-- to the line.
create or replace function refund_items_of(q refund_request, o orders) returns refund_items[]
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(o.currency);
	fine constant numeric := 1.000000000000000000000000; -- see quote_shipped
begin
	return (select array_agg(row(null, f.order_item, x.quantity, coalesce(x.restock, q.restock),
			round(fine * f.amount * x.quantity / f.quantity, decimals),
			tax_part(f.tax, x.quantity, f.quantity, o.tax_scheme, decimals))::refund_items)
		from jsonb_to_recordset(q.items) x (id uuid, quantity integer, restock boolean)
		join order_items_left(o.id) f on f.order_item = x.id);
end
$$;

-- What a refund comes to; without lines, the amount that is requested, or all that is left. The last one takes what is
-- left of the order's rounding; another one that goes online is rounded to what can be charged. A return gets what is
-- there.
create or replace function refund_parts(q refund_request, o orders, p payments, items refund_items[],
	available numeric, out amount numeric, out shipping numeric, out shipping_tax numeric, out rounding numeric)
language plpgsql stable as $$
declare
	step constant numeric := currency_step(o.currency);
	rest record;
begin
	shipping := coalesce(q.shipping, 0);
	shipping_tax := 0;
	rounding := 0;
	if not refund_is_by_line(q) then
		amount := coalesce(q.amount, available);
		return;
	end if;
	rest := order_shipping_left(o);
	if shipping > 0 then
		shipping_tax := tax_part(rest.tax, shipping, rest.amount, o.tax_scheme, currency_decimals(o.currency));
	end if;
	amount := (select coalesce(sum(x.amount), 0) from unnest(items) x) + shipping + coalesce(q.amount, 0);
	rounding := case
		when shipping = rest.amount and not exists (
			select 1 from order_items_left(o.id) f left join unnest(items) x on x.order_item = f.order_item
			where f.quantity > coalesce(x.quantity, 0)) then rest.rounding
		when p.online then least(round(amount / step) * step, greatest(amount, available)) - amount
		else 0 end;
	amount := amount + rounding;
	if q.return_id is not null then
		amount := least(amount, available);
	end if;
end
$$;

-- The lines of a refund in its JSON.
create or replace function refund_items_json(which uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(row_to_json(f) order by f.position), '[]') from (
		select x.order_item as id, i.position, x.quantity, x.restock, x.amount::text as amount, x.tax::text as tax
		from refund_items x join order_items i on i.id = x.order_item where x.refund = which) f);
end
$$;
