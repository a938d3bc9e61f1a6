-- What is in a credit note of a part of an invoice.

-- The taxes of `goods`, a part of what remains by rate. What is wanted at a rate is taken there; what the rate has no
-- longer left, and what is wanted at none, is spread over all that remains, in proportion.
create or replace function credit_taxes(remaining jsonb, wanted jsonb, goods numeric, decimals integer) returns jsonb
language plpgsql immutable as $$
declare
	taken jsonb;
begin
	select coalesce(jsonb_agg(jsonb_build_object('rate', t.rate::text, 'taxable', (t.gross - t.tax)::text,
		'tax', t.tax::text)), '[]')
	into taken
	from (
		select l.rate, least(w.taxable + w.tax, l.taxable + l.tax) as gross,
			greatest(least(w.tax, l.tax), least(w.taxable + w.tax - l.taxable, l.tax)) as tax
		from jsonb_to_recordset(wanted) w (rate numeric, taxable numeric, tax numeric)
		join jsonb_to_recordset(remaining) l (rate numeric, taxable numeric, tax numeric) on l.rate = w.rate) t
	where t.gross > 0;
	if taxes_gross(taken) > goods then
		taken := taxes_of_part(taken, goods, decimals);
	end if;
	return taxes_sum(taken || taxes_of_part(taxes_sum(remaining, taken), goods - taxes_gross(taken), decimals));
end
$$;

-- The taxes of a refund's lines and shipping, by rate.
create or replace function refund_taxes(r refunds, o orders) returns jsonb
language plpgsql stable as $$
begin
	return taxes_sum((
			select coalesce(jsonb_agg(jsonb_build_object('rate', trim_scale(i.tax_rate), 'taxable', x.amount - x.tax,
				'tax', x.tax)), '[]')
			from refund_items x join order_items i on i.id = x.order_item where x.refund = r.id)
		|| case when r.shipping > 0 then jsonb_build_array(jsonb_build_object('rate', trim_scale(o.shipping_tax_rate),
			'taxable', r.shipping - r.shipping_tax, 'tax', r.shipping_tax)) else '[]' end);
end
$$;

-- A line of a credit note as printed. A line's discount is what its price is above what was paid for it.
create or replace function credit_line(line jsonb, quantity integer, unit_price numeric, gross numeric, tax numeric,
	includes_tax boolean) returns jsonb
language sql immutable as $$
	select line || jsonb_build_object('quantity', quantity, 'unit_price', unit_price::text,
		'discount_amount', (unit_price * quantity - gross + case when includes_tax then 0 else tax end)::text,
		'tax_amount', tax::text, 'line_total', gross::text)
$$;

-- The lines of a refund's credit note: its pieces, and for each rate what is credited beside them.
create or replace function credit_note_lines(r refunds, o orders, beside jsonb) returns jsonb
language plpgsql stable as $$
declare
	includes_tax constant boolean := o.prices_include_tax;
begin
	return (
		select coalesce(jsonb_agg(credit_line(jsonb_build_object('position', i.position, 'sku', i.sku, 'hsn', i.hsn,
			'name', i.name, 'options', i.options, 'tax_rate', trim_scale(i.tax_rate)::text),
			x.quantity, i.unit_price, x.amount, x.tax, includes_tax) order by i.position), '[]')
		from refund_items x join order_items i on i.id = x.order_item where x.refund = r.id)
	|| (select coalesce(jsonb_agg(credit_line(jsonb_build_object('position', n.last + b.place, 'sku', '', 'hsn', null,
			'name', 'Adjustment', 'options', '{}'::jsonb, 'tax_rate', b.rate::text),
			1, b.taxable + case when includes_tax then b.tax else 0 end, b.taxable + b.tax, b.tax, includes_tax)
			order by b.rate), '[]')
		from (select t.rate, t.taxable, t.tax, row_number() over (order by t.rate) as place
			from jsonb_to_recordset(beside) t (rate numeric, taxable numeric, tax numeric)
			where (t.taxable, t.tax) <> (0, 0)) b,
			(select max(i.position) as last from order_items i where i.order_id = o.id) n);
end
$$;

-- The sums of a credit note with lines.
create or replace function credit_note_sums(r refunds, o orders, lines jsonb, decimals integer) returns jsonb
language plpgsql stable as $$
declare
	nothing constant numeric := round(0::numeric, decimals);
	shipping constant numeric := nothing + r.shipping
		- case when o.prices_include_tax then 0 else r.shipping_tax end;
begin
	return (
		select jsonb_build_object('shipping_total', shipping::text,
			'subtotal', (nothing + coalesce(sum(l.unit_price * l.quantity), 0))::text,
			'discount_total', (nothing + coalesce(sum(l.discount_amount), 0))::text)
		from jsonb_to_recordset(lines) l (quantity integer, unit_price numeric, discount_amount numeric))
	|| case when shipping > 0 then '{}'::jsonb else '{"shipping_method": null}' end;
end
$$;

-- Where the document of a credit note of a part differs from its invoice's. That of a refund by line has its lines and
-- their taxes, any other one only the amount, of all rates. The rounding goes with the last part (`is_rest`), or when
-- nothing else is left.
create or replace function credit_note_content(o orders, of invoices, part numeric, is_rest boolean,
	which_refund uuid) returns jsonb
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(o.currency);
	nothing constant text := round(0::numeric, decimals)::text;
	remaining constant jsonb := taxes_left(of);
	r refunds;
	wanted jsonb;
	goods numeric; -- of the part, without the rounding
	taxes jsonb;
	lines jsonb := '[]';
	shown jsonb := jsonb_build_object('prices_include_tax', true, 'coupon', null, 'shipping_method', null,
		'shipping_total', nothing, 'discount_total', nothing);
begin
	select * into r from refunds f where f.id = which_refund and f.amount = part;
	wanted := refund_taxes(r, o);
	goods := case when is_rest then taxes_gross(remaining)
		else least(part - coalesce(r.rounding, 0), taxes_gross(remaining)) end;
	taxes := credit_taxes(remaining, wanted, goods, decimals);
	if wanted <> '[]' then
		lines := credit_note_lines(r, o, taxes_sum(taxes, wanted));
		shown := credit_note_sums(r, o, lines, decimals);
	end if;
	return jsonb_build_object('taxes', taxes, 'lines', lines, 'rounding', (part - goods)::text, 'tax_rounding', null,
		'tax_parts', tax_parts(taxes, o.tax_scheme, left(of.document::jsonb #>> '{seller,tax_number}', 2)),
		'hsn_summary', case when o.tax_scheme like 'gst\_%' then hsn_summary(lines, o.prices_include_tax) else '[]' end,
		'subtotal', goods::text, 'tax_total', (select coalesce(sum((t ->> 'tax')::numeric), nothing::numeric)::text
			from jsonb_array_elements(taxes) t)) || shown;
end
$$;
