-- Undoes 20261122113144_init.
-- schema:parent none
-- schema:tool 0.1.0

-- lock: ACCESS EXCLUSIVE on transactions (blocks reads and writes)
-- lock: ACCESS EXCLUSIVE on accounts (blocks reads and writes)
-- hazard: data-loss: all rows of transactions are gone
DROP TABLE public.transactions;

-- lock: ACCESS EXCLUSIVE on accounts (blocks reads and writes)
-- lock: ACCESS EXCLUSIVE on users (blocks reads and writes)
-- hazard: data-loss: all rows of accounts are gone
DROP TABLE public.accounts;

-- lock: ACCESS EXCLUSIVE on users (blocks reads and writes)
-- hazard: data-loss: all rows of users are gone
DROP TABLE public.users;
