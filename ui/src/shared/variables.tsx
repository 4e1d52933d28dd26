// Variables in texts: a menu that writes one where the cursor stands, and the texts as some
// patient would read them. Which there are and what they need, the core decides (domain/variables).

import { ActionIcon, Textarea, type TextareaProps, TextInput, type TextInputProps } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { memo, type RefObject, useRef } from "react";
import { type Patient, VARIABLES, type VariableName } from "../bindings";
import { useClinicDay } from "../components/clinic";
import { Menu, MenuItem } from "../components/Menu";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { variableDay } from "../lib/format";
import { useSteadily } from "../lib/steadily";
import { useGetSettings } from "../queries";

/** Who reads a text, and of what it is part: that decides which variables it takes. */
export type Place = "step" | "lockScreen" | "message";

/** What each is offered as; a day also in other forms. */
const OFFERED: Record<VariableName, [token: string, label: Label][]> = {
  "patient.name": [["patient.name", "Name of the patient"]],
  "patient.nickname": [["patient.nickname", "What the patient is called"]],
  "clinic.name": [["clinic.name", "Name of the clinic"]],
  "clinic.phone": [["clinic.phone", "Telephone of the clinic"]],
  "step.day": [["step.day", "Day of the follow-up"]],
  date: [
    ["date", "Date"],
    ["date:short", "Date, short"],
    ["date:full", "Date with the day of the week"],
  ],
  "start.date": [["start.date", "Date on which the follow-up began"]],
};

const takenAt = (place: Place) =>
  VARIABLES.filter(
    ({ namesPatient, ofFollowUp }) =>
      !(namesPatient && place === "lockScreen") && !(ofFollowUp && place === "message"),
  ).flatMap(({ name }) => OFFERED[name]);

type Field = HTMLTextAreaElement | HTMLInputElement;

/** Puts a variable where the cursor stands. */
function inserted(field: Field | null, token: string): string {
  const text = field?.value ?? "";
  const [from, to] = [field?.selectionStart ?? text.length, field?.selectionEnd ?? text.length];
  return `${text.slice(0, from)}{{${token}}}${text.slice(to)}`;
}

type Inserting = { place: Place; field: RefObject<Field | null>; onInsert: (text: string) => void };

/** A key press in the field draws the field, not the menu beside it. */
const InsertVariable = memo(function InsertVariable({ place, field, onInsert }: Inserting) {
  const { t } = useWords();
  return (
    <Menu
      target={
        <ActionIcon variant="subtle" color="gray" data-aside aria-label={t("Insert a variable")}>
          <IconBraces size={18} aria-hidden />
        </ActionIcon>
      }
    >
      {takenAt(place).map(([token, label]) => (
        <MenuItem key={token} onClick={() => onInsert(inserted(field.current, token))}>
          {t(label)}
        </MenuItem>
      ))}
    </Menu>
  );
});

/** The new text, however it came about; a form takes it as it takes an event. */
type Written = { place: Place; onChange?: (text: string) => void };

export function TextWithVariables({ place, onChange, ...props }: Written & Omit<TextareaProps, "onChange">) {
  const field = useRef<HTMLTextAreaElement>(null);
  const write = useSteadily((text: string) => onChange?.(text));
  return (
    <Textarea
      {...props}
      ref={field}
      onChange={(event) => write(event.currentTarget.value)}
      rightSection={<InsertVariable place={place} field={field} onInsert={write} />}
    />
  );
}

export function LineWithVariables({ place, onChange, ...props }: Written & Omit<TextInputProps, "onChange">) {
  const field = useRef<HTMLInputElement>(null);
  const write = useSteadily((text: string) => onChange?.(text));
  return (
    <TextInput
      {...props}
      ref={field}
      onChange={(event) => write(event.currentTarget.value)}
      rightSection={<InsertVariable place={place} field={field} onInsert={write} />}
    />
  );
}

const VARIABLE = /\{\{\{\{|\{\{([^{}]*)\}\}/g;

/** Who reads a text: what the variables say of them. */
type Reader = Pick<Patient, "displayName" | "nickname" | "language">;

/**
 * Fills in texts as this patient reads them, or as some patient would; what is no variable stays as
 * it is, and so does what has no value. `goesOn` is the day on which it is planned to go, YYYY-MM-DD:
 * what hangs on the start is then no example any more, and stays as well.
 */
export function useExample(reader?: Reader, goesOn?: string): <T>(said: T) => T {
  const { t, locale } = useWords();
  const { clinicName, today } = useClinicDay();
  const settings = useGetSettings({}, { enabled: reader !== undefined });
  const language = reader?.language ?? locale;
  const date = new Date(`${goesOn ?? today}T12:00`);
  const day = (form: string) => variableDay(date, form, language);
  const phone = reader ? settings.data?.clinicPhone : "02-123-4567";
  const values: Record<VariableName, (form: string, fallback?: string) => string | null | undefined> = {
    "patient.name": () => (reader ? reader.displayName : t("Anna Miller")),
    "patient.nickname": (_, fallback) =>
      reader ? (reader.nickname ?? fallback ?? reader.displayName) : t("Anna"),
    "clinic.name": () => clinicName,
    "clinic.phone": (_, fallback) => phone ?? fallback,
    "step.day": () => (goesOn ? null : "3"),
    date: day,
    "start.date": (form) => (goesOn ? null : day(form)),
  };
  const fill = (text: string) =>
    text.replace(VARIABLE, (whole, inside?: string) => {
      if (inside === undefined) return "{{";
      // The words in its place may have any sign in them but braces.
      const bar = inside.indexOf("|");
      const [variable, fallback] =
        bar < 0 ? [inside, undefined] : [inside.slice(0, bar), inside.slice(bar + 1)];
      const [name = "", form = "long"] = variable.split(":").map((part) => part.trim());
      if (!Object.hasOwn(values, name)) return whole;
      return values[name as VariableName](form, fallback?.trim()) ?? whole;
    });
  const within = (said: unknown): unknown => {
    if (typeof said === "string") return said.includes("{{") ? fill(said) : said;
    if (Array.isArray(said)) return said.map(within);
    if (typeof said !== "object" || said === null) return said;
    return Object.fromEntries(Object.entries(said).map(([name, part]) => [name, within(part)]));
  };
  return (said) => within(said) as typeof said;
}
