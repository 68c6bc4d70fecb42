DROP TABLE period_lock_exceptions;
DROP TABLE period_locks;
