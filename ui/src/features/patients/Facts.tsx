// What is known of a patient beside the name.

import { Anchor, Group, Text } from "@mantine/core";
import type { Patient } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { ageOn, birthday } from "../../lib/birth";
import { isoDay, longDay } from "../../lib/format";
import { whoIn } from "../../sayings";

export function Facts({ patient: p }: { patient: Patient }) {
  const { t } = useWords();
  const born = useBorn(p.birthDate);
  const known = [
    p.nickname,
    p.reading,
    p.externalRef,
    born,
    p.locale && nameOfLocale(p.locale),
    p.timeZone,
    ...p.tags,
    p.status === "archived" ? t("Archived") : null,
  ].filter(Boolean);
  return (
    <>
      <Group gap="sm">
        {p.phone &&
          (p.phoneUri ? (
            <Anchor href={p.phoneUri} className="row-link">
              {p.phone}
            </Anchor>
          ) : (
            <Text>{p.phone}</Text>
          ))}
        {known.length > 0 && (
          <Text size="sm" c="dimmed">
            {known.join(" · ")}
          </Text>
        )}
      </Group>
      <Consent patient={p} />
      {p.note && (
        <Text size="sm" className="said">
          {p.note}
        </Text>
      )}
    </>
  );
}

/** The day of birth in the reader's calendar, and how old that makes them. */
function useBorn(birthDate: string | null): string | null {
  const { t, locale } = useWords();
  const { now, timeZone } = useClinic();
  if (!birthDate) return null;
  const age = t("{n, plural, one {# year old} other {# years old}}", {
    n: ageOn(birthDate, isoDay(now, timeZone)),
  });
  return `${birthday(birthDate, locale)} (${age})`;
}

function Consent({ patient: p }: { patient: Patient }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  if (!p.consentedAt) {
    return (
      <Text size="sm" c="dimmed">
        {t("Not yet agreed to get messages")}
      </Text>
    );
  }
  const day = longDay(isoDay(Date.parse(p.consentedAt), timeZone), locale);
  return (
    <Text size="sm" c="dimmed">
      {p.consentedBy
        ? t("Agreed to get messages on {day}, noted by {who}", { day, who: whoIn(p.consentedBy, t) })
        : t("Agreed to get messages on {day}", { day })}
    </Text>
  );
}
