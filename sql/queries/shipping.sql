-- name: shipping_quote :one
select methods from shipping_quote($order::uuid, $user::uuid, $role::text, $token_hash::bytea, $store::uuid,
	$lines::jsonb, $address::jsonb, $coupon::text) methods
