// A message that is kept to write others from, chosen from a menu.

import { Button, Menu } from "@mantine/core";
import { IconTemplate } from "@tabler/icons-react";
import { memo, useState } from "react";
import type { MessageTemplate } from "../bindings";
import { nameOfLocale } from "../i18n";
import { useWords } from "../i18n/useWords";
import { useAllTemplates } from "../lib/choices";
import { Problem } from "./kit";

/** What is inserted is a copy: it does not change with the template. */
export const InsertTemplate = memo(function InsertTemplate({
  onInsert,
}: {
  onInsert: (template: MessageTemplate) => void;
}) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const templates = useAllTemplates({ enabled: opened });
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconTemplate size={16} aria-hidden />}>
          {t("Insert a template")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        <Problem error={templates.error} again={templates.refetch} />
        {templates.data?.rows.length === 0 && <Menu.Label>{t("No template yet.")}</Menu.Label>}
        {templates.data?.rows.map((template) => (
          <Menu.Item key={template.id} onClick={() => onInsert(template)}>
            {template.locale ? `${template.name} (${nameOfLocale(template.locale)})` : template.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
});
