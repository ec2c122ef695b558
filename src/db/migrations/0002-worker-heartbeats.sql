-- Which pools of workers are alive. A pool writes its row every few seconds; the jobs of one that stopped writing
-- are given to others. The rows belong to the platform, so there is no tenant and no row-level security.
create table worker_heartbeats (
  worker_id text not null,
  seen_at timestamptz not null default now(),
  constraint worker_heartbeats_pkey primary key (worker_id)
);
