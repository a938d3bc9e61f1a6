-- The rights of the serving role. Runs completely at the end of every migrate.
--
-- A migration that adds a table adds its line to `rights` here. Without one
-- nothing is granted and migrating ends with an error, so that a table is never
-- open, or forgotten, by accident. A function that the programs call is added to `calls`.

do $grants$
declare
	-- Table or view, the verbs, columns excluded from all of them. No delete: rows are marked as deleted. What is
	-- not listed runs inside SECURITY DEFINER functions: orders, sessions, stock by its ledger, the audit log by
	-- its trigger.
	rights constant text[] := array[
		['addresses',               'select insert update', ''],
		['audit_logs',              'select',               ''],
		['base_model',              '',                     ''],
		['cart_items',              '',                     ''],
		['categories',              'select insert update', ''],
		['category_paths',          'select',               ''],
		['category_search',         '',                     ''],
		['challenges',              '',                     ''],
		['coupon_redemptions',      '',                     ''],
		['coupon_uses',             'select',               ''],
		['coupons',                 'select insert update', ''],
		['cron_history',            'select',               ''],
		['cron_runs',               '',                     ''],
		['disputes',                'select',               ''],
		['idempotency_keys',        '',                     ''],
		['invoice_counters',        '',                     ''],
		['invoices',                'select',               'document'],
		['known_places',            '',                     ''],
		['live_parents',            'select',               ''],
		['live_product_images',     'select',               ''],
		['live_products',           'select',               ''],
		['live_stores',             'select',               ''],
		['live_variants',           'select',               ''],
		['order_events',            'select',               ''],
		['order_items',             'select',               ''],
		['order_statuses',          'select',               ''],
		['order_transitions',       'select',               ''],
		['orders',                  'select',               'token_hash'],
		['outbox',                  '',                     ''],
		['outbox_sender',           '',                     ''],
		['own_live_categories',     '',                     ''],
		['payments',                'select',               'key request_hash key_scope'],
		['product_categories',      'select',               ''],
		['product_images',          'select insert update', ''],
		['product_search',          'select',               ''],
		['products',                'select insert update', ''],
		['rate_limits',             '',                     ''],
		['refund_items',            'select',               ''],
		['refunds',                 'select',               'key request_hash key_scope'],
		['return_items',            'select',               ''],
		['returns',                 'select',               ''],
		['schema_code',             'select',               ''],
		['schema_migrations',       'select',               ''],
		['search_words',            '',                     ''],
		['sessions',                '',                     ''],
		['shipment_items',          '',                     ''],
		['shipments',               '',                     ''],
		['shipping_methods',        'select insert update', ''],
		['stock',                   'select',               ''],
		['stock_movements',         'select insert',        ''],
		['store_members',           'select insert delete', ''],
		['stores',                  'select insert update', ''],
		['tax_classes',             'select insert update', ''],
		['users',                   'select insert update', 'password_hash email_verified_at mobile_verified_at'],
		['webhook_events',          '',                     '']
	];
	-- Functions that the serving role may call: those in the programs' statements, and those that run with its
	-- rights in defaults, views, checks and triggers that are not SECURITY DEFINER. Only the owner may call all
	-- others: some could open a session, or pay an order, without proof.
	calls constant text[] := array[
		'acting_user', 'availability', 'availability_rank', 'categories_named', 'category_tree_keep',
		'category_tree_lock', 'category_delete', 'category_suspension_keep', 'code_fingerprint', 'country_has_regions',
		'coupon_goods_refused', 'currency_decimals', 'currency_step', 'deny', 'is_live',
		'facet_fold', 'facet_groups', 'facet_key', 'facet_keys', 'facet_values',
		'json_join', 'jsonb_merge_patch', 'lower_case', 'money_refused', 'price_band_width', 'price_charged',
		'product_terms_refused', 'quantity_least', 'refuse', 'refuse_all', 'refused', 'rfc3339', 'search_code',
		'search_count_if_due', 'search_find', 'search_fold', 'search_has_trigrams', 'search_scored',
		'shipping_bands_refused', 'shipping_fees_refused', 'uuid_v7', 'works_in_store', 'gst_state', 'indian_states',
		'catalogue_bulk', 'category_names', 'export_escaped', 'import_is_tried', 'product_line', 'product_line_images',
		'product_line_members', 'json_merge_patch', 'json_merge_patch_any_case', 'option_pointer', 'options_refused',
		'options_renamed', 'product_as_parent',
		'product_as_variant', 'related_live', 'related_refused', 'sku_of', 'variant_options',
		'variants_availability', 'variants_json', 'image_sizes',
		'variant_options_refused', 'variant_options_said',
		'challenge_issue', 'challenge_newest', 'contact_issue', 'contact_prove', 'me_export', 'me_forget', 'otp_login',
		'password_change', 'password_login', 'password_salt_of_email', 'password_salt_of_user', 'password_set',
		'place_known', 'place_remember', 'rate_limit_release', 'rate_limit_take', 'session_caller',
		'session_close', 'session_close_all', 'session_proven', 'stock_lock', 'stock_set', 'user_json',
		'cron_begin', 'cron_end', 'cron_sweep', 'shop_figures', 'shop_prices_refresh', 'idempotency_begin',
		'idempotency_save',
		'invoice_json', 'invoice_read',
		'order_adopt', 'order_cart_save', 'order_confirm', 'order_contact', 'order_correct', 'order_disown',
		'order_expire', 'order_json', 'order_lock', 'order_move', 'order_place', 'order_read', 'order_ship',
		'order_write_note', 'orders_overdue',
		'outbox_claim', 'outbox_failed', 'outbox_revive', 'outbox_sent', 'outbox_state',
		'payment_accept', 'payment_prepare', 'payment_begin', 'payment_json', 'payment_capture_refused', 'payment_read',
		'payment_refused', 'payment_returned', 'payment_record', 'payment_unanswered', 'payment_cancel_refused',
		'payments_due', 'refund_begin', 'refund_record', 'refund_unanswered', 'refunds_due', 'refunds_record',
		'return_change', 'shipment_correct', 'shipping_quote', 'webhook_record', 'webhooks_apply_waiting'
	];

	serving constant text := nullif(current_setting('cgishop.serving_role'), '');
	line text[];
	verb text;
	columns text;
	item record;
