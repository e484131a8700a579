/** Fernway's own tables. Everything of a customer carries its workspace, and every question names one. */
export const SCHEMA = `
create table if not exists meta (name text primary key, value text not null) strict;

create table if not exists workspaces (
  id text primary key, name text not null, plan text not null, renews text not null, cents_a_month integer not null,
  billing_email text not null, card text not null, iban text not null
) strict;
create table if not exists members (
  sub text primary key, workspace text not null references workspaces, name text not null, email text not null,
  role text not null
) strict;
create table if not exists customers (
  id text primary key, workspace text not null references workspaces, name text not null, contact text not null,
  email text not null, phone text not null, tax_id text not null, note text not null, since text not null,
  portal_token text not null unique
) strict;
create table if not exists inquiries (
  id text primary key, workspace text not null references workspaces, customer text not null references customers,
  subject text not null, status text not null check (status in ('open', 'waiting', 'closed')), opened_at text not null
) strict;
create table if not exists messages (
  id integer primary key, inquiry text not null references inquiries, author text not null,
  from_customer integer not null, at text not null, body text not null
) strict;
create table if not exists invoices (
  id text primary key, workspace text not null references workspaces, customer text not null references customers,
  issued text not null, status text not null check (status in ('paid', 'open', 'overdue')),
  sync text not null check (sync in ('synced', 'failed', 'queued')), sync_note text not null, card text not null,
  item text not null, cents integer not null, tax_percent integer not null
) strict;
create table if not exists integrations (
  id text primary key, workspace text not null references workspaces, name text not null,
  state text not null check (state in ('working', 'failing', 'off')), note text not null, secret text not null
) strict;
create table if not exists settings (
  workspace text not null references workspaces, name text not null, label text not null, value text not null,
  choices text not null, primary key (workspace, name)
) strict;
create table if not exists cases (
  ref text primary key, workspace text not null references workspaces, title text not null,
  state text not null check (state in ('open', 'closed')), opened_at text not null
) strict;
create table if not exists files (
  id text primary key, workspace text not null references workspaces, name text not null, kilobytes integer not null
) strict;
create table if not exists activity (
  id integer primary key, workspace text not null references workspaces, at text not null, who text not null,
  what text not null
) strict;

create table if not exists outbox (
  sequence integer primary key, id text not null unique, signal text not null,
  state text not null default 'waiting' check (state in ('waiting', 'answered', 'refused')), because text
) strict;

create table if not exists sign_ins (
  state text primary key, realm text not null, nonce text not null, verifier text not null, next text not null,
  expires_at integer not null
) strict;
create table if not exists sessions (
  hash text primary key, realm text not null check (realm in ('members', 'staff')), sub text not null,
  name text not null, email text not null, id_token text not null, expires_at integer not null
) strict;
`;
