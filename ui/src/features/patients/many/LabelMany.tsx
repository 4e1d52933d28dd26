// A label is put on several patients.

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { commands, LIMITS, type PatientSummary } from "../../../bindings";
import { useWords } from "../../../i18n/useWords";
import type { Batch } from "../../../lib/batch";
import { BackOr, membersOf, type OfMany } from "./WhoGetsIt";

const { maxItems: MAX_LABELS, items } = LIMITS.UpdatePatient.tags;

/** The core takes all labels of a patient at once: what another changes meanwhile refuses it. */
async function change(id: string, tagsOf: (tags: string[]) => string[]) {
  const { tags, updatedAt } = await commands.getPatient({ id });
  return commands.updatePatient({ id, unchangedSince: updatedAt, tags: tagsOf(tags) });
}

const labelWith = (label: string, meant: PatientSummary[]): Batch => {
  const without = (tags: string[]) => tags.filter((one) => one !== label);
  return {
    kind: "label",
    members: membersOf(meant),
    act: (id) => change(id, (tags) => [...without(tags), label]),
    back: { kind: "unlabel", act: (id) => change(id, without) },
  };
};

export function LabelMany({ chosen, begin, onBack }: OfMany) {
  const { t } = useWords();
  const known = useId();
  const [text, setText] = useState("");
  const label = text.trim();
  const have = chosen.filter(({ tags }) => tags.includes(label));
  const full = chosen.filter((one) => !have.includes(one) && one.tags.length >= MAX_LABELS);
  const meant = chosen.filter((one) => !have.includes(one) && !full.includes(one));
  return (
    <Stack>
      <TextInput
        label={t("Label")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        list={known}
        maxLength={items.maxLength}
        data-autofocus
      />
      <datalist id={known}>
        {[...new Set(chosen.flatMap(({ tags }) => tags))].sort().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {label && have.length > 0 && (
        <Text size="sm">
          {t("{n, plural, one {# of them has} other {# of them have}} it already.", { n: have.length })}
        </Text>
      )}
      {full.length > 0 && (
        <Text size="sm">
          {t("{n, plural, one {# of them has} other {# of them have}} {max} labels: no more are taken.", {
            n: full.length,
            max: MAX_LABELS,
          })}
        </Text>
      )}
      <BackOr onBack={onBack}>
        <Button disabled={!label || meant.length === 0} onClick={() => begin(labelWith(label, meant))}>
          {t("Label {n, plural, one {# patient} other {# patients}}", { n: meant.length })}
        </Button>
      </BackOr>
    </Stack>
  );
}
