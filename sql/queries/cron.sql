-- Further statements of shopctl cron.

-- name: cron_begin :one :writes
-- $seconds: 0 for a run without a limit. first_step: where the last run wants it to begin.
select cron_begin($run::uuid, nullif($seconds::integer, 0))::boolean as may_run,
	(select h.next_step from cron_history h where h.ended_at is not null order by h.started_at desc limit 1)
		as first_step

-- name: cron_end :exec :writes
select cron_end($run::uuid, $failed_step::text, $next_step::text, $done::jsonb)

-- name: webhooks_apply_waiting :exec :writes
select webhooks_apply_waiting()

-- name: shop_prices_refresh :one :writes
select shop_prices_refresh($count::integer)::integer as refreshed

-- name: search_count_if_due :exec :writes
select search_count_if_due()

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
