-- What shopctl cron asks for beside what payments.sql has.

-- name: cron_begin :one
select cron_begin()

-- name: cron_end :exec
select cron_end()

-- name: webhooks_catch_up :exec
select webhooks_catch_up()

-- name: payments_due :many
select payments_due($1::integer)

-- name: refunds_due :many
select refunds_due($1::integer)

-- name: orders_overdue :many
select order_id, open_payments from orders_overdue($1::integer, $2::integer)

-- name: order_expire :one
select order_expire($1::uuid, $2::integer)

-- name: cron_sweep :one
select cron_sweep()
