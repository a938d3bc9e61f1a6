-- Every trigger, table by table. Dropped and recreated by every migrate that changes the functions.

-- The base model's: modified_*, suspensions, the audit log, which leaves out the columns that are named.
select base_model_triggers('users', '{password_hash}');
select base_model_triggers('stores');
select base_model_triggers('categories');
select base_model_triggers('products');
select base_model_triggers('product_images');
select base_model_triggers('addresses');
select base_model_triggers('coupons');
select base_model_triggers('shipping_methods');
select base_model_triggers('tax_classes');
select base_model_triggers('orders', '{token_hash}');
select base_model_triggers('payments', '{key,request_hash}');
select base_model_triggers('refunds', '{key,request_hash}');
select base_model_triggers('disputes');
select base_model_triggers('returns');
select base_model_triggers('invoices', '{document}');
select base_model_triggers('shipments');

create trigger check_reachable before insert or update on users for each row execute function user_check();
create trigger keep_an_admin after update on users for each row when (old.is_admin)
	execute function user_keep_an_admin();
create trigger end_sessions after update of is_active, is_deleted, is_suspended, active_from, active_to, is_admin,
	is_staff, is_customer, mobile_number, email on users for each row execute function user_end_sessions();
create trigger guard before insert or update on users for each row execute function user_guard();
create trigger check_prefixes before insert or update of invoice_prefix, credit_note_prefix on stores
	for each row execute function store_check_prefixes();
create trigger check_rounding before insert or update of rounding_step, currency on stores
	for each row when (new.rounding_step is not null) execute function store_check_rounding();
create trigger audit after insert or delete on store_members for each row execute function store_members_audit();
create trigger check_place before insert or update of parent, external_id, is_deleted, is_suspended, active_from,
	active_to on categories for each row execute function category_check();
create trigger place after insert or update of parent, is_deleted, is_suspended, active_from, active_to
	on categories for each row execute function category_place();
create trigger categorize before insert on products for each row
	when (new.category is not null or new.categories is distinct from '[]') execute function product_categorize();
create trigger categorize_again before update of category, categories, parent, is_deleted on products
	for each row execute function product_categorize();
create trigger categories_open after insert on products for each row when (new.categories <> '[]')
	execute function product_categories_keep();
create trigger categories_keep after update of category, categories, parent, is_deleted on products
	for each row execute function product_categories_keep();
create trigger search_keep after insert or update of name on categories
	for each row execute function category_search_keep();
create trigger search_open after insert on products referencing new table as new_rows
	for each statement execute function product_search_open();
create trigger search_follow after update on products referencing old table as old_rows new table as new_rows
	for each statement execute function product_search_follow();
create trigger stock_open after insert on products referencing new table as new_rows
	for each statement execute function product_stock_open();
create trigger stock_follow after update on products referencing old table as old_rows new table as new_rows
	for each statement execute function product_stock_follow();
create trigger price_follow after update of shop_price on stock for each row
	when (old.shop_price <> new.shop_price) execute function stock_price_follow();
create trigger check_links before insert or update on products for each row execute function product_check();
create trigger lead_variants after update of name, options, is_deleted on products for each row
	when (new.has_variants) execute function product_lead();
-- Its name comes after that of touch, and so does its turn.
create trigger untouched before update of widths, failures, fetch_at, sources on product_images for each row
	when (new.file is not distinct from old.file and new.is_deleted = old.is_deleted and new.alt_text = old.alt_text
		and new.position = old.position)
	execute function image_untouched();
create trigger product_follow after insert on product_images referencing new table as new_rows
	for each statement execute function product_images_follow();
create trigger product_follow_changes after update on product_images referencing new table as new_rows
	for each statement execute function product_images_follow();
create trigger apply after insert on stock_movements referencing new table as new_rows
	for each statement execute function stock_apply();
create trigger out_follow after insert on stock_movements referencing new table as new_rows
	for each statement execute function stock_out_follow();
create trigger check_rules before insert or update on addresses for each row execute function address_check();
create trigger check_rules before insert or update on coupons for each row execute function coupon_check();
create trigger uses_open after insert on coupons for each row execute function coupon_open();
create trigger check_rules before insert or update of rates on tax_classes
	for each row execute function tax_class_check();
create trigger check_rules before insert or update on shipping_methods
	for each row execute function shipping_method_check();
create trigger needs_buyer before insert on orders for each row when (new.user_id is not null)
	execute function order_needs_buyer();
create trigger check_pieces before update on order_items for each row execute function order_item_check();
