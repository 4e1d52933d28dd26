// The fields of a question: its words, its buttons, and how long an answer is waited for.

import { ActionIcon, Button, Checkbox, Group, NativeSelect } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { LIMITS } from "../../bindings";
import { NumberField } from "../../components/NumberField";
import { Tip } from "../../components/Tip";
import { useWords } from "../../i18n/useWords";
import { FEEDBACK_ACTIONS, optionsOf } from "../../labels";
import { DEFAULT_POSTPONE_MINUTES, DEFAULT_POSTPONES, DEFAULT_WINDOW_HOURS, rangeOf } from "../../lib/limits";
import { CountedLine } from "./Counted";
import { PickerFields } from "./PickerFields";
import type { Question } from "./QuestionForm";
import { ButtonLabelLine, LockScreenLine } from "./questionFields";
import { newButton } from "./steps";

export function AskedFields({ form, path, step }: Question) {
  const { t } = useWords();
  return (
    <>
      <CountedLine
        place="step"
        label={t("Question")}
        most={LIMITS.Feedback.question.maxLength}
        by="clusters"
        input={form.getInputProps(`${path}.question`)}
      />
      <LockScreenLine {...form.getInputProps(`${path}.questionAltText`)} />
      {step.buttons.map((_, b) => (
        // Buttons have no identity but their place.
        <ButtonForm key={b} form={form} path={path} step={step} b={b} />
      ))}
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        disabled={step.buttons.length >= LIMITS.Feedback.buttons.maxItems}
        onClick={() => form.insertListItem(`${path}.buttons`, newButton())}
      >
        {t("Add button")}
      </Button>
      <Waiting form={form} path={path} />
    </>
  );
}

function ButtonForm({ form, path, step, b }: Question & { b: number }) {
  const { t } = useWords();
  const place = `${path}.buttons.${b}`;
  const button = step.buttons[b];
  if (!button) return null;
  return (
    <>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <ButtonLabelLine
          text={button.label}
          flex="1 1 0"
          label={t("Button {n}", { n: b + 1 })}
          {...form.getInputProps(`${place}.label`)}
        />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t("Remove button")}
          disabled={step.buttons.length === 1}
          onClick={() => form.removeListItem(`${path}.buttons`, b)}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <Group gap="sm">
        <NativeSelect
          aria-label={t("What the press means")}
          {...form.getInputProps(`${place}.action`)}
          data={optionsOf(FEEDBACK_ACTIONS, t)}
        />
        <Tip label={t("Worrying: calls staff at once")}>
          <Checkbox
            aria-label={t("Worrying: calls staff at once")}
            label={t("Worrying")}
            {...form.getInputProps(`${place}.worrying`, { type: "checkbox" })}
          />
        </Tip>
      </Group>
      <PickerFields picker={button.picker} input={(name) => form.getInputProps(`${place}.picker.${name}`)} />
    </>
  );
}

/** How long an answer is waited for, and how often it is asked again. */
function Waiting({ form, path }: Omit<Question, "step">) {
  const { t } = useWords();
  return (
    <Group grow align="flex-end">
      <NumberField
        label={t("Asked again after minutes")}
        placeholder={String(DEFAULT_POSTPONE_MINUTES)}
        {...rangeOf(LIMITS.Feedback.postponeMinutes)}
        {...form.getInputProps(`${path}.postponeMinutes`)}
      />
      <NumberField
        label={t("How often at most")}
        placeholder={String(DEFAULT_POSTPONES)}
        {...rangeOf(LIMITS.Feedback.maxPostpones)}
        {...form.getInputProps(`${path}.maxPostpones`)}
      />
      <NumberField
        label={t("Hours to answer")}
        placeholder={String(DEFAULT_WINDOW_HOURS)}
        {...rangeOf(LIMITS.Feedback.answerWindowHours)}
        decimals={1}
        {...form.getInputProps(`${path}.answerWindowHours`)}
      />
    </Group>
  );
}
