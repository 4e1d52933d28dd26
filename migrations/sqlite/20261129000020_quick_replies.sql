-- What stands under the last message of a push to be tapped: a JSON list of quick replies, at most
-- thirteen; NULL where there are none.
ALTER TABLE protocol_steps ADD COLUMN quick_replies TEXT;
ALTER TABLE deliveries ADD COLUMN quick_replies TEXT;
ALTER TABLE recurrences ADD COLUMN quick_replies TEXT;
