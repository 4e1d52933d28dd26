-- Quick replies under the last message of a template; NULL where there are none.
ALTER TABLE message_templates ADD COLUMN quick_replies TEXT;
