// Messages that are kept to write others from.

import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { commands, LIMITS, type MessageTemplate } from "../../bindings";
import { Bubble, messageOf } from "../../components/Bubble";
import { BusyButton } from "../../components/busy";
import { Dialog, readForDialog } from "../../components/Dialog";
import { Empty, Page, Pages, Problem } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { QuickReplies } from "../../components/quickReplies";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { useListMessageTemplatesPages } from "../../queries";
import { useExample } from "../../shared/variables";

// The dialog opens once the form is there: the focus goes into it, not to where it will be.
const TemplateForm = onDemand(async () => (await import("./TemplateForm")).TemplateForm);

export function Templates() {
  const { t } = useWords();
  const templates = useListMessageTemplatesPages({ limit: LIMITS.ListTemplates.limit.maximum });
  const [written, write] = useState<MessageTemplate | "new" | null>(null);
  const begin = (what: MessageTemplate | "new") => readForDialog(TemplateForm).then(() => write(what));
  const add = (
    <May ask="create_message_template">
      <BusyButton leftSection={<IconPlus size={18} aria-hidden />} onClick={() => begin("new")}>
        {t("New template")}
      </BusyButton>
    </May>
  );
  return (
    <Page title={t("Message templates")} actions={add}>
      <Pages list={templates} empty={<Empty text={t("No template yet.")} action={add} />}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {templates.data?.rows.map((template) => (
            <TemplateCard key={template.id} template={template} onEdit={() => begin(template)} />
          ))}
        </SimpleGrid>
      </Pages>
      <Dialog
        opened={written !== null}
        onClose={() => write(null)}
        title={t("Message template")}
        size="lg"
        // What was written is not lost by a slip of the hand.
        closeOnEscape={false}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {written !== null && (
          <Awaited>
            <TemplateForm template={written === "new" ? undefined : written} onDone={() => write(null)} />
          </Awaited>
        )}
      </Dialog>
    </Page>
  );
}

function TemplateCard({ template, onEdit }: { template: MessageTemplate; onEdit: () => Promise<void> }) {
  const { t } = useWords();
  const example = useExample();
  const archive = useAct(commands.archiveMessageTemplate);
  return (
    <Card component="section" aria-label={template.name}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            {template.name}
          </Title>
          {template.locale && <Text size="sm">{nameOfLocale(template.locale)}</Text>}
        </Group>
        <div className="phone" lang={template.locale ?? undefined}>
          {[template, ...template.furtherMessages].map((one, n) => (
            // Objects have no identity but their place.
            <Bubble key={n} message={example(messageOf(one.messageType, one.content))} />
          ))}
          <QuickReplies replies={example(template.quickReplies)} />
        </div>
        <Group gap="xs">
          <May ask="update_message_template">
            <BusyButton size="xs" variant="default" onClick={onEdit}>
              {t("Edit")}
            </BusyButton>
          </May>
          <May ask="archive_message_template">
            <Button
              size="xs"
              variant="default"
              loading={archive.isPending}
              onClick={() => archive.mutate({ id: template.id })}
            >
              {t("Archive")}
            </Button>
          </May>
        </Group>
        <Problem error={archive.error} />
      </Stack>
    </Card>
  );
}
