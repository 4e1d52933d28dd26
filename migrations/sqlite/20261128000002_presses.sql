-- A press of a button in a message of the clinic's own, or in its menu, is kept beside what
-- patients write: kind 'postback', what stood on the button (NULL where that is not known), the
-- button's data, and what LINE adds (a date that was picked, a menu that was switched) as JSON.
ALTER TABLE patient_messages ADD COLUMN label TEXT;
ALTER TABLE patient_messages ADD COLUMN data TEXT;
ALTER TABLE patient_messages ADD COLUMN params TEXT;

-- Whether such a press under a message of this step puts the patient on the worklist.
ALTER TABLE protocol_steps ADD COLUMN press_calls_staff INTEGER NOT NULL DEFAULT 0;
