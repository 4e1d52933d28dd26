// What each reader decides for this device: language, calendar, colours; and what goes on when
// the screen is closed.

import { Stack, Text, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { Choice } from "../../components/Choice";
import { useClinic, useNow } from "../../components/clinic";
import { Section } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { chooseLocale, LOCALES, type Locale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";
import { calendarOf, calendarsOf, chooseCalendar } from "../../lib/calendar";
import { dayIn } from "../../lib/format";
import { inWindow } from "../../lib/transport";

// A browser has no window of its own.
const OwnWindow = onDemand(async () => (await import("./OwnWindow")).OwnWindow);

export function Looks() {
  const { t, locale } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section id="looks" title={t("This device")}>
      <Text size="sm">{t("For you alone, in this browser or window; others choose for themselves.")}</Text>
      <Named label={t("Language")}>
        <Choice<Locale>
          label={t("Language")}
          value={namesOf(LOCALES).find((one) => one === locale) ?? "en"}
          onChange={(next) => chooseLocale(next)}
          data={namesOf(LOCALES).map((value) => ({
            value,
            label: <span lang={value}>{LOCALES[value]}</span>,
          }))}
        />
      </Named>
      <CalendarChoice />
      <Named label={t("Colours")}>
        <Choice
          label={t("Colours")}
          value={colorScheme}
          onChange={setColorScheme}
          data={[
            { value: "auto", label: t("As the system") },
            { value: "light", label: t("Light colours") },
            { value: "dark", label: t("Dark colours") },
          ]}
        />
      </Named>
      {inWindow ? (
        <Awaited>
          <OwnWindow />
        </Awaited>
      ) : (
        <Named label={t("When this is closed")}>
          <Text size="sm">
            {t("Clinicue goes on sending where it runs; closing this page changes nothing.")}
          </Text>
        </Named>
      )}
    </Section>
  );
}

/** Which calendar, where the reader's language has several; each shows today in it. */
export function CalendarChoice() {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const known = calendarsOf(locale);
  if (known.length === 0) return null;
  return (
    <Named label={t("Calendar")}>
      <Choice
        label={t("Calendar")}
        value={calendarOf(locale) ?? ""}
        onChange={(next) => chooseCalendar(next, locale)}
        data={known.map((value) => ({ value, label: dayIn(value, now, locale, timeZone) }))}
      />
    </Named>
  );
}

function Named({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} aria-hidden>
        {label}
      </Text>
      {children}
    </Stack>
  );
}
