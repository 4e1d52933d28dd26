// A field for a length of time, as people say it.

import { Group, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { optionsOf } from "../labels";
import { isUnit, secondsOf, UNITS, type Unit, unitOf } from "../lib/delay";
import { MAX_AHEAD_MS } from "../lib/limits";
import { SECOND_MS } from "../lib/units";
import type { Bound } from "./clock";
import { NumberField } from "./NumberField";

/** Seconds are offered only where the length already has some: nobody plans messages to the second. */
const UNIT_LABELS: Record<Unit, Label> = { s: "seconds", m: "minutes", h: "hours", d: "days" };

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
      <NumberField
        label={t("How long after the start")}
        w={210}
        min={1}
        max={Math.floor(MAX_AHEAD_MS / SECOND_MS / UNITS[shown])}
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
