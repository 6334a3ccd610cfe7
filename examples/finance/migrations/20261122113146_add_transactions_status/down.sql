-- Undoes 20261122113146_add_transactions_status.
-- schema:parent 20261122113144_init
-- schema:tool 0.1.0

-- schema:section no-transaction

-- lock: SHARE UPDATE EXCLUSIVE on transactions (blocks schema changes and vacuum)
DROP INDEX CONCURRENTLY public.transactions_pending_idx;

-- schema:section

-- lock: ACCESS EXCLUSIVE on transactions (blocks reads and writes)
-- hazard: data-loss: the values of transactions.status are gone
ALTER TABLE public.transactions DROP COLUMN status;

DROP TYPE public.transaction_status;
