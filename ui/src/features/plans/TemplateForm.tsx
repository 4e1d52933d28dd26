import { Button, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { commands, LIMITS, type MessageTemplate, type QuickReply } from "../../bindings";
import { focusField } from "../../components/focusField";
import { Problem } from "../../components/kit";
import { errorsOf, type Wrong } from "../../components/wrong";
import { LOCALES, type Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { QuickReplyForm } from "../../shared/QuickReplyForm";
import { useListForm } from "./listForm";
import { ObjectList } from "./ObjectsForm";
import { wrongInObjects } from "./places";
import { newObject, type ObjectDraft, objectsOf, sentOf } from "./steps";

type TemplateDraft = { name: string; locale: string; objects: ObjectDraft[]; quickReplies: QuickReply[] };

const languages = (t: Translate) => [
  { value: "", label: t("Any") },
  ...Object.entries(LOCALES).map(([value, label]) => ({ value, label })),
];

export function TemplateForm({ template, onDone }: { template?: MessageTemplate; onDone: () => void }) {
  const { t, tell } = useWords();
  const form = useListForm<TemplateDraft>({
    initialValues: {
      name: template?.name ?? "",
      locale: template?.locale ?? "",
      objects: template ? objectsOf(template) : [newObject()],
      quickReplies: template?.quickReplies ?? [],
    },
    validate: ({ name }) => (name.trim() === "" ? { name: t("Write a name.") } : {}),
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
          place="step"
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
