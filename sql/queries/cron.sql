-- Further statements of shopctl cron.

-- name: cron_begin :one :writes
select cron_begin()::boolean as may_run

-- name: cron_end :exec :writes
select cron_end()

-- name: webhooks_apply_waiting :exec :writes
select webhooks_apply_waiting()

-- name: payments_due :optional :writes
select payments_due($count::integer) as due

-- name: refunds_due :optional :writes :like payments_due
select refunds_due($count::integer) as due

-- name: orders_overdue :many
select order_id, open_payments from orders_overdue($minutes::integer, $count::integer)

-- name: order_expire :one :writes
select order_expire($order::uuid, $minutes::integer)::boolean as cancelled

-- name: cron_sweep :one :writes
select cron_sweep() as deleted
