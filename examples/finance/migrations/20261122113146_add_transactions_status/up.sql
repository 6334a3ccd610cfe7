-- 20261122113146_add_transactions_status
-- Proven on PostgreSQL 15.18: ran up and down, and read back.
-- schema:parent 20261122113144_init
-- schema:tool 0.1.0

-- schema:section

-- examples/finance/src/lib.rs:49: enum transaction_status
CREATE TYPE public.transaction_status AS ENUM ('pending', 'posted', 'failed');

-- examples/finance/src/lib.rs:81: column transactions.status
-- lock: ACCESS EXCLUSIVE on transactions (blocks reads and writes)
ALTER TABLE public.transactions ADD COLUMN status public.transaction_status NOT NULL DEFAULT 'pending'::public.transaction_status;

-- schema:section no-transaction

-- examples/finance/src/lib.rs:64: index transactions_pending_idx
-- lock: SHARE UPDATE EXCLUSIVE on transactions (blocks schema changes and vacuum)
CREATE INDEX CONCURRENTLY transactions_pending_idx ON public.transactions USING btree (created_at) WHERE (status = 'pending'::public.transaction_status);
