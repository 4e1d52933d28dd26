// When nothing goes out: on a ring, in fields, and in words what that means for a step.

import { Box, Group, List, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import { QuietRing } from "./QuietRing";
import { type Example, examplesOf, minutesOf, type QuietDraft } from "./quiet";

type Props = {
  values: QuietDraft;
  timeZone: string;
  input: (path: keyof QuietDraft, options?: { type: "checkbox" }) => object;
  set: (path: "start" | "end", clock: string) => void;
};

export function QuietHoursFields({ values, timeZone, input, set }: Props) {
  const { t } = useWords();
  const { quiet, silently } = values;
  const [start, end] = [minutesOf(values.start), minutesOf(values.end)];
  const shown = start !== null && end !== null ? { start, end } : null;
  return (
    <Stack>
      <Switch
        label={t("Quiet hours, in the patient's local time")}
        {...input("quiet", { type: "checkbox" })}
      />
      {quiet && (
        <Group align="flex-start" gap="xl">
          {shown && (
            <Box flex="1 1 220px" maw={260}>
              <QuietRing
                {...shown}
                onStart={(clock) => set("start", clock)}
                onEnd={(clock) => set("end", clock)}
              />
            </Box>
          )}
          <Stack flex="1 1 240px" miw={0}>
            <Group maw={320}>
              <TextInput type="time" flex="1 1 130px" label={t("From")} {...input("start")} />
              <TextInput type="time" flex="1 1 130px" label={t("Until")} {...input("end")} />
            </Group>
            <Switch
              label={t("Messages go out without a sound instead of waiting")}
              {...input("silently", { type: "checkbox" })}
            />
            {shown && (
              <Examples examples={examplesOf(shown.start, shown.end, silently)} timeZone={timeZone} />
            )}
          </Stack>
        </Group>
      )}
      {!quiet && <Text size="sm">{t("Messages go out at any hour.")}</Text>}
    </Stack>
  );
}

function Examples({ examples, timeZone }: { examples: Example[]; timeZone: string }) {
  const { t } = useWords();
  const inWords = (example: Example): string => {
    const { due } = example;
    switch (example.outcome) {
      case "onTime":
        return t("A step due {due} goes out at once.", { due });
      case "silent":
        return t("A step due {due} goes out at once, without a sound.", { due });
      case "waits":
        return example.nextDay
          ? t("A step due {due} waits until {until} the next day.", { due, until: example.until })
          : t("A step due {due} waits until {until}.", { due, until: example.until });
    }
  };
  return (
    <Box>
      <Text size="sm" fw={600}>
        {t("For a patient in {zone}:", { zone: timeZone })}
      </Text>
      <List size="sm" aria-label={t("Examples")}>
        {examples.map((example) => (
          <List.Item key={`${example.due} ${example.outcome}`}>{inWords(example)}</List.Item>
        ))}
      </List>
    </Box>
  );
}
