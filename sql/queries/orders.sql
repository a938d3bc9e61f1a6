-- name: order_place :one :reusable
select status, body, replayed, wake from order_place($1::jsonb)

-- name: order_cart_save :one :reusable
select status, body, replayed, false as wake from order_cart_save($1::jsonb)

-- name: order_annotate :one :reusable
select status, body, replayed, false as wake from order_annotate($1::jsonb)

-- name: order_lock :exec
select order_lock($1::uuid)

-- name: order_read :one :reusable
select order_read($1::uuid, $2::uuid, $3, $4::bytea)

-- name: order_adopt :one
select order_adopt($1::uuid, $2::uuid, $3, $4::bytea, $5)

-- name: order_contact :one
select channel, recipient from order_contact($1::uuid, $2::uuid, $3, $4::bytea, $5, $6::boolean)

-- name: order_challenge :one
select challenge_issue('confirm_order', $1, $2, $3::uuid, $4::bytea, $5::bytea, $6, $7::bytea, $8)

-- name: order_confirm :one
select body, wake from order_confirm($1::uuid, $2::uuid, $3, $4::bytea, $5, $6::bytea, $7::bytea)

-- name: order_disown :exec
select order_disown($1::uuid, $2::uuid, $3, $4::bytea, $5)

-- name: order_move :one :reusable
select body, wake from order_move($1::uuid, $2, $3::uuid, $4, $5::bytea, $6, $7, $8, $9, $10::boolean)
