// A message that is kept to write others from, chosen from a menu.

import { Button, Text } from "@mantine/core";
import { IconTemplate } from "@tabler/icons-react";
import { memo, useState } from "react";
import type { MessageTemplate } from "../bindings";
import { Problem } from "../components/kit";
import { Menu, MenuItem } from "../components/Menu";
import { nameOfLocale } from "../i18n";
import { useWords } from "../i18n/useWords";
import { useAllTemplates } from "./choices";

/** What is inserted is a copy: it does not change with the template. */
export const InsertTemplate = memo(function InsertTemplate({
  onInsert,
}: {
  onInsert: (template: MessageTemplate) => void;
}) {
  const { t } = useWords();
  const [isAsked, setAsked] = useState(false);
  const templates = useAllTemplates({ enabled: isAsked });
  return (
    <Menu
      onOpen={() => setAsked(true)}
      target={
        <Button size="xs" variant="default" leftSection={<IconTemplate size={16} aria-hidden />}>
          {t("Insert a template")}
        </Button>
      }
    >
      <Problem error={templates.error} again={templates.refetch} />
      {templates.data?.rows.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          {t("No template yet.")}
        </Text>
      )}
      {templates.data?.rows.map((template) => (
        <MenuItem key={template.id} onClick={() => onInsert(template)}>
          {template.locale ? `${template.name} (${nameOfLocale(template.locale)})` : template.name}
        </MenuItem>
      ))}
    </Menu>
  );
});
