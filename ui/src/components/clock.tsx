// Fields for times of day and weekdays, as people say them.

import { ActionIcon, Button, Chip, Fieldset, Group, Input, Stack, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { MAX_TIMES_OF_DAY } from "../bindings";
import { useWords } from "../i18n/useWords";
import { weekdayName, weekOf } from "../lib/format";

/** What a form gives a field, by its name. */
export type Bound = GetInputPropsReturnType & { "data-path"?: string };

/** Times of day in one text, `09:00,14:30`, each in a field of its own. */
export function TimesField({ input }: { input: Bound }) {
  const { t } = useWords();
  const times = String(input.value ?? "").split(",");
  const write = (next: string[]) => input.onChange(next.join(","));
  return (
    <Fieldset variant="unstyled" legend={<Input.Label component="span">{t("Times of day")}</Input.Label>}>
      <Stack gap={4}>
        <Group gap="xs">
          {times.map((time, n) => (
            // Times have no identity but their place.
            <Group key={n} gap={2} wrap="nowrap">
              <TextInput
                type="time"
                aria-label={t("Time {n}", { n: n + 1 })}
                data-path={n === 0 ? input["data-path"] : undefined}
                value={time.trim()}
                error={input.error !== undefined && input.error !== null}
                onChange={({ currentTarget: { value } }) =>
                  write(times.map((one, at) => (at === n ? value : one)))
                }
              />
              {times.length > 1 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t("Remove time {n}", { n: n + 1 })}
                  onClick={() => write(times.filter((_, at) => at !== n))}
                >
                  <IconX size={16} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={times.length >= MAX_TIMES_OF_DAY}
            onClick={() => write([...times, ""])}
          >
            {t("Add a time")}
          </Button>
        </Group>
        {input.error && <Input.Error>{input.error}</Input.Error>}
      </Stack>
    </Fieldset>
  );
}

/** Chosen weekdays, in the order the reader's week has. */
export function WeekdaysField({ input }: { input: Bound }) {
  const { t, locale } = useWords();
  const chosen: number[] = input.value;
  return (
    <Fieldset
      variant="unstyled"
      legend={<Input.Label component="span">{t("Weekdays")}</Input.Label>}
      data-path={input["data-path"]}
      tabIndex={-1}
    >
      <Chip.Group
        multiple
        value={chosen.map(String)}
        onChange={(days) => input.onChange(days.map(Number).sort((a, b) => a - b))}
      >
        <Group gap={6}>
          {weekOf(locale).map((day) => (
            <Chip key={day} value={String(day)} size="sm" variant="outline">
              {weekdayName(day, locale, "short")}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {input.error && <Input.Error mt={4}>{input.error}</Input.Error>}
    </Fieldset>
  );
}
