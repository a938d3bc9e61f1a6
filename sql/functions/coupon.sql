-- Coupons: what they are for, what they are worth, and why one cannot be used.

-- The ids of a list that are not of the coupon's store; those that were there before are not looked at again.
create or replace function coupon_goods_refused(new coupons, old coupons) returns refusal[]
language plpgsql stable as $$
begin
	if new.store is null and (new.products <> '[]' or new.categories <> '[]') then
		return refused('/store', 'goods_need_store');
	end if;
	return (select array_agg(row(g.list || g.n - 1, case when g.found then 'wrong_store' else 'not_found' end,
			null)::refusal order by g.list, g.n)
		from (
			select '/products/' as list, i.n, p.id is not null as found, p.store = new.store as fits
			from jsonb_array_elements_text(new.products) with ordinality i (id, n)
			left join products p on p.id = i.id::uuid and not p.is_deleted
			where old.products is null or not old.products ? i.id
			union all
			select '/categories/', i.n, k.id is not null, k.store is null or k.store = new.store
			from jsonb_array_elements_text(new.categories) with ordinality i (id, n)
			left join categories k on k.id = i.id::uuid and not k.is_deleted
			where old.categories is null or not old.categories ? i.id) g
		where not (g.found and g.fits));
end
$$;

-- The rules between the fields of a coupon; all errors at once.
create or replace function coupon_check() returns trigger
language plpgsql as $$
declare
	currency constant text := (select s.currency from stores s where s.id = new.store);
	errors refusal[];
begin
	if num_nonnulls(new.discount_percent, new.discount_amount) > 1
		or (num_nonnulls(new.discount_percent, new.discount_amount) = 0 and not new.free_shipping) then
		errors := refused('/discount_percent', 'one_discount');
	end if;
	if new.valid_from >= new.valid_to then
		errors := errors || refused('/valid_to', 'ends_before_start');
	end if;
	if new.store is null and (new.discount_amount is not null or new.min_order_value is not null) then
		errors := errors || refused('/store', 'amount_needs_store');
	elsif new.store is not null then
		errors := errors || money_refused('/discount_amount', new.discount_amount, currency)
			|| money_refused('/min_order_value', new.min_order_value, currency);
		new.discount_amount := round(new.discount_amount, currency_decimals(currency));
		new.min_order_value := round(new.min_order_value, currency_decimals(currency));
	end if;
	perform refuse_all(errors || coupon_goods_refused(new, case when tg_op = 'UPDATE' then old end));
	return new;
end
$$;

create or replace function coupon_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into coupon_uses (coupon) values (new.id);
	return null;
end
$$;

-- Which lines of an order a coupon is for; null: all of them. A variant counts with its parent and has its categories;
-- a category counts with all below it. On sale is what is charged less than its price or its former price: now, or in a
-- correction, where the reason is '', when it was sold.
create or replace function coupon_lines(c coupons, lines quote_line[]) returns boolean[]
language plpgsql stable as $$
declare
	for_all constant boolean := c.products = '[]' and c.categories = '[]';
begin
	if for_all and c.exclude_sale_items is not true then
		return null;
	end if;
	return (select array_agg((for_all or c.products ? p.id::text or coalesce(c.products ? p.parent::text, false)
				or (c.categories <> '[]' and exists (
					select 1 from product_categories i
					where i.product = coalesce(p.parent, p.id) and c.categories ? i.category::text)))
			and not (c.exclude_sale_items is true and coalesce(greatest(p.compare_at_price, p.price)
				> case when l.price_reason = '' then l.unit_price
					else price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) end, false))
			order by l.position)
		from unnest(lines) l join products p on p.id = l.product);
end
$$;

-- What a coupon takes off each of an order's lines, and `eligible`, the value of the goods that it is for; null: it is
-- for none of them. Its amount is spread over their lines proportionally, with parts that add up exactly.
create or replace function coupon_discount(c coupons, lines quote_line[], decimals integer, out parts numeric[],
	out eligible numeric)
language plpgsql stable as $$
declare
	-- As in quote_shipped().
	fine constant numeric := 1.000000000000000000000000;
	is_for boolean[];
	line quote_line;
	n integer := 0;
	net numeric[];
	discountable numeric := 0; -- what it is for, less what staff took off
	up_to numeric := 0;        -- the lines so far
	given numeric := 0;
begin
	if c is null or lines is null then
		return;
	end if;
	is_for := coupon_lines(c, lines);
	foreach line in array lines loop
		n := n + 1;
		parts[n] := null;
		if is_for is null or is_for[n] then
			eligible := coalesce(eligible, 0) + line.unit_price * line.quantity;
			net[n] := line.unit_price * line.quantity - line.price_discount;
			discountable := discountable + net[n];
			parts[n] := round(fine * net[n] * c.discount_percent / 100, decimals);
		end if;
	end loop;
	if c.discount_amount is not null and discountable > 0 then
		for i in 1 .. n loop
			if net[i] is not null then
				up_to := up_to + net[i];
				parts[i] := round(fine * least(c.discount_amount, discountable) * up_to / discountable, decimals)
					- given;
				given := given + parts[i];
			end if;
		end loop;
	end if;
end
$$;

