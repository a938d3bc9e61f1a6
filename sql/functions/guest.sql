-- Orders of guests: confirming, claiming, disowning.

-- Add to a cart what is in another one of the same store, up to ORDER_ITEMS_MAX lines, and remove that cart.
create or replace function cart_absorb(which uuid, other uuid) returns void
language plpgsql as $$
declare
	lines integer;
begin
	update cart_items i set quantity = least(i.quantity + x.quantity, 10000)
	from cart_items x
	where i.order_id = which and x.order_id = other and x.product = i.product and i.price_reason is null;
	select count(*) into lines from cart_items i where i.order_id = which;
	insert into cart_items (order_id, position, product, quantity, unit_price, discount_amount, price_reason,
		is_price_set)
	select which, lines + row_number() over (order by x.position), x.product, x.quantity, x.unit_price,
		x.discount_amount, x.price_reason, x.is_price_set
	from cart_items x
	where x.order_id = other
		and not exists (select 1 from cart_items i where i.order_id = which and i.product = x.product)
	order by x.position limit greatest(200 - lines, 0);
	update orders set is_deleted = true where id = other;
end
$$;

-- A guest's cart becomes a customer's, together with the one that they had of that store. o is locked. Returns the
-- cart, whose totals are to be computed anew.
create or replace function cart_take_over(o orders, who uuid) returns orders
language plpgsql as $$
declare
	buyer users;
	own orders;
begin
	select * into buyer from users u where u.id = who;
	select * into own from orders x
	where x.user_id = who and x.store = o.store and x.status = 'cart' and not x.is_deleted and x.id <> o.id
	order by x.modified_at desc limit 1 for update;
	update orders set user_id = who, token_hash = null, claimed = false, disowned = false,
		contact_name = coalesce(nullif(o.contact_name, ''), nullif(own.contact_name, ''), buyer.name),
		contact_email = coalesce(o.contact_email, own.contact_email, buyer.email),
		contact_mobile = coalesce(o.contact_mobile, own.contact_mobile, buyer.mobile_number),
		shipping_address = coalesce(o.shipping_address, own.shipping_address),
		billing_address = coalesce(o.billing_address, own.billing_address),
		shipping_method = coalesce(o.shipping_method, own.shipping_method), coupon = coalesce(o.coupon, own.coupon),
		comments = coalesce(nullif(o.comments, ''), own.comments, '')
	where id = o.id returning * into o;
	if own.id is not null then
		perform cart_absorb(o.id, own.id);
	end if;
	return o;
end
$$;

-- A customer moves a guest's order or cart into their account with its token, which shows that they placed it. One that
-- is theirs alone stays so: the token of a cart ended when it was taken over. Returns the order.
create or replace function order_adopt(which uuid, who uuid, caller_role text, token bytea, request_id text)
returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	perform order_viewer_required(o, who, caller_role, token);
	if caller_role <> 'customer' then
		perform deny('CS403', 'customers_adopt');
	elsif o.user_id = who and o.token_hash is null then
		return order_json(which, 'customer', who);
	elsif o.token_hash is distinct from token then
		perform deny('CS403', 'token_required');
	elsif o.user_id <> who then
		perform deny('CS409', 'another_account');
	end if;
	if o.status = 'cart' then
		o := cart_take_over(o, who);
		perform cart_write((cart_quote(o, cart_basket(which))).o, false);
	else
		update orders set user_id = who, claimed = false, disowned = false where id = which;
		update coupon_redemptions r set user_id = who where r.order_id = which;
	end if;
	update payments p set unconfirmed = false where p.order_id = which and p.unconfirmed; -- the customer is known
	return order_json(which, 'customer', who);
end
$$;

-- A customer declares that an order placed by a guest with the customer's number or address is not theirs: it leaves
-- the account permanently, and the contact is removed, so that no more messages are sent there. The store keeps it,
-- with a note.
create or replace function order_disown(which uuid, who uuid, caller_role text, token bytea, request_id text)
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	owner users;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	perform order_viewer_required(o, who, caller_role, token);
	if o.user_id is distinct from who then
		perform deny('CS403', 'owner_only');
	elsif o.token_hash is null then
		perform deny('CS409', 'placed_yourself');
	end if;
	select * into owner from users u where u.id = who;
	update orders set user_id = null, claimed = false, disowned = true, email_proven = false, mobile_proven = false,
		contact_email = case when lower(contact_email) is distinct from lower(owner.email) then contact_email end,
		contact_mobile = case when contact_mobile is distinct from owner.mobile_number then contact_mobile end
	where id = which;
	delete from outbox b where b.order_id = which and b.status = 'queued'
		and lower(b.recipient) in (lower(owner.email), owner.mobile_number);
	perform order_note(which, 'The owner of the contact''s number or address declared that the order is not theirs.');
