-- Texts in Unicode's composed form, as the API now stores them; the attributes of products in the order that they were
-- sent in.

alter table products
	alter column attributes drop default,
	alter column attributes type json using attributes::json,
	alter column attributes set default '{}';

-- Row by row, and where two become one they stay as they are: a name that is taken is not worth failing.
do $texts$
declare
	item record;
	which tid;
begin
	if current_setting('server_encoding') <> 'UTF8' then
		return;
	end if;
	for item in
		select a.attrelid::regclass as target, a.attname as name
		from pg_attribute a
		where a.attrelid in (select to_regclass(t.name) from unnest(array['stores', 'categories', 'products',
				'product_images', 'users', 'coupons', 'shipping_methods', 'tax_classes', 'addresses']) t (name))
			and a.atttypid = 'text'::regtype and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		order by 1, 2
	loop
		for which in execute format('select ctid from %s where %I is not nfc normalized', item.target, item.name) loop
			begin
				execute format('update %s set %2$I = normalize(%2$I, nfc) where ctid = $1', item.target, item.name)
				using which;
			exception when unique_violation then
				null;
			end;
		end loop;
	end loop;
end
$texts$;

update products set attributes = normalize(attributes::text, nfc)::json
where current_setting('server_encoding') = 'UTF8' and attributes::text is not nfc normalized;
