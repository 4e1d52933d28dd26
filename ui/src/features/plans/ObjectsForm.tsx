// What a step sends in one push: a list of message objects, one of the month's quota together.

import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { Fragment, memo, type ReactNode } from "react";
import type { MessageTemplate } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { MESSAGE_TYPES, optionsOf } from "../../labels";
import { useSteadily } from "../../lib/steadily";
import { InsertTemplate } from "../../shared/templates";
import { contentFields } from "./contents";
import { drawnFrom, type StepForm } from "./steady";
import {
  type Draft,
  isEmpty,
  maxObjects,
  mayHaveButtons,
  newObject,
  type ObjectDraft,
  objectsOf,
} from "./steps";

/** As much of a form as the list needs, whatever else the form holds. */
export type ListForm = {
  errors: Record<string, ReactNode>;
  getInputProps: (path: string, options?: { type: "checkbox" }) => GetInputPropsReturnType;
  insertListItem: (path: string, item: unknown, at?: number) => void;
  removeListItem: (path: string, at: number) => void;
  reorderListItem: (path: string, move: { from: number; to: number }) => void;
};

type OfStep = {
  form: StepForm;
  path: string;
  step: Pick<Draft, "objects" | "asks" | "quickReplies" | "pressCallsStaff">;
};

export const ObjectsForm = memo(
  function ObjectsForm({ form, path, step }: OfStep) {
    const { t } = useWords();
    return (
      <Stack gap="sm">
        <ObjectList form={form} list={`${path}.objects`} objects={step.objects} most={maxObjects(step)} />
        {mayHaveButtons(step) && (
          <Checkbox
            label={t("A press of a button in this message calls staff")}
            description={t("For buttons of the message itself; those of a question have their own rules.")}
            {...form.getInputProps(`${path}.pressCallsStaff`, { type: "checkbox" })}
          />
        )}
      </Stack>
    );
  },
  drawnFrom<OfStep>("objects", "asks", "quickReplies", "pressCallsStaff"),
);

type List = { form: ListForm; list: string; objects: ObjectDraft[]; most: number };

/** The objects of one push, in their order. */
export function ObjectList({ form, list, objects, most, templates = true }: List & { templates?: boolean }) {
  const { t } = useWords();
  const insert = useSteadily((template: MessageTemplate) => {
    // An empty first message gives way to what is inserted.
    if (objects.length === 1 && objects[0] && isEmpty(objects[0])) form.removeListItem(list, 0);
    for (const object of objectsOf(template)) form.insertListItem(list, object);
    // They stand beside the messages, of a step and of each language alike.
    for (const reply of template.quickReplies)
      form.insertListItem(list.replace(/objects$/, "quickReplies"), reply);
  });
  return (
    <Stack gap="sm" data-path={list} tabIndex={-1}>
      {objects.map((object, n) => (
        <ObjectForm key={object.key} form={form} list={list} n={n} object={object} of={objects.length} />
      ))}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={objects.length >= most}
          onClick={() => form.insertListItem(list, newObject())}
        >
          {t("Add a message to it")}
        </Button>
        {templates && <InsertTemplate onInsert={insert} />}
      </Group>
      {objects.length > 1 && (
        <Text size="xs" c="dimmed">
          {t("They go together and count as one of the month's messages.")}
        </Text>
      )}
      {form.errors[list] && (
        <Text size="xs" c="var(--mantine-color-error)">
          {form.errors[list]}
        </Text>
      )}
    </Stack>
  );
}

type OfList = { form: ListForm; list: string; n: number; of: number };

function ObjectForm({ form, list, n, of, object }: OfList & { object: ObjectDraft }) {
  const { t } = useWords();
  const path = `${list}.${n}`;
  return (
    <Stack gap="xs" role="group" aria-label={t("Message {n}", { n: n + 1 })}>
      <Group align="flex-end" wrap="nowrap" gap={4}>
        <NativeSelect
          flex={1}
          label={t("Kind of message")}
          {...form.getInputProps(`${path}.messageType`)}
          data={optionsOf(MESSAGE_TYPES, t)}
        />
        {of > 1 && <Moves form={form} list={list} n={n} of={of} />}
      </Group>
      <Fragment key={object.messageType}>
        {contentFields(
          object.messageType,
          object.contents,
          (name) => form.getInputProps(`${path}.contents.${object.messageType}.${name}`),
          t,
        )}
      </Fragment>
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
