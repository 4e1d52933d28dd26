-- The LINE account and the language for which a patient's rich menu was last seen to; NULL where
-- it never was, or since the menus were made anew.
ALTER TABLE patients ADD COLUMN menu_done TEXT COLLATE "C";
CREATE INDEX patients_menu_stale ON patients (id) WHERE line_user_id IS NOT NULL
    AND COALESCE(menu_done, '') <> line_user_id || ' ' || COALESCE(locale, '');
CREATE INDEX patients_menu_done ON patients (id) WHERE menu_done IS NOT NULL;
