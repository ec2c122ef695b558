-- The lists of revoked certificates as they were published, by authority and number. They name serial numbers only,
-- are public, and belong to no tenant.

create table revocation_lists (
  authority_id text not null references authorities,
  number       bigint not null check (number > 0),
  -- How many certificates it names: revocations are never taken back, so a greater count means a list to publish.
  entries      bigint not null,
  this_update  timestamptz not null,
  next_update  timestamptz not null,
  der          bytea not null,
  primary key (authority_id, number)
);
create index certificates_revoked on certificates (authority_id) where status = 'revoked';