end
$$;

-- The recipient of the code that confirms a guest's order: its contact, by mobile_number or email; null: the number, if
-- it has one and text messages can be sent.
create or replace function order_contact(which uuid, who uuid, caller_role text, token bytea, way text,
	can_text boolean, out channel text, out recipient text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	o orders;
begin
	select * into o from orders where id = which;
	perform order_viewer_required(o, who, caller_role, token);
	if o.user_id is not null then
		perform deny('CS409', 'nothing_to_confirm');
	elsif o.status not in ('cart', 'placed', 'pending', 'paid', 'partly_shipped') then
		perform deny('CS409', 'order_is', jsonb_build_object('status', o.status));
	end if;
	way := coalesce(way, case when o.contact_email is null or (can_text and o.contact_mobile is not null)
		then 'mobile_number' else 'email' end);
	channel := case way when 'email' then 'mail' else 'sms' end;
	recipient := case way when 'email' then o.contact_email else o.contact_mobile end;
	if recipient is null then
		perform refuse('/by', 'not_in_contact');
	elsif (case way when 'email' then o.email_proven else o.mobile_proven end) then
		perform deny('CS409', 'already_confirmed');
	end if;
end
$$;

-- Confirm the contact of an order, with the code of a challenge, or by the store's staff without one. body null: the
-- code is wrong.
create or replace function order_confirm(which uuid, who uuid, caller_role text, token bytea, request_id text,
	challenge bytea, code bytea, out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	proven challenges;
	viewer text;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	viewer := order_viewer_required(o, who, caller_role, token);
	if challenge is null and code is null and viewer = 'customer' then
		perform deny('CS403', 'code_required');
	elsif o.status not in ('cart', 'placed', 'pending', 'paid', 'partly_shipped') then
		perform deny('CS409', 'order_is', jsonb_build_object('status', o.status));
	end if;
	if challenge is not null or code is not null then
		proven := challenge_redeem('confirm_order', challenge, code);
		if proven.subject is distinct from which or proven.recipient is distinct from (
			case proven.channel when 'mail' then o.contact_email else o.contact_mobile end) then
			return; -- no error is raised, so that the attempt counts
		end if;
		update orders set email_proven = email_proven or proven.channel = 'mail',
			mobile_proven = mobile_proven or proven.channel = 'sms'
		where id = which returning * into o;
	end if;
	update payments p set unconfirmed = false where p.order_id = which and p.unconfirmed;
	if o.status <> 'cart' then
		perform order_note(which, case when proven.id is null then 'The store has confirmed the order.'
			else format('The order was confirmed by a code to %s.', proven.recipient) end);
		-- Send what could not be sent to the unconfirmed number.
		if proven.channel = 'sms' and o.contact_email is null and not exists (
			select 1 from outbox b where b.order_id = which and b.template = 'order_placed') then
			perform order_notify(o, (select s from stores s where s.id = o.store), 'order_placed');
		end if;
	end if;
	wake := order_wakes_sender(which);
	body := order_json(which, viewer, who);
end
$$;

-- A user who proves a number or address gets the orders that guests placed with it. As anyone can type one, the
-- customer sees what was bought in unconfirmed ones, but not who placed them (order_seen), and may disown them. The
-- guest's order_token remains valid. The token of a cart ends, as its owner continues to fill it. A stranger's address
-- is removed from it, so that the owner's goods are not sent there.
create or replace function orders_claim(who uuid, mobile text, email text) returns void
language plpgsql as $$
declare
	buyer users;
	found_one record;
begin
	perform set_config('cgishop.user_id', who::text, true);
	select * into buyer from users u where u.id = who;
	for found_one in
		select o.id, o.status, ((o.mobile_proven and o.contact_mobile = mobile)
			or (o.email_proven and lower(o.contact_email) = lower(email))) is true as proven
		from orders o
		where o.user_id is null and not o.is_deleted and not o.disowned
			and (o.contact_mobile = mobile or lower(o.contact_email) = lower(email))
		order by o.id
	loop
		if found_one.status <> 'cart' then
			update orders o set user_id = who, claimed = not found_one.proven where o.id = found_one.id
				and o.user_id is null;
		else
			update orders o set user_id = who, token_hash = null, contact_name = buyer.name,
				contact_email = buyer.email, shipping_address = case when found_one.proven then o.shipping_address end,
				billing_address = case when found_one.proven then o.billing_address end,
				comments = case when found_one.proven then o.comments else '' end
			where o.id = found_one.id and o.user_id is null;
		end if;
	end loop;
end
$$;
