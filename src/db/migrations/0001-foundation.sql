-- Tenants and what belongs to them. Every table that belongs to a tenant carries tenant_id and is
-- bound by row-level security: a transaction sees the tenant that it names in chancery.tenant, '*'
-- is the platform itself, and a transaction that names nobody sees nothing.

create table tenants (
  tenant_id    text primary key check (tenant_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
  name         text not null,
  mode         text not null check (mode in ('sandbox', 'live')),
  country      text not null check (country ~ '^[A-Z]{2}$'),
  created_at   timestamptz not null,
  suspended_at timestamptz
);

create table clients (
  id                   text primary key check (id ~ '^[A-Za-z0-9]{20}$'),
  tenant_id            text not null references tenants,
  name                 text not null,
  secret_hash          bytea not null,
  previous_secret_hash bytea,
  previous_until       timestamptz,
  -- Tokens issued before this moment are refused: set when a secret is rotated because it leaked.
  tokens_from          timestamptz not null,
  scopes               text[] not null,
  created_at           timestamptz not null,
  disabled_at          timestamptz
);
create index clients_tenant on clients (tenant_id);

-- People. Personal fields are sealed under a key of their own, which is sealed by the master key;
-- destroying the row in person_keys makes them unreadable. E-mail and phone are found by a keyed hash.
create table people (
  id                uuid primary key,
  tenant_id         text not null references tenants,
  email_mac         bytea not null,
  email_sealed      bytea not null,
  email_verified_at timestamptz,
  phone_mac         bytea,
  phone_sealed      bytea,
  phone_verified_at timestamptz,
  -- Set once a proofing was accepted: the sealed identity that certificates may carry.
  proofing_id       text,
  identity_sealed   bytea,
  identity_mac      bytea,
  tokens_from       timestamptz not null,
  created_at        timestamptz not null,
  disabled_at       timestamptz,
  unique (tenant_id, email_mac)
);
create index people_phone on people (tenant_id, phone_mac) where phone_mac is not null;
create index people_identity on people (tenant_id, identity_mac) where identity_mac is not null;

create table person_keys (
  person_id  uuid primary key references people,
  tenant_id  text not null references tenants,
  key_sealed bytea not null,
  created_at timestamptz not null
);

-- One-time codes. person_id is null for a log-in to an unknown address: it looks the same and never succeeds.
create table challenges (
  id            text primary key,
  tenant_id     text not null references tenants,
  purpose       text not null check (purpose in ('login', 'phone', 'activation')),
  channel       text not null check (channel in ('email', 'sms')),
  session_hash  bytea not null,
  client_id     text not null,
  person_id     uuid references people,
  address_mac   bytea not null,
  code_mac      bytea not null,
  -- What the code is good for, beside its session: for an activation the hash over document and key.
  binding       bytea not null,
  attempts      smallint not null default 0,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  consumed_at   timestamptz,
  superseded_at timestamptz
);
create unique index challenges_session on challenges (tenant_id, session_hash);
create index challenges_open on challenges (tenant_id, person_id, purpose) where consumed_at is null and superseded_at is null;
create index challenges_age on challenges (created_at);

-- Sliding windows: the moments of the last permitted uses of one key.
create table limits (
  tenant_id  text not null references tenants,
  key        text not null,
  hits       timestamptz[] not null,
  expires_at timestamptz not null,
  primary key (tenant_id, key)
);
create index limits_age on limits (expires_at);

-- Mail and SMS on their way. Sealed under the person's key, the text is removed once sent by a live tenant.
create table messages (
  id           text primary key,
  tenant_id    text not null references tenants,
  -- Null for a log-in to an unknown address: the same work, sealed under a key that nobody has, sent to nobody.
  person_id    uuid references people,
  challenge_id text references challenges,
  channel      text not null check (channel in ('email', 'sms')),
  template     text not null,
  sealed       bytea,
  status       text not null check (status in ('queued', 'sent', 'expired')),
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  finished_at  timestamptz
);
create index messages_newest on messages (tenant_id, created_at desc);

create table onboardings (
  id             text primary key,
  tenant_id      text not null references tenants,
  person_id      uuid not null references people,
  client_id      text not null,
  step           text not null check (step in ('data_enrichment', 'phone_verification', 'kyc', 'done')),
  dossier_sealed bytea,
  created_at     timestamptz not null,
  completed_at   timestamptz
);
create unique index onboardings_open on onboardings (person_id) where completed_at is null;
create index onboardings_person on onboardings (tenant_id, person_id, created_at desc);

create table proofings (
  id              text primary key,
  tenant_id       text not null references tenants,
  person_id       uuid not null references people,
  onboarding_id   text not null references onboardings,
  provider        text not null,
  provider_ref    text not null,
  token_hash      bytea not null unique,
  status          text not null check (status in ('pending', 'accepted', 'rejected', 'inconclusive', 'failed', 'expired', 'cancelled')),
  may_retry       boolean,
  assurance       text not null check (assurance in ('NONE', 'SELF_ASSERTED', 'DOCUMENT_PHOTO', 'DOCUMENT_CHIP', 'WALLET_PID', 'REVIEWED')),
  sandbox         boolean not null,
  expected_sealed bytea not null,
  claims_sealed   bytea,
  checks          jsonb not null default '[]',
  reasons         text[] not null default '{}',
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  finalized_at    timestamptz
);
create index proofings_person on proofings (tenant_id, person_id, created_at desc);
create unique index proofings_pending on proofings (person_id) where status = 'pending';
alter table people add constraint people_proofing foreign key (proofing_id) references proofings;

-- Keys of the software key store: private parts sealed by the master key. tenant_id is null for the platform's own.
create table keys (
  id             text primary key,
  tenant_id      text references tenants,
  purpose        text not null check (purpose in ('root', 'issuing', 'person', 'access_token', 'id_token', 'company_token')),
  algorithm      text not null check (algorithm in ('ES256', 'ES384', 'RS256')),
  spki           bytea not null,
  private_sealed bytea,
  state          text not null check (state in ('active', 'retiring', 'destroyed')),
  -- Counted before each use, so that a signature nobody recorded shows.
  uses           bigint not null default 0,
  created_at     timestamptz not null,
  retires_at     timestamptz
);
create unique index keys_one_active on keys (purpose) where state = 'active' and purpose <> 'person';

create table authorities (
  id          text primary key,
  role        text not null unique check (role in ('root', 'issuing')),
  key_id      text not null references keys,
  parent_id   text references authorities,
  certificate bytea not null,
  created_at  timestamptz not null
);

create table certificates (
  id                text primary key,
  tenant_id         text not null references tenants,
  person_id         uuid not null references people,
  proofing_id       text not null references proofings,
  authority_id      text not null references authorities,
  key_id            text not null references keys,
  name              text not null,
  profile           text not null,
  serial            bytea not null check (octet_length(serial) between 8 and 20),
  -- Written before the authority's key signs.
  tbs               bytea not null,
  der               bytea,
  status            text not null check (status in ('pending', 'active', 'revoked')),
  not_before        timestamptz not null,
  not_after         timestamptz not null,
  revoked_at        timestamptz,
  revocation_reason text,
  created_at        timestamptz not null,
  unique (authority_id, serial),
  check (status = 'pending' or der is not null),
  check ((status = 'revoked') = (revoked_at is not null))
);
create index certificates_person on certificates (tenant_id, person_id, created_at desc);
create unique index certificates_pending on certificates (person_id) where status = 'pending';

create table documents (
  id             text primary key,
  tenant_id      text not null references tenants,
  person_id      uuid not null references people,
  path           text not null,
  origin         text not null check (origin in ('upload', 'signature')),
  source_id      text references documents,
  max_bytes      bigint not null,
  upload_expires_at timestamptz,
  sha256         text check (sha256 ~ '^[0-9a-f]{64}$'),
  size           bigint,
  created_at     timestamptz not null,
  stored_at      timestamptz,
  unique (tenant_id, path),
  check ((sha256 is null) = (stored_at is null))
);
create index documents_content on documents (sha256) where sha256 is not null;

create table downloads (
  token_hash  bytea primary key,
  tenant_id   text not null references tenants,
  document_id text not null references documents,
  person_id   uuid not null references people,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz
);
create index downloads_age on downloads (expires_at);

-- A package: documents, roles, and who signs what. A sponsored signing is one document and one role.
create table envelopes (
  id           text primary key,
  tenant_id    text not null references tenants,
  facade       text not null,
  status       text not null check (status in ('draft', 'sent', 'completed', 'declined', 'expired')),
  created_at   timestamptz not null,
  completed_at timestamptz
);

create table envelope_documents (
  envelope_id text not null references envelopes,
  document_id text not null references documents,
  tenant_id   text not null references tenants,
  position    smallint not null,
  sha256      text not null,
  primary key (envelope_id, document_id)
);

create table envelope_roles (
  id             text primary key,
  tenant_id      text not null references tenants,
  envelope_id    text not null references envelopes,
  person_id      uuid not null references people,
  certificate_id text not null references certificates,
  challenge_id   text not null unique references challenges,
  position       smallint not null,
  signed_at      timestamptz
);
create index envelope_roles_envelope on envelope_roles (envelope_id);

-- A decision to sign, written in the transaction that consumes the activation and before the key is used.
create table intents (
  id              text primary key,
  tenant_id       text not null references tenants,
  envelope_id     text not null references envelopes,
  role_id         text not null references envelope_roles,
  document_id     text not null references documents,
  document_sha256 text not null,
  certificate_id  text not null references certificates,
  key_id          text not null references keys,
  challenge_id    text not null references challenges,
  level           text not null,
  request_hash    bytea not null,
  -- The prepared revision: the tail with its hole, and the attributes that the key is to sign.
  prepared        bytea,
  to_be_signed    bytea not null,
  status          text not null check (status in ('authorised', 'completed', 'aborted')),
  attempts        smallint not null default 0,
  fence           bigint not null default 0,
  lease_until     timestamptz,
  failure         text,
  result_id       text references documents,
  created_at      timestamptz not null,
  finished_at     timestamptz,
  unique (role_id, document_id)
);
create index intents_open on intents (created_at) where status = 'authorised';

create table idempotency (
  tenant_id   text not null references tenants,
  actor       text not null,
  operation   text not null,
  key         text not null,
  body_hash   bytea not null,
  state       text not null check (state in ('running', 'done')),
  lease_until timestamptz not null,
  status      smallint,
  sealed      bytea,
  expires_at  timestamptz not null,
  primary key (tenant_id, actor, operation, key)
);
create index idempotency_age on idempotency (expires_at);

-- Append-only. The sequence of a tenant has no gaps: its head is locked by the transaction that writes.
create table audit_heads (
  tenant_id text primary key references tenants,
  seq       bigint not null
);

create table audit (
  tenant_id    text not null references tenants,
  seq          bigint not null,
  at           timestamptz not null,
  actor_kind   text not null check (actor_kind in ('client', 'person', 'operator', 'system')),
  actor_id     text not null,
  facade       text not null,
  request_id   text not null,
  action       text not null,
  subject_kind text not null,
  subject_id   text not null,
  details      jsonb not null,
  primary key (tenant_id, seq)
);
create index audit_subject on audit (tenant_id, subject_kind, subject_id);

create table events (
  tenant_id    text not null references tenants,
  id           text not null,
  at           timestamptz not null,
  type         text not null,
  subject_kind text not null,
  subject_id   text not null,
  data         jsonb not null,
  primary key (tenant_id, id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'raise_exception';
end $$;
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function refuse_change();
create trigger events_append_only before update or delete or truncate on events for each statement execute function refuse_change();

do $$
declare
  belongs text;
begin
  foreach belongs in array array[
    'tenants', 'clients', 'people', 'person_keys', 'challenges', 'limits', 'messages', 'onboardings', 'proofings',
    'keys', 'certificates', 'documents', 'downloads', 'envelopes', 'envelope_documents', 'envelope_roles', 'intents',
    'idempotency', 'audit_heads', 'audit', 'events'
  ] loop
    execute format('alter table %I enable row level security', belongs);
    execute format('alter table %I force row level security', belongs);
    execute format(
      'create policy own_tenant on %I using (current_setting(''chancery.tenant'', true) in (tenant_id, ''*'')) '
      'with check (current_setting(''chancery.tenant'', true) in (tenant_id, ''*''))', belongs);
  end loop;
end $$;