-- Has a verified buyer an order of the store, or of any with null, besides one? Neither cancelled ones count, nor those
-- that an account only claims by what somebody typed.
create or replace function buyer_has_ordered(who uuid, mobile text, email text, of_store uuid, besides uuid)
returns boolean
language plpgsql stable as $$
begin
	return exists (select 1 from orders o
			where o.user_id in (select u.id from users u where u.id = who
					or (u.mobile_number = mobile and u.mobile_verified_at is not null)
					or (lower(u.email) = lower(buyer_has_ordered.email) and u.email_verified_at is not null))
				and not (o.claimed and o.created_by is null)
				and o.status not in ('cart', 'cancelled') and o.store = coalesce(of_store, o.store)
				and o.id <> besides)
		or exists (select 1 from orders o
			where o.user_id is null and o.contact_mobile = mobile and (o.mobile_proven or order_is_entered(o))
				and o.status not in ('cart', 'cancelled') and o.store = coalesce(of_store, o.store)
				and o.id <> besides)
		or exists (select 1 from orders o
			where o.user_id is null and lower(o.contact_email) = lower(buyer_has_ordered.email)
				and (o.email_proven or order_is_entered(o))
				and o.status not in ('cart', 'cancelled') and o.store = coalesce(of_store, o.store)
				and o.id <> besides);
end
$$;

-- Why a live coupon is not for this buyer. It depends on who that is, so it requires a verified one: a typed contact
-- could use up another person's allowance.
create or replace function coupon_buyer_refused(c coupons, o orders) returns refusal[]
language plpgsql stable as $$
declare
	buyer constant record := order_buyer(o);
	used integer;
begin
	if num_nonnulls(buyer.who, buyer.mobile, buyer.email) = 0 then
		return refused('/coupon', 'sign_in_required');
	elsif c.first_order and buyer_has_ordered(buyer.who, buyer.mobile, buyer.email, c.store, o.id) then
		return refused('/coupon', 'not_first_order');
	end if;
	select count(*) into used from coupon_redemptions r
	where r.coupon = c.id and (r.user_id = buyer.who or r.mobile = buyer.mobile or lower(r.email) = lower(buyer.email));
	return case when used >= c.usage_limit_per_customer then refused('/coupon', 'used_up_by_customer') end;
end
$$;

-- Why an order's coupon cannot be used. c is null if there is none of that code; the same is said of one that is not
-- active or belongs to another store. q: what the order costs with it; null: what depends on its lines is not checked.
-- What holds for everybody comes first: nothing else may show that a code is one.
create or replace function coupon_refused(c coupons, shop stores, q quote, o orders) returns refusal[]
language plpgsql stable as $$
begin
	if o.coupon is null then
		return null;
	elsif c.id is null or c.store <> shop.id or not c.is_active
		or not is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to) then
		return refused('/coupon', 'coupon_not_found');
	elsif c.valid_from > now() then
		return refused('/coupon', 'not_yet');
	elsif c.valid_to <= now() then
		return refused('/coupon', 'expired');
	elsif c.usage_limit is not null
		and (select u.used_count from coupon_uses u where u.coupon = c.id) >= c.usage_limit then
		return refused('/coupon', 'used_up');
	elsif q.eligible is null and q.lines is not null then
		return refused('/coupon', 'wrong_products');
	elsif q.eligible < c.min_order_value then
		return refused('/coupon', 'coupon_min_value', jsonb_build_object('min', c.min_order_value::text,
			'currency', shop.currency));
	elsif c.usage_limit_per_customer is not null or c.first_order then
		return coupon_buyer_refused(c, o);
	end if;
	return null;
end
$$;

-- Refusals as a viewer of the order may see them. Codes could be found by guessing: to all but the store's staff, one
-- that nobody can use now is like one that there is not.
create or replace function refusals_seen(refusals refusal[], viewer text) returns refusal[]
language plpgsql immutable as $$
begin
	if refusals is null or viewer in ('staff', 'admin') then
		return refusals;
	end if;
	return array(select row(r.pointer, case when r.code in ('not_yet', 'expired', 'used_up') then 'coupon_not_found'
			else r.code end, r.params)::refusal
		from unnest(refusals) with ordinality r (pointer, code, params, n) order by r.n);
end
$$;

-- Use a coupon for an order: its limits are checked again, now that its count is locked. Two coupons for a first order
-- do not share a lock: their buyer is locked before them.
create or replace function coupon_redeem(c coupons, o orders, viewer text) returns void
language plpgsql as $$
declare
	buyer constant record := order_buyer(o);
	uses integer;
begin
	if c.first_order then
		perform pg_advisory_xact_lock(k.key)
		from (select distinct hashtextextended('buyer ' || b.id, 0) as key
			from unnest(array[buyer.who::text, buyer.mobile, lower(buyer.email)]) b (id)
			where b.id is not null order by key) k;
	end if;
	update coupon_uses u set used_count = u.used_count + 1 where u.coupon = c.id returning u.used_count - 1 into uses;
	perform refuse_all(refusals_seen(case when uses >= c.usage_limit then refused('/coupon', 'used_up')
		when c.usage_limit_per_customer is not null or c.first_order then coupon_buyer_refused(c, o) end, viewer));
	insert into coupon_redemptions (order_id, coupon, user_id, mobile, email)
	values (o.id, c.id, buyer.who, buyer.mobile, buyer.email);
end
$$;
