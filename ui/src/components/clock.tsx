// Fields for times of day, weekdays and lengths of time, as people say them.

import {
  ActionIcon,
  Button,
  Chip,
  Fieldset,
  Group,
  Input,
  NativeSelect,
  NumberInput,
  Stack,
  TextInput,
} from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { optionsOf } from "../labels";
import { MAX_TIMES } from "../lib/cron";
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
            disabled={times.length >= MAX_TIMES}
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

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 };
type Unit = keyof typeof UNITS;

/** Seconds are offered where they are written already: a message is no stopwatch. */
const UNIT_LABELS: Record<Unit, Label> = { s: "seconds", m: "minutes", h: "hours", d: "days" };

/** `1d12h` in seconds; null where it is no length of time. */
export function secondsOf(delay: string): number | null {
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(delay);
  if (!parts || delay === "") return null;
  const [, d, h, m, s] = parts.map((part) => Number(part ?? 0));
  return (d ?? 0) * UNITS.d + (h ?? 0) * UNITS.h + (m ?? 0) * UNITS.m + (s ?? 0);
}

const isUnit = (text: string): text is Unit => Object.hasOwn(UNITS, text);

/** The largest unit in which a delay is a whole number. */
function unitOf(delay: string): Unit | null {
  const seconds = secondsOf(delay);
  if (!seconds) return null;
  const order: Unit[] = ["d", "h", "m"];
  return order.find((unit) => seconds % UNITS[unit] === 0) ?? "s";
}

/** A length of time as a number and its unit; it is kept as `2d`. */
export function DelayField({ input }: { input: Bound }) {
  const { t } = useWords();
  const value = String(input.value ?? "");
  const [unit, setUnit] = useState<Unit>(unitOf(value) ?? "d");
  const [wasSeconds] = useState(unit === "s");
  const seconds = secondsOf(value);
  // One that was filled in anew, as by going back, may not be a whole number of the unit.
  const shown = seconds !== null && seconds % UNITS[unit] !== 0 ? (unitOf(value) ?? unit) : unit;
  const amount = seconds === null ? "" : seconds / UNITS[shown];
  const units = optionsOf(UNIT_LABELS, t).filter(({ value }) => value !== "s" || wasSeconds);
  return (
    <Group align="flex-start" gap="xs">
      <NumberInput
        label={t("How long after the start")}
        w={210}
        min={1}
        max={Math.floor((366 * UNITS.d) / UNITS[shown])}
        allowDecimal={false}
        data-path={input["data-path"]}
        error={input.error}
        value={amount}
        onChange={(next) => input.onChange(next === "" ? "" : `${next}${shown}`)}
      />
      <NativeSelect
        label={t("Unit")}
        value={shown}
        data={units}
        onChange={({ currentTarget }) => {
          if (!isUnit(currentTarget.value)) return;
          setUnit(currentTarget.value);
          if (amount !== "") input.onChange(`${amount}${currentTarget.value}`);
        }}
      />
    </Group>
  );
}
