// A message that is kept to write others from, chosen from a menu.

import { Button, Menu } from "@mantine/core";
import { IconTemplate } from "@tabler/icons-react";
import { useState } from "react";
import type { MessageTemplate } from "../bindings";
import { nameOfLocale } from "../i18n";
import { useWords } from "../i18n/useWords";
import { useListMessageTemplates } from "../queries";

/** What is inserted is a copy: it does not change with the template. */
export function InsertTemplate({ onInsert }: { onInsert: (template: MessageTemplate) => void }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const templates = useListMessageTemplates({ limit: 200 }, { enabled: opened });
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconTemplate size={16} aria-hidden />}>
          {t("Insert a template")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {templates.data?.items.length === 0 && <Menu.Label>{t("No template yet.")}</Menu.Label>}
        {templates.data?.items.map((template) => (
          <Menu.Item key={template.id} onClick={() => onInsert(template)}>
            {template.locale ? `${template.name} (${nameOfLocale(template.locale)})` : template.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
