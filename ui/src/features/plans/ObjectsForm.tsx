// What a step sends in one push: a list of message objects, one of the month's quota together.

import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../../i18n/useWords";
import { MESSAGE_TYPES, optionsOf } from "../../labels";
import { contentFields } from "./contents";
import { type Draft, maxObjects, mayHaveButtons, newObject, type ObjectDraft, type PlanDraft } from "./steps";

type Form = UseFormReturnType<PlanDraft>;

export function ObjectsForm({ form, path, step }: { form: Form; path: string; step: Draft }) {
  const { t } = useWords();
  const list = `${path}.objects`;
  const error = form.errors[list];
  return (
    <Stack gap="sm">
      {step.objects.map((object, n) => (
        <ObjectForm key={object.key} form={form} list={list} n={n} object={object} of={step.objects.length} />
      ))}
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        leftSection={<IconPlus size={16} aria-hidden />}
        disabled={step.objects.length >= maxObjects(step)}
        onClick={() => form.insertListItem(list, newObject())}
      >
        {t("Add a message to it")}
      </Button>
      {step.objects.length > 1 && (
        <Text size="xs" c="dimmed">
          {t("They go together and count as one of the month's messages.")}
        </Text>
      )}
      {error && (
        <Text size="xs" c="red.8">
          {error}
        </Text>
      )}
      {mayHaveButtons(step) && (
        <Checkbox
          label={t("A press of a button in this message calls staff")}
          description={t("For buttons of the message itself; those of a question have their own rules.")}
          {...form.getInputProps(`${path}.pressCallsStaff`, { type: "checkbox" })}
        />
      )}
    </Stack>
  );
}

type OfList = { form: Form; list: string; n: number; of: number };

function ObjectForm({ form, list, n, of, object }: OfList & { object: ObjectDraft }) {
  const { t } = useWords();
  const path = `${list}.${n}`;
  return (
    <Stack gap="xs" component="section" aria-label={t("Message {n}", { n: n + 1 })}>
      <Group align="flex-end" wrap="nowrap" gap={4}>
        <NativeSelect
          flex={1}
          label={t("Kind of message")}
          {...form.getInputProps(`${path}.messageType`)}
          data={optionsOf(MESSAGE_TYPES, t)}
        />
        {of > 1 && <Moves form={form} list={list} n={n} of={of} />}
      </Group>
      {contentFields(
        object.messageType,
        object.contents,
        (name) => form.getInputProps(`${path}.contents.${object.messageType}.${name}`),
        t,
      )}
    </Stack>
  );
}

function Moves({ form, list, n, of }: OfList) {
  const { t } = useWords();
  const act = (label: string, icon: ReactNode, disabled: boolean, onClick: () => void) => (
    <ActionIcon variant="default" size="lg" aria-label={label} disabled={disabled} onClick={onClick}>
      {icon}
    </ActionIcon>
  );
  const move = (to: number) => () => form.reorderListItem(list, { from: n, to });
  return (
    <>
      {act(t("Message up"), <IconArrowUp size={18} aria-hidden />, n === 0, move(n - 1))}
      {act(t("Message down"), <IconArrowDown size={18} aria-hidden />, n === of - 1, move(n + 1))}
      {act(t("Remove message"), <IconTrash size={18} aria-hidden />, false, () =>
        form.removeListItem(list, n),
      )}
    </>
  );
}
