-- Example data for the pictures of docs/: the same in each run, but for the clock.
insert into users (email, display_name, created_at)
select lower(replace(name, ' ', '.')) || '@example.org', name, timestamptz '2026-01-04 09:12:00+00' + n * interval '31 hours 17 minutes'
from unnest(array['Ada Lovelace', 'Ben Okafor', 'Chiara Rossi', 'Dmitri Volkov', 'Emma Jansen', 'Farid Haddad', 'Grace Hopper', 'Hiro Tanaka',
  'Ines Costa', 'Jonas Weber', 'Katalin Nagy', 'Liam Murphy', 'Mina Park', 'Noor Aziz', 'Olga Ivanova', 'Pablo Ruiz']) with ordinality as people (name, n);

insert into accounts (owner_id, name, currency, balance, closed_at)
select u.id, kind.name, kind.currency, round((1000 + (u.id * 7919 + length(kind.name) * 104729) % 900000 / 100.0)::numeric, 2),
       case when (u.id + length(kind.name)) % 11 = 0 then timestamptz '2026-09-30 00:00:00+00' end
from users u, (values ('Household', 'EUR'), ('Savings', 'EUR'), ('Travel', 'USD')) as kind (name, currency)
where (u.id + length(kind.name)) % 4 > 0;

insert into transactions (from_account_id, to_account_id, amount, status, note, created_at, posted_at)
select pair.f, pair.t, round((5 + (n * 104729) % 250000 / 100.0)::numeric, 2), status::transaction_status,
       (array['rent', 'groceries', '', 'train to Lyon', 'birthday', 'electricity', 'shared dinner', '', 'piano lessons', 'tax refund'])[1 + n % 10],
       at, case when status = 'posted' then at + interval '1 day 3 hours' + n % 50 * interval '1 minute' end
from generate_series(1, 4200) as n
cross join lateral (select max(id) as last from accounts) as ids
cross join lateral (select 1 + (n * 31) % ids.last as f, 1 + (n * 17 + 5) % ids.last as t) as pair
cross join lateral (select case when n > 4170 then 'pending' when n % 37 = 0 then 'failed' else 'posted' end as status,
                           timestamptz '2026-02-01 07:30:00+00' + n * interval '101 minutes' as at) as more
where pair.f <> pair.t;

-- Made by hand, as it happens: the studio shows what the code does not know.
create table imported_statements (id bigint generated always as identity primary key, account_id bigint references accounts, file text not null, lines int not null);
insert into imported_statements (account_id, file, lines) select 1 + n % 20, 'statement-2026-' || lpad(n::text, 2, '0') || '.csv', 40 + n * 7 from generate_series(1, 12) n;
create view monthly_totals as
select date_trunc('month', created_at) as month, status, count(*) as transfers, sum(amount) as moved from transactions group by 1, 2;
analyze;