begin
	if serving is not null and not exists (select 1 from pg_roles r where r.rolname = serving) then
		raise exception 'the role "%" of DATABASE_URL does not exist', serving
			using hint = format('create it: create role %I login password ''...''', serving);
	end if;

	-- Extensions have tables and functions of their own: we do not grant those.
	for item in
		select c.relname from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
			and pg_has_role(c.relowner, 'usage')
			and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
			and c.relname <> all (rights[:][1:1])
		order by c.relname
	loop
		raise exception 'sql/grants.sql has no line for the table %', item.relname
			using hint = 'add one to "rights"; one without verbs gives no rights';
	end loop;

	foreach line slice 1 in array rights loop
		execute format('revoke all on %I from public', line[1]);
		continue when serving is null;
		execute format('revoke all on %I from %I', line[1], serving);
		columns := case when line[3] <> '' then (
			select format('(%s)', string_agg(quote_ident(a.attname), ', ' order by a.attnum))
			from pg_attribute a
			where a.attrelid = line[1]::regclass and a.attnum > 0 and not a.attisdropped
				and a.attname <> all (string_to_array(line[3], ' '))) end;
		foreach verb in array string_to_array(line[2], ' ') loop
			execute format('grant %s %s on %I to %I', verb, columns, line[1], serving);
		end loop;
	end loop;

	-- A function that runs with the owner's rights must not find a caller's table under the name of ours, and only
	-- the serving role may call one.
	for item in
		select p.oid::regprocedure as signature, p.proname, p.prosecdef,
			coalesce(array_to_string(p.proconfig, ';'), '') as settings
		from pg_proc p
		where p.pronamespace = 'public'::regnamespace and pg_has_role(p.proowner, 'usage')
			and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
		order by p.oid
	loop
		if item.prosecdef and item.settings !~ 'search_path=[^;]*pg_temp(;|$)' then
			raise exception 'the function % is SECURITY DEFINER without a safe search_path', item.signature
				using hint = 'add: set search_path = public, pg_temp';
		end if;
		execute format('revoke all on routine %s from public', item.signature);
		continue when serving is null;
		execute format('revoke all on routine %s from %I', item.signature, serving);
		if item.proname = any (calls) then
			execute format('grant execute on routine %s to %I', item.signature, serving);
		end if;
	end loop;

	-- On shared hosts the schema may belong to the host, which sets its rights.
	if exists (select 1 from pg_namespace n where n.nspname = 'public' and pg_has_role(n.nspowner, 'usage')) then
		revoke create on schema public from public;
	end if;
	if serving is null then
		return;
	end if;
	if not has_schema_privilege(serving, 'public', 'usage') then
		execute format('grant usage on schema public to %I', serving);
	end if;
	if not has_database_privilege(serving, current_database(), 'connect') then
		execute format('grant connect on database %I to %I', current_database(), serving);
	end if;
end
$grants$;
