// A field for a length of time, as people say it.

import { Group, NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { optionsOf } from "../labels";
import { MAX_AHEAD_MS } from "../lib/limits";
import type { Bound } from "./clock";

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

/** Seconds as the core reads them, `1d12h`. */
export function delayOf(seconds: number): string {
  const parts: [Unit, number][] = [
    ["d", Math.floor(seconds / UNITS.d)],
    ["h", Math.floor((seconds % UNITS.d) / UNITS.h)],
    ["m", Math.floor((seconds % UNITS.h) / UNITS.m)],
    ["s", seconds % UNITS.m],
  ];
  return parts.flatMap(([unit, n]) => (n > 0 ? [`${n}${unit}`] : [])).join("");
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
        max={Math.floor(MAX_AHEAD_MS / 1_000 / UNITS[shown])}
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
