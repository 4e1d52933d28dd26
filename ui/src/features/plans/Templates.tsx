// Messages that are kept to write others from.

import {
  Button,
  Card,
  Group,
  Modal,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { commands, LIMITS, type MessageTemplate, type QuickReply } from "../../bindings";
import { Bubble, messageOf } from "../../components/Bubble";
import { Empty, Page, Pages, Problem } from "../../components/kit";
import { May } from "../../components/may";
import { QuickReplies, QuickReplyForm } from "../../components/quickReplies";
import { useExample } from "../../components/variables";
import { errorsOf, focusField, type Wrong } from "../../components/wrong";
import { LOCALES, nameOfLocale, type Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { useListMessageTemplatesPages } from "../../queries";
import { ObjectList } from "./ObjectsForm";
import { wrongInObjects } from "./places";
import { newObject, type ObjectDraft, objectsOf, sentOf } from "./steps";

export function Templates() {
  const { t } = useWords();
  const templates = useListMessageTemplatesPages({ limit: LIMITS.ListTemplates.limit.maximum });
  const [written, write] = useState<MessageTemplate | "new" | null>(null);
  const add = (
    <May ask="create_message_template">
      <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => write("new")}>
        {t("New template")}
      </Button>
    </May>
  );
  return (
    <Page title={t("Message templates")} actions={add}>
      <Pages list={templates} empty={<Empty text={t("No template yet.")} action={add} />}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {templates.data?.rows.map((template) => (
            <TemplateCard key={template.id} template={template} onEdit={() => write(template)} />
          ))}
        </SimpleGrid>
      </Pages>
      <Modal
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
          <TemplateForm template={written === "new" ? undefined : written} onDone={() => write(null)} />
        )}
      </Modal>
    </Page>
  );
}

function TemplateCard({ template, onEdit }: { template: MessageTemplate; onEdit: () => void }) {
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
          <QuickReplies replies={template.quickReplies} />
        </div>
        <Group gap="xs">
          <May ask="update_message_template">
            <Button size="xs" variant="default" onClick={onEdit}>
              {t("Edit")}
            </Button>
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

type TemplateDraft = { name: string; locale: string; objects: ObjectDraft[]; quickReplies: QuickReply[] };

const languages = (t: Translate) => [
  { value: "", label: t("Any") },
  ...Object.entries(LOCALES).map(([value, label]) => ({ value, label })),
];

function TemplateForm({ template, onDone }: { template?: MessageTemplate; onDone: () => void }) {
  const { t, tell } = useWords();
  const form = useForm<TemplateDraft>({
    initialValues: {
      name: template?.name ?? "",
      locale: template?.locale ?? "",
      objects: template ? objectsOf(template) : [newObject()],
      quickReplies: template?.quickReplies ?? [],
    },
    validate: { name: (name) => (name.trim() ? null : t("Write a name.")) },
  });
  const [wrong, setWrong] = useState<Wrong[]>([]);
  const save = useAct(({ name, locale, objects, quickReplies }: TemplateDraft) => {
    const body = { name: name.trim(), locale: locale || null, ...sentOf(objects), quickReplies };
    return template
      ? commands.updateMessageTemplate({ id: template.id, unchangedSince: template.updatedAt, ...body })
      : commands.createMessageTemplate(body);
  }, onDone);
  const submit = form.onSubmit((draft) =>
    save.mutate(draft, {
      onError: ({ problem }) => {
        const found = wrongInObjects(problem.errors, draft.objects, t, tell);
        setWrong(found);
        form.setErrors(errorsOf(found));
      },
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t("Name of the template")} withAsterisk {...form.getInputProps("name")} />
        <NativeSelect label={t("Language")} data={languages(t)} {...form.getInputProps("locale")} />
        <ObjectList
          form={form}
          list="objects"
          objects={form.values.objects}
          most={1 + LIMITS.CreateTemplate.furtherMessages.maxItems}
          templates={false}
        />
        <QuickReplyForm
          path="quickReplies"
          replies={form.values.quickReplies}
          onChange={(replies) => form.setFieldValue("quickReplies", replies)}
          error={form.errors.quickReplies}
        />
        <Problem error={save.error} wrong={wrong} onGo={focusField} />
        <Button type="submit" loading={save.isPending}>
          {t("Save")}
        </Button>
      </Stack>
    </form>
  );
}
