-- Running the shop: what cron did.

-- The run in progress, or the last one: see cron_begin().
alter table cron_runs
	add column run uuid,
	add column ends_by timestamptz; -- a run that is still there after it was killed; null: ten minutes after its start

-- The last runs, for those who look after the shop, and for the next run. Without secrets: figures and names of steps.
create table cron_history (
	id uuid not null default uuid_v7(),    -- also of the run's lines in the log and rows in the audit log
	started_at timestamptz not null default now(),
	ended_at timestamptz,                  -- null: in progress, or killed
	seconds integer,                       -- that it was given; null: no such limit
	failed_step text not null default '',  -- the step at which it failed
	next_step text not null default '',    -- where the next run begins, so that each step has its turn
	done jsonb not null default '{}',      -- what `shopctl cron --json` prints
	constraint cron_history_pkey primary key (id)
);
insert into cron_history (started_at, ended_at) select c.started_at, c.ended_at from cron_runs c;
