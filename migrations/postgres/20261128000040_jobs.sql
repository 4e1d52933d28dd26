-- The indexes of the queue's table are these from the beginning (20261125000001_schema.sql).
SELECT 1;
