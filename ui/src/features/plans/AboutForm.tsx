// What stands above the steps of a plan: what it is, and whose name its messages bear.

import { Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { memo } from "react";
import { useWords } from "../../i18n/useWords";
import { optionsOf, WHEN_UNREACHABLE } from "../../labels";
import type { About, StepForm } from "./steady";

type Part = {
  /** What is written in it, and what is to be mended: it is drawn anew when one of them changes. */
  about: About;
  wrong: StepForm["errors"];
  write: Omit<StepForm, "errors">;
};

export const AboutForm = memo(function AboutForm({ write }: Part) {
  const { t } = useWords();
  return (
    <>
      <TextInput label={t("Name of the care plan")} withAsterisk {...write.getInputProps("name")} />
      <Textarea label={t("What it is for")} autosize {...write.getInputProps("description")} />
      <NativeSelect
        label={t("While the patient cannot be reached")}
        description={t(
          "Blocked, or not linked. What waits goes out when the patient is back, unless it is too old.",
        )}
        {...write.getInputProps("whenUnreachable")}
        data={optionsOf(WHEN_UNREACHABLE, t)}
      />
      <Group align="flex-start">
        <TextInput
          flex="1 240px"
          label={t("Name of the sender")}
          description={t("Stands above each message in place of the account's name, such as Nurse Nok.")}
          {...write.getInputProps("sender.name")}
        />
        <TextInput
          flex="1 240px"
          label={t("Picture of the sender")}
          description={t("A public address of a PNG.")}
          placeholder="https://"
          {...write.getInputProps("sender.iconUrl")}
        />
      </Group>
    </>
  );
});
